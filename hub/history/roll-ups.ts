/** Samples rolled up by periods: one entry for each period in which there was one. Called by the stores. */
import type { SampleRun } from "./sample-run.ts";

/** Levels of detail, from the finest: raw samples and three kinds of roll-ups. */
export const PERIODS_MS = [0, 10_000, 60_000, 3_600_000] as const;
export const ROLL_UP_LEVELS = [1, 2, 3] as const;
/** All periods divide it: what is deleted for its age ends here, so that no roll-up is cut. */
export const COMMON_PERIOD_MS = 3_600_000;

const COLUMNS = 6;

export interface RollUp {
  /** Of the newest sample in it: it tells the period too. */
  readonly lastTime: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly last: number;
}

/** Entries in order of time, in one growing array. */
export class RollUps {
  #data: Float64Array;
  length = 0;

  constructor(capacity = 16) {
    this.#data = new Float64Array(capacity * COLUMNS);
  }

  push({ lastTime, count, min, max, mean, last }: RollUp): void {
    if ((this.length + 1) * COLUMNS > this.#data.length) this.#grow();
    this.#data.set([lastTime, count, min, max, mean, last], this.length * COLUMNS);
    this.length++;
  }

  entry(i: number): RollUp {
    const at = i * COLUMNS;
    const [lastTime = 0, count = 0, min = 0, max = 0, mean = 0, last = 0] = this.#data.subarray(at, at + COLUMNS);
    return { lastTime, count, min, max, mean, last };
  }

  lastTime(i: number): number {
    return this.#data[i * COLUMNS] ?? Number.NaN;
  }

  /** One column by its index in an entry: for the codec. */
  column(index: number): Float64Array {
    const column = new Float64Array(this.length);
    for (let i = 0; i < this.length; i++) column[i] = this.#data[i * COLUMNS + index] ?? 0;
    return column;
  }

  #grow(): void {
    const grown = new Float64Array(Math.max(COLUMNS * 16, this.#data.length * 2));
    grown.set(this.#data);
    this.#data = grown;
  }
}

/** @param run sorted */
export function rollUp(run: SampleRun, periodMs: number): RollUps {
  const entries = new RollUps();
  let start = 0;
  while (start < run.length) {
    const end = endOfPeriod(run, start, periodMs);
    entries.push(summarize(run, start, end));
    start = end;
  }
  return entries;
}

function endOfPeriod(run: SampleRun, start: number, periodMs: number): number {
  const next = (Math.floor(run.time(start) / periodMs) + 1) * periodMs;
  let end = start + 1;
  while (end < run.length && run.time(end) < next) end++;
  return end;
}

function summarize(run: SampleRun, start: number, end: number): RollUp {
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = start; i < end; i++) {
    const value = run.value(i);
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  const count = end - start;
  const mean = boundedMean(sum / count, min, max);
  return { lastTime: run.time(end - 1), count, min, max, mean, last: run.value(end - 1) };
}

/** The sum of huge values is none, and rounding may leave the bounds. */
export function boundedMean(mean: number, min: number, max: number): number {
  if (!Number.isFinite(mean)) return min / 2 + max / 2;
  return Math.min(max, Math.max(min, mean));
}

/** Two entries of the same period as one; of the same last time, that of `b` is the newer. */
export function mergeRollUp(a: RollUp, b: RollUp): RollUp {
  const count = a.count + b.count;
  const min = Math.min(a.min, b.min);
  const max = Math.max(a.max, b.max);
  const mean = boundedMean(a.mean * (a.count / count) + b.mean * (b.count / count), min, max);
  const newer = b.lastTime >= a.lastTime ? b : a;
  return { lastTime: newer.lastTime, count, min, max, mean, last: newer.last };
}

/** Both in order of time, those of the same period as one. */
export function mergeRollUps(a: RollUps, b: RollUps, periodMs: number): RollUps {
  const merged = new RollUps(a.length + b.length);
  let [i, k] = [0, 0];
  while (i < a.length || k < b.length) {
    const periodA = i < a.length ? Math.floor(a.lastTime(i) / periodMs) : Number.POSITIVE_INFINITY;
    const periodB = k < b.length ? Math.floor(b.lastTime(k) / periodMs) : Number.POSITIVE_INFINITY;
    if (periodA === periodB) merged.push(mergeRollUp(a.entry(i++), b.entry(k++)));
    else merged.push(periodA < periodB ? a.entry(i++) : b.entry(k++));
  }
  return merged;
}
