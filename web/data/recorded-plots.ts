/** What of a recording can be plotted, also of devices that are gone. Called by the data room. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RecordingView } from "#protocol/recordings.ts";
import { type PlotSpec, specFromHistory } from "./model/catalog.ts";
import type { HistoryClient, SeriesView } from "./model/history-client.ts";

/** @returns null while it is asked for, and without a recording */
export function useRecordedPlots(
  recording: RecordingView | null,
  live: readonly PlotSpec[],
  client: HistoryClient,
): readonly PlotSpec[] | null {
  const found = useSignal<{ readonly id: string; readonly specs: readonly PlotSpec[] } | null>(null);
  const id = recording?.id ?? null;
  useEffect(() => {
    let isCurrent = true;
    if (recording === null || found.peek()?.id === recording.id) return;
    const enter = (series: readonly SeriesView[]): void => {
      if (isCurrent) found.value = { id: recording.id, specs: plotsIn(recording, series, live) };
    };
    client.series().then(enter, () => enter([]));
    return () => {
      isCurrent = false;
    };
  }, [id]);
  return found.value !== null && found.value.id === id ? found.value.specs : null;
}

function plotsIn(
  { devices, spans, stoppedAt }: RecordingView,
  series: readonly SeriesView[],
  live: readonly PlotSpec[],
): readonly PlotSpec[] {
  const [from, to] = [spans[0]?.from ?? 0, stoppedAt ?? Number.POSITIVE_INFINITY];
  const inside = series.filter(
    ({ device, first, last }) => (devices?.includes(device) ?? true) && first <= to && last >= from,
  );
  return [...new Set(inside.map(({ device }) => device))].flatMap((device) => {
    const names = new Set(inside.filter((one) => one.device === device).map(({ property }) => property));
    const known = live.filter(
      (spec) => spec.device === device && spec.series.some(({ property }) => names.has(property)),
    );
    for (const { property } of known.flatMap(({ series }) => series)) names.delete(property);
    return [...known, ...specFromHistory(device, [...names])];
  });
}
