/** Removes what is too old, or too much for the disk cap, a little at a time. Called by the engine between commits. */
import type { ClockWatch, Moment } from "../clock-watch.ts";
import { HISTORY_LIMITS, type HistorySettings } from "../history-limits.ts";
import { type RecordingBook, touches } from "../recording-book.ts";
import { COMMON_PERIOD_MS, ROLL_UP_LEVELS } from "../roll-ups.ts";
import type { ChunkAge, ChunkInfo } from "./chunk-table.ts";
import type { HistoryTables } from "./history-tables.ts";
import { blockMsOf } from "./roll-up-table.ts";
import type { SeriesTable } from "./series-table.ts";

/** Removed in one transaction: a few ms. */
const STEP = 50;
/** Pages given back to the disk in one step, and the share of free ones that is left for what comes. */
const VACUUM_PAGES = 200;
const FREE_SHARE = 0.1;
/** Below the cap by so much when the disk cap has taken something: else it would at every commit. */
const CAP_SLACK = 0.98;

export interface RetentionParts {
  readonly tables: HistoryTables;
  readonly series: SeriesTable;
  readonly book: RecordingBook;
  readonly watch: ClockWatch;
  readonly settings: HistorySettings;
  /** By level; changed here. */
  readonly horizons: number[];
  readonly notice: (sentence: string) => void;
  /** Monotonic ms, for slices: no matter of the hub's time. */
  readonly stopwatch: () => number;
}

