/** Something that the hub is asked for over REST when it is shown, and again when it may have changed. */
import { useSignal } from "@preact/signals";
import { useCallback, useEffect } from "preact/hooks";
import { usePage } from "./context.ts";

interface Known<T> {
  /** Null until it is known. */
  readonly value: T | null;
  /** Why it is not known, or is old. */
  readonly fault: string | null;
}

export interface Remote<T> extends Known<T> {
  reload(): void;
}

/** @param load asks for it; another one is asked anew */
export function useRemote<T>(load: () => Promise<T>): Remote<T> {
  const known = useSignal<Known<T>>({ value: null, fault: null });
  const round = useSignal(0);
  const live = usePage().live.value;
  const asked = round.value;
  useEffect(() => {
    let isCurrent = true;
    const tell = (next: Known<T>): void => {
      if (isCurrent) known.value = next;
    };
    if (!live) return;
    void load().then(
      (value) => tell({ value, fault: null }),
      (error: Error) => tell({ ...known.peek(), fault: error.message }),
    );
    return () => {
      isCurrent = false;
    };
  }, [load, live, asked, known]);
  const reload = useCallback(() => {
    round.value += 1;
  }, [round]);
  return { ...known.value, reload };
}
