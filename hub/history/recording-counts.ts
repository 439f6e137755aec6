/**
 * Keeps the count of each recording that of the samples in its file, at any moment. Called by the stores, which have the samples.
 *
 * What comes is counted as it comes. Only what lies ahead of the hub's clock is not in the file of a recording that runs until the clock
 * gets there, if it ever does: a device may be ahead by a little, and a clock of the hub that was set back passes the same times again.
 */
import {
  HALF_STEP_MS,
  isMember,
  type RecordingBook,
  type StoredRecording,
  touches,
  unionOf,
} from "./recording-book.ts";
import type { Span } from "./store.ts";

export interface CountedSeries {
  readonly device: string;
  /** Time of its newest sample. */
  readonly last: number;
}

export interface CountParts<S extends CountedSeries> {
  readonly book: RecordingBook;
  readonly series: () => Iterable<S>;
  /** Samples in [from, to). */
  readonly count: (series: S, from: number, to: number) => number;
}

interface Stretch {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export class RecordingCounts<S extends CountedSeries> {
  readonly #parts: CountParts<S>;
  /** By recording that runs: series with samples that are ahead, and the time before which they are counted. */
  readonly #ahead = new Map<string, Map<S, number>>();

  constructor(parts: CountParts<S>) {
    this.#parts = parts;
  }

  /** Samples of one series were taken. @param times in any order */
  took(series: S, times: Float64Array, now: number): void {
    const { book } = this.#parts;
    const [first, last] = bounds(times);
    for (const recording of book.touching(series.device, first, last)) {
      const ahead = this.#ahead.get(recording.id);
      const end = ahead?.get(series) ?? this.#end(recording, now);
      book.add(recording.id, countIn(recording.spans, times, end));
      if (last >= end) ahead?.set(series, end);
    }
  }

  /** A recording was started. */
  begin(id: string, now: number): void {
    const { book, series } = this.#parts;
    const recording = book.find(id);
    const from = recording.spans.at(-1)?.from ?? now;
    const ahead = new Map<S, number>();
    for (const one of series()) if (isMember(recording, one.device) && one.last >= from) ahead.set(one, from);
    this.#ahead.set(id, ahead);
    this.settle(id, now);
  }

  /** As if it had never been started. */
  forget(id: string): void {
    this.#ahead.delete(id);
  }

  /** Those that run are counted anew: the store was opened. */
  resume(now: number): void {
    const { book, series, count } = this.#parts;
    for (const { id, spans, devices } of book.running()) {
      const past = unionOf(spans.filter(({ to }) => to !== null));
      let samples = 0;
      for (const one of series()) {
        if (!isMember({ devices }, one.device)) continue;
        for (const { from, to } of past) samples += count(one, from, to + HALF_STEP_MS);
      }
      book.add(id, samples - book.find(id).samples);
      this.begin(id, now);
    }
  }

  /** The hub's clock was set, from `before` to `after`: what runs goes on there. */
  noteClock(before: number, after: number, now: number): void {
    const { book } = this.#parts;
    this.settleAll(before);
    book.noteClock(before, after);
    for (const { id } of book.running()) this.begin(id, now);
  }

  settleAll(now: number): void {
    for (const { id } of this.#parts.book.running()) this.settle(id, now);
  }

  /** Counts what is no more ahead. Called before a recording is shown, and before and after it is changed. @throws PharosError NOT_FOUND */
  settle(id: string, now: number): void {
    const { book, count } = this.#parts;
    const recording = book.find(id);
    const ahead = this.#ahead.get(id);
    if (recording.stoppedAt !== null) this.#ahead.delete(id);
    if (ahead === undefined || recording.stoppedAt !== null) return;
    const end = this.#end(recording, now);
    let samples = 0;
    for (const [series, counted] of ahead) {
      for (const { from, to } of openStretches(recording, counted, end)) samples += count(series, from, to);
      if (series.last < end) ahead.delete(series);
      else ahead.set(series, end);
    }
    book.add(id, samples);
  }

  /** What is not before it is not in the file now. */
  #end({ id, stoppedAt }: StoredRecording, now: number): number {
    return stoppedAt === null ? this.#parts.book.reach(id, now) + HALF_STEP_MS : Number.POSITIVE_INFINITY;
  }
}

/** Samples in spans; in one that goes on, those before `end`. */
function countIn(spans: readonly Span[], times: Float64Array, end: number): number {
  let count = 0;
  for (const time of times) {
    if (spans.some((span) => touches(span, time, time) && (span.to !== null || time < end))) count++;
  }
  return count;
}

/** What belongs to the recording from `counted` to `end` by the span that goes on, and by no other. */
function openStretches({ spans }: StoredRecording, counted: number, end: number): readonly Stretch[] {
  const open = spans.find(({ to }) => to === null);
  if (open === undefined) return [];
  let at = Math.max(open.from, counted);
  const stretches: Stretch[] = [];
  for (const { from, to } of unionOf(spans.filter((span) => span.to !== null))) {
    if (from >= end) break;
    if (from > at) stretches.push({ from: at, to: from });
    at = Math.max(at, to + HALF_STEP_MS);
  }
  if (at < end) stretches.push({ from: at, to: end });
  return stretches;
}

function bounds(times: Float64Array): readonly [number, number] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of times) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return [first, last];
}
