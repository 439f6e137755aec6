/** Gathers samples and roll-ups into the points of an answer, extremes kept. Called by the stores; pure. */
import type { Segment } from "./plan.ts";
import { boundedMean, mergeRollUp, type RollUp, type RollUps } from "./roll-ups.ts";
import type { SampleRun } from "./sample-run.ts";
import type { Point } from "./store.ts";

/** The points of one segment, in order of time as they come. */
export class Buckets {
  readonly #segment: Segment;
  readonly #merged = new Map<number, RollUp>();

  constructor(segment: Segment) {
    this.#segment = segment;
  }

  /** @param run sorted */
  addSamples(run: SampleRun): void {
    const { from, to } = this.#segment;
    let i = run.indexOf(from);
    while (i < run.length && run.time(i) < to) i = this.#addBucket(run, i);
  }

  addRollUps(entries: RollUps, periodMs: number): void {
    const { from, to } = this.#segment;
    for (let i = 0; i < entries.length; i++) {
      const start = Math.floor(entries.lastTime(i) / periodMs) * periodMs;
      if (start >= from && start < to) this.#add(this.#indexOf(start), entries.entry(i));
    }
  }

  /** Sorted; the number beside each point is how many samples it stands for. */
  *points(): Iterable<readonly [Point, number]> {
    const { from, width } = this.#segment;
    for (const index of [...this.#merged.keys()].sort((a, b) => a - b)) {
      const entry = this.#merged.get(index);
      if (entry === undefined) continue;
      yield [[from + index * width, entry.min, entry.max, entry.mean, entry.last], entry.count];
    }
  }

  /** Of a long run, without an object for each sample. @returns the index of the first sample in a later bucket */
  #addBucket(run: SampleRun, start: number): number {
    const index = this.#indexOf(run.time(start));
    const { from, to, width } = this.#segment;
    const end = Math.min(to, from + (index + 1) * width);
    let [min, max, sum, i] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, start];
    do {
      const value = run.values[i] ?? Number.NaN;
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
      i++;
    } while (i < run.length && (run.times[i] ?? end) < end);
    const count = i - start;
    this.#add(index, {
      lastTime: run.time(i - 1),
      count,
      min,
      max,
      mean: boundedMean(sum / count, min, max),
      last: run.value(i - 1),
    });
    return i;
  }

  #indexOf(time: number): number {
    return Math.floor((time - this.#segment.from) / this.#segment.width);
  }

  #add(index: number, entry: RollUp): void {
    const there = this.#merged.get(index);
    this.#merged.set(index, there === undefined ? entry : mergeRollUp(there, entry));
  }
}

/** At most `most` points: neighbours become one, evenly, as many as need be. */
export function limitPoints(points: ReadonlyArray<readonly [Point, number]>, most: number): readonly Point[] {
  let list = points;
  while (list.length > most) list = joinSome(list, list.length - most);
  return list.map(([point]) => point);
}

function joinSome(
  list: ReadonlyArray<readonly [Point, number]>,
  excess: number,
): ReadonlyArray<readonly [Point, number]> {
  const pairs = Math.floor(list.length / 2);
  const joined: Array<readonly [Point, number]> = [];
  for (let i = 0; i < list.length; i += 2) {
    const [a, b] = [list[i], list[i + 1]];
    if (a === undefined) continue;
    const share = Math.min(1, excess / pairs);
    const isJoined = Math.floor((i / 2 + 1) * share) > Math.floor((i / 2) * share);
    if (b === undefined) joined.push(a);
    else if (isJoined) joined.push(joinPoints(a, b));
    else joined.push(a, b);
  }
  return joined;
}

function joinPoints(
  [[time, min, max, mean], count]: readonly [Point, number],
  [[, minB, maxB, meanB, last], countB]: readonly [Point, number],
): readonly [Point, number] {
  const total = count + countB;
  const joined = mean * (count / total) + meanB * (countB / total);
  return [[time, Math.min(min, minB), Math.max(max, maxB), joined, last], total];
}

/** Few enough samples are points themselves, at their own times. */
export function samplePoints(run: SampleRun): Point[] {
  return Array.from({ length: run.length }, (_, i) => {
    const value = run.value(i);
    return [run.time(i), value, value, value, value];
  });
}