export class Retention {
  readonly #parts: RetentionParts;
  #pass: Iterator<void> | null = null;
  #nextPass = Number.NEGATIVE_INFINITY;
  #toldOfCap = false;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** Goes on for a slice of time. @throws what SQLite says; it goes on the next time */
  work(moment: Moment): void {
    const { stopwatch } = this.#parts;
    const end = stopwatch() + HISTORY_LIMITS.sliceMs;
    if (this.#pass === null) {
      if (moment.monotonic < this.#nextPass && (this.#toldOfCap || !this.#isOverCap())) return;
      this.#nextPass = moment.monotonic + HISTORY_LIMITS.retentionMs;
      this.#pass = this.#sweep(moment);
    }
    try {
      while (stopwatch() < end) {
        if (!this.#pass.next().done) continue;
        this.#pass = null;
        return;
      }
    } catch (error) {
      this.#pass = null;
      throw error;
    }
  }

  *#sweep(moment: Moment): Generator<void> {
    const { book, settings, watch } = this.#parts;
    yield* this.#removeGarbage();
    // A clock that was just set may be wrong by years.
    if (watch.isSteady(moment.monotonic)) {
      book.purge(moment.now - settings.undoMs);
      yield* this.#removeRaw(moment.now - settings.rawMs);
      const kept = [0, settings.tenSecondsMs, settings.minuteMs, settings.hourMs];
      for (const level of ROLL_UP_LEVELS) yield* this.#removeRollUps(level, moment.now - (kept[level] ?? 0));
      this.#forgetEmpty();
    }
    yield* this.#keepToCap(moment.now);
    yield* this.#vacuum();
  }

  *#removeGarbage(): Generator<void> {
    const { meta, chunks, rollUps } = this.#parts.tables;
    for (const number of meta.removedSeries()) {
      for (let more = true; more; ) {
        this.#write(() => {
          more = chunks.removeSome(number, STEP) + rollUps.removeSome(number, STEP) > 0;
          if (!more) meta.forgetRemoved(number);
        });
        yield;
      }
    }
  }

  /** Raw samples older than `time` that are in no recording. */
  *#removeRaw(time: number): Generator<void> {
    const cutoff = Math.floor(time / COMMON_PERIOD_MS) * COMMON_PERIOD_MS;
    const { horizons, tables } = this.#parts;
    let after: ChunkAge = { last: 0, number: 0 };
    for (;;) {
      const old = tables.chunks.listOld(cutoff, STEP, after);
      const end = old.at(-1);
      if (end === undefined) break;
      after = end;
      horizons[0] = Math.max(horizons[0] ?? 0, cutoff);
      this.#removeChunks(old);
      yield;
    }
  }

  #removeChunks(old: ReadonlyArray<ChunkInfo & { readonly series: number }>): void {
    const { book, series: table, tables } = this.#parts;
    this.#write(() => {
      for (const { number, first, last, samples, series: owner } of old) {
        const series = table.get(owner);
        const spans = series === undefined ? [] : book.keptSpans(series.device);
        if (spans.some((span) => touches(span, first, last))) continue;
        tables.chunks.remove(number);
        if (series === undefined) continue;
        series.samples -= samples;
        series.forgetTimes();
        const sealed = series.samples - series.run.length;
        const { first: from, last: to, journalUntil } = series;
        tables.meta.writeSeries(series, { first: from, last: to, samples: sealed, journalUntil });
      }
    });
  }

  *#removeRollUps(level: number, time: number): Generator<void> {
    const cutoff = Math.floor(time / COMMON_PERIOD_MS) * COMMON_PERIOD_MS;
    const { horizons, tables } = this.#parts;
    for (;;) {
      const oldest = tables.rollUps.oldest(level);
      if (oldest === null || oldest + blockMsOf(level) > cutoff) return;
      horizons[level] = Math.max(horizons[level] ?? 0, cutoff);
      let removed = 0;
      this.#write(() => {
        removed = tables.rollUps.removeOld(level, cutoff, STEP);
      });
      if (removed === 0) return;
      yield;
    }
  }

  /** What of a series is gone altogether is no series any more; where its beginning is gone, it begins later. */
  #forgetEmpty(): void {
    const { horizons, series: table, tables } = this.#parts;
    const coarsest = Math.min(...horizons);
    for (const series of table.all()) {
      if (series.first >= coarsest || coarsest <= 0) continue;
      const chunk = tables.chunks.list(series.number, 0, 1)[0]?.first ?? Number.POSITIVE_INFINITY;
      const open = series.run.length > 0 ? series.run.sorted().time(0) : Number.POSITIVE_INFINITY;
      series.first = Math.min(chunk, open, tables.rollUps.oldestOf(series.number) ?? Number.POSITIVE_INFINITY);
      if (Number.isFinite(series.first)) continue;
      this.#write(() => tables.meta.removeSeries(series.number));
      table.remove(series);
    }
  }

  /** Oldest raw samples first, then fine roll-ups; recordings are left, and that is told. */
  *#keepToCap(now: number): Generator<void> {
    if (!this.#isOverCap()) return;
    const { tables, horizons, notice, settings } = this.#parts;
    let after: ChunkAge = { last: 0, number: 0 };
    while (this.#isOverCap(CAP_SLACK)) {
      const old = tables.chunks.listOld(Number.MAX_SAFE_INTEGER, STEP, after);
      const end = old.at(-1);
      if (end === undefined) break;
      after = end;
      horizons[0] = Math.max(horizons[0] ?? 0, nextPeriod(end.last));
      this.#removeChunks(old);
      yield;
    }
    for (const level of ROLL_UP_LEVELS) yield* this.#thinRollUps(level, now);
    const isOver = this.#isOverCap();
    const tell = isOver
      ? `The history holds ${megabytes(this.#bytes())} MB of recordings and roll-ups, more than its cap of ${megabytes(settings.capBytes)} MB: delete recordings, or raise the cap.`
      : `The history reached its cap of ${megabytes(settings.capBytes)} MB: samples before ${new Date(horizons[0] ?? 0).toISOString()} are kept as roll-ups only.`;
    if (!(isOver && this.#toldOfCap)) notice(tell);
    this.#toldOfCap = isOver;
  }

  *#thinRollUps(level: number, now: number): Generator<void> {
    const { tables } = this.#parts;
    const blockMs = blockMsOf(level);
    while (this.#isOverCap(CAP_SLACK)) {
      const oldest = tables.rollUps.oldest(level);
      // The newest block is of use to whoever looks at today.
      if (oldest === null || oldest + 2 * blockMs > now) return;
      yield* this.#removeRollUps(level, oldest + Math.max(blockMs, (now - oldest) / 10));
    }
  }

  /** Gives pages back, when more are free than will soon be used again. */
  *#vacuum(): Generator<void> {
    const { db } = this.#parts.tables;
    const count = (pragma: string): number => db.pragma(pragma, { simple: true }) as number;
    while (count("freelist_count") > VACUUM_PAGES + count("page_count") * FREE_SHARE) {
      db.pragma(`incremental_vacuum(${VACUUM_PAGES})`);
      yield;
    }
  }

  #isOverCap(share = 1): boolean {
    return this.#bytes() > this.#parts.settings.capBytes * share;
  }

  #bytes(): number {
    const { db } = this.#parts.tables;
    const count = (pragma: string): number => db.pragma(pragma, { simple: true }) as number;
    return (count("page_count") - count("freelist_count")) * count("page_size");
  }

  /** With the horizons as they are: a crash must not leave a gap that looks like none. */
  #write(run: () => void): void {
    const { horizons, tables } = this.#parts;
    tables.db
      .transaction(() => {
        run();
        tables.meta.writeHorizons(horizons);
      })
      .immediate();
  }
}

function nextPeriod(time: number): number {
  return (Math.floor(time / COMMON_PERIOD_MS) + 1) * COMMON_PERIOD_MS;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
