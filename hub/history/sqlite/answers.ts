/** Answers questions about samples from chunks, roll-ups and what is still in memory. Called by the engine. */
import { Buckets, limitPoints, samplePoints } from "../buckets.ts";
import { HISTORY_LIMITS } from "../history-limits.ts";
import { type Coverage, planAnswer, type Segment } from "../plan.ts";
import { PERIODS_MS, rollUp } from "../roll-ups.ts";
import { SampleRun } from "../sample-run.ts";
import type { Point } from "../store.ts";
import type { HistoryTables } from "./history-tables.ts";
import type { OpenSeries } from "./open-series.ts";

interface Range {
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

export class Answers {
  readonly #tables: HistoryTables;

  constructor(tables: HistoryTables) {
    this.#tables = tables;
  }

  query(series: OpenSeries, { from, to, points }: Range, coverage: Coverage): readonly Point[] {
    const most = Math.min(Math.floor(points), HISTORY_LIMITS.points);
    if (!(to > from && most >= 1)) return [];
    const samples = this.count(series, from, to);
    const segments = planAnswer({ from, to, points: most, samples }, coverage);
    const isRaw = segments.every(({ level }) => level === 0);
    if (isRaw && samples <= most) return samplePoints(this.samples(series, from, to));
    const open = series.run.sorted();
    const filled = segments.flatMap((segment) => [...this.#fill(series, segment, open).points()]);
    return limitPoints(filled, most);
  }

  /** Samples in [from, to). */
  count(series: OpenSeries, from: number, to: number): number {
    return this.#tables.chunks.count(series.number, from, to) + countIn(series.run, from, to);
  }

  /** Samples in [from, to), sorted. */
  samples(series: OpenSeries, from: number, to: number): SampleRun {
    const all = new SampleRun();
    for (const run of this.#tables.chunks.read(series.number, from, to)) all.pushAll(run.between(from, to));
    const open = series.run.sorted().between(from, to);
    all.pushAll(open);
    return all.sorted();
  }

  #fill(series: OpenSeries, segment: Segment, open: SampleRun): Buckets {
    const buckets = new Buckets(segment);
    const { from, to, level } = segment;
    const period = PERIODS_MS[level] ?? 0;
    if (period === 0) {
      for (const run of this.#tables.chunks.read(series.number, from, to)) buckets.addSamples(run);
      buckets.addSamples(open);
      return buckets;
    }
    for (const entries of this.#tables.rollUps.read(series.number, level, from, to))
      buckets.addRollUps(entries, period);
    buckets.addRollUps(rollUp(open.between(from, Math.ceil(to / period) * period), period), period);
    return buckets;
  }
}

function countIn(run: SampleRun, from: number, to: number): number {
  let count = 0;
  for (let i = 0; i < run.length; i++) if (run.time(i) >= from && run.time(i) < to) count++;
  return count;
}
