/** Walks through a recording from its first sample to its last, a window of time at a time, so that memory stays bounded. Called by the engine. */
import { type SeriesRun, toRows } from "../export-rows.ts";
import { HISTORY_LIMITS } from "../history-limits.ts";
import { endedSpans, HALF_STEP_MS, unionOf } from "../recording-book.ts";
import type { Row, Span } from "../store.ts";
import type { Answers } from "./answers.ts";
import type { OpenSeries } from "./open-series.ts";

const FIRST_WINDOW_MS = 1_000;
const LEAST_WINDOW_MS = 1;
const MOST_WINDOW_MS = 7 * 86_400_000;
/** So many empty windows in one call: others wait for the answer to it. */
const WINDOWS_A_CALL = 32;

export class ExportCursor {
  readonly #answers: Answers;
  readonly #series: readonly OpenSeries[];
  readonly #stretches: Array<{ readonly from: number; readonly to: number }>;
  #window = FIRST_WINDOW_MS;
  #at: number;

  /** @param until where a span that goes on ends */
  constructor(answers: Answers, series: readonly OpenSeries[], spans: readonly Span[], from: number, until: number) {
    this.#answers = answers;
    this.#series = series;
    this.#stretches = unionOf(endedSpans(spans, until)).flatMap((span) => {
      const start = Math.max(span.from, from);
      const end = span.to + HALF_STEP_MS;
      return start < end ? [{ from: start, to: end }] : [];
    });
    this.#at = this.#stretches[0]?.from ?? 0;
  }

  /** Names of what has samples in it, sorted. */
  properties(): readonly string[] {
    const has = (series: OpenSeries): boolean =>
      this.#stretches.some(({ from, to }) => this.#answers.count(series, from, to) > 0);
    return [...new Set(this.#series.filter(has).map(({ property }) => property))].sort();
  }

  /** The next rows, perhaps none yet; null at the end. */
  next(): readonly Row[] | null {
    for (let i = 0; i < WINDOWS_A_CALL; i++) {
      const [stretch] = this.#stretches;
      if (stretch === undefined) return null;
      const end = Math.min(this.#at + this.#window, stretch.to);
      const runs = this.#read(this.#at, end);
      if (runs === null) continue;
      this.#moveTo(end, stretch.to);
      if (runs.length > 0) return toRows(runs);
    }
    return [];
  }

  /** Null when it was too much at once: the window is smaller then. */
  #read(from: number, to: number): readonly SeriesRun[] | null {
    const runs: SeriesRun[] = [];
    let samples = 0;
    for (const series of this.#series) {
      if (series.last < from || series.first >= to) continue;
      const run = this.#answers.samples(series, from, to);
      samples += run.length;
      if (run.length > 0) runs.push({ device: series.device, property: series.property, run });
      if (samples > HISTORY_LIMITS.exportSamples * 2 && this.#window > LEAST_WINDOW_MS) {
        this.#window = Math.max(LEAST_WINDOW_MS, this.#window / 4);
        return null;
      }
    }
    if (samples < HISTORY_LIMITS.exportSamples / 2) this.#window = Math.min(MOST_WINDOW_MS, this.#window * 2);
    return runs;
  }

  #moveTo(end: number, stretchEnd: number): void {
    this.#at = end;
    if (end < stretchEnd) return;
    this.#stretches.shift();
    this.#at = this.#stretches[0]?.from ?? end;
  }
}
