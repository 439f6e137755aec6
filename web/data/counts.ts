/** How many samples running recordings have, asked each second: the hub tells pages of changes, and not of each sample. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RecordingView } from "#protocol/recordings.ts";
import { usePage } from "../ui/context.ts";

const EVERY_MS = 1_000;

/** @returns samples by the id of the recording */
export function useCounts(): ReadonlyMap<string, number> {
  const { live, clock } = usePage();
  const counts = useSignal<ReadonlyMap<string, number>>(new Map());
  useEffect(() => {
    let cancel = (): void => {};
    const gone = new AbortController();
    async function look(): Promise<void> {
      if (live.peek() && document.visibilityState === "visible") counts.value = await askCounts(gone.signal);
    }
    const next = (): void => {
      if (gone.signal.aborted) return;
      // An answer that does not come leaves the counts as they were.
      void look()
        .catch(() => {})
        .then(() => {
          if (!gone.signal.aborted) cancel = clock.after(EVERY_MS, next);
        });
    };
    next();
    return () => {
      gone.abort();
      cancel();
    };
  }, [live, clock, counts]);
  return counts.value;
}

async function askCounts(signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const response = await fetch("/api/acquisition", { signal });
  const { running } = (await response.json()) as { running: readonly RecordingView[] };
  return new Map(running.map(({ id, samples }) => [id, samples]));
}
