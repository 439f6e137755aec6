/** Takes the history of a device away, but for what belongs to recordings. Called by the engine. */
import { isInside, touches } from "../recording-book.ts";
import { SampleRun } from "../sample-run.ts";
import type { Span } from "../store.ts";
import type { HistoryTables } from "./history-tables.ts";
import type { OpenSeries } from "./open-series.ts";
import type { SeriesTable } from "./series-table.ts";

/** @param lastRow the newest journal row; all is committed @throws what SQLite says */
export function removeHistory(
  tables: HistoryTables,
  table: SeriesTable,
  device: string,
  spans: readonly Span[],
  lastRow: number,
): void {
  const gone: OpenSeries[] = [];
  const kept: OpenSeries[] = [];
  for (const series of table.ofDevice(device)) {
    const hasKept = spans.some((span) => touches(span, series.first, series.last));
    (hasKept ? kept : gone).push(series);
  }
  const thinned: Thinned[] = [];
  tables.db
    .transaction(() => {
      // What it had is removed bit by bit: it may be much.
      for (const series of gone) tables.meta.removeSeries(series.number);
      for (const series of kept) thinned.push(thinOut(tables, series, spans, lastRow));
    })
    .immediate();
  for (const series of gone) table.remove(series);
  for (const { series, ...rest } of thinned) {
    series.wasSealed(lastRow);
    series.forgetTimes();
    Object.assign(series, rest);
    if (rest.samples === 0) table.remove(series);
  }
  table.wereCommitted();
}

interface Thinned {
  readonly series: OpenSeries;
  readonly samples: number;
  readonly first: number;
  readonly last: number;
}

/** Leaves what belongs to recordings, in chunks, and rolls that up anew. */
function thinOut(tables: HistoryTables, series: OpenSeries, spans: readonly Span[], lastRow: number): Thinned {
  tables.rollUps.removeSome(series.number, -1);
  tables.chunks.add(series.number, filter(series.run.sorted(), spans));
  let [samples, first, last] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { number } of tables.chunks.list(series.number)) {
    const run = tables.chunks.readOne(number);
    const left = run === null ? new SampleRun() : filter(run, spans);
    if (run === null || left.length < run.length) tables.chunks.rewrite(number, left);
    if (left.length === 0) continue;
    tables.rollUps.add(series.number, left);
    samples += left.length;
    first = Math.min(first, left.time(0));
    last = Math.max(last, left.time(left.length - 1));
  }
  if (samples === 0) tables.meta.removeSeries(series.number);
  else tables.meta.writeSeries(series, { first, last, samples, journalUntil: lastRow });
  return { series, samples, first, last };
}

function filter(run: SampleRun, spans: readonly Span[]): SampleRun {
  const kept = new SampleRun();
  for (let i = 0; i < run.length; i++) if (isInside(spans, run.time(i))) kept.pushAll(run, i, i + 1);
  return kept;
}
