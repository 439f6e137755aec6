/** What goes to disk together: new series, what came since, chunks of what has gathered, recordings. Called by the engine about once a second. */
import type { Moment } from "../clock-watch.ts";
import type { RecordingBook } from "../recording-book.ts";
import type { HistoryTables } from "./history-tables.ts";
import { NOTHING_SEALED } from "./meta-table.ts";
import type { OpenSeries } from "./open-series.ts";
import type { SeriesTable } from "./series-table.ts";

/** A series with so many open samples goes into chunks. */
const SEAL_SAMPLES = 4_096;
/** So old samples go into chunks, however few they are. */
const SEAL_MS = 600_000;
/** Beyond so many bytes of journal, or open samples in memory, the oldest go into chunks before their time. */
const JOURNAL_BYTES = 16 * 1024 * 1024;
const OPEN_SAMPLES = 2_000_000;
/** Of the series that are merely old, so many at most in one commit: about a millisecond each. */
const SEALS_OF_OLD = 50;

export class Committer {
  readonly #tables: HistoryTables;
  readonly #series: SeriesTable;
  readonly #book: RecordingBook;
  readonly #run: (write: () => void) => void;
  #nextRow: number;
  #journalBytes: number;

  constructor(
    tables: HistoryTables,
    series: SeriesTable,
    book: RecordingBook,
    journal: { readonly last: number; readonly bytes: number },
  ) {
    this.#tables = tables;
    this.#series = series;
    this.#book = book;
    this.#nextRow = journal.last + 1;
    this.#journalBytes = journal.bytes;
    const transaction = tables.db.transaction((write: () => void) => write());
    this.#run = (write) => transaction.immediate(write);
  }

  get lastRow(): number {
    return this.#nextRow - 1;
  }

  /** Whether something has waited for its chunk long enough. */
  hasOld(monotonic: number): boolean {
    for (const { openedAt } of this.#series.withOpen()) if (monotonic - openedAt >= SEAL_MS) return true;
    return false;
  }

  /** @throws what SQLite says; then nothing has changed, in memory neither */
  commit({ now, monotonic }: Moment, horizons: readonly number[]): void {
    const row = this.#nextRow;
    const sealed = this.#chooseSealed(monotonic);
    const journaled = this.#series.dirty().filter((series) => !sealed.has(series));
    const fresh = this.#series.unstored();
    const { put, removed } = this.#book.takeChanged(now);
    let bytes = 0;
    try {
      this.#run(() => {
        for (const series of fresh) this.#tables.meta.writeSeries(series, NOTHING_SEALED);
        for (const series of sealed) this.#seal(series, row);
        bytes = this.#journal(row, journaled);
        this.#tables.meta.writeRecordings(put, removed);
        const { next } = this.#book;
        this.#tables.meta.write({ nextSeries: this.#series.next, nextRecording: next, aliveAt: now, horizons });
        this.#tables.journal.forget(this.#floor(sealed, row));
      });
    } catch (error) {
      this.#book.putBack([...put.map(({ id }) => id), ...removed]);
      throw error;
    }
    this.#settle(row, fresh, sealed, journaled, bytes);
  }

  /** In memory as it is on disk now. */
  #settle(
    row: number,
    fresh: readonly OpenSeries[],
    sealed: ReadonlySet<OpenSeries>,
    journaled: readonly OpenSeries[],
    bytes: number,
  ): void {
    this.#nextRow++;
    for (const series of fresh) series.isStored = true;
    for (const series of sealed) series.wasSealed(row);
    for (const series of journaled) series.wasJournaled(row);
    this.#series.wereCommitted();
    this.#journalBytes += bytes;
    if (this.#series.withOpen().size === 0) this.#journalBytes = 0;
  }

  #journal(row: number, journaled: readonly OpenSeries[]): number {
    if (journaled.length === 0) return 0;
    const entries = journaled.map((series) => ({
      series: series.number,
      run: series.run.slice(series.journaled, series.run.length),
    }));
    return this.#tables.journal.write(row, entries);
  }

  #seal(series: OpenSeries, row: number): void {
    const run = series.run.sorted();
    this.#tables.chunks.add(series.number, run);
    this.#tables.rollUps.add(series.number, run);
    const { first, last, samples } = series;
    this.#tables.meta.writeSeries(series, { first, last, samples, journalUntil: row });
  }

  /** The first journal row that is still needed. */
  #floor(sealed: ReadonlySet<OpenSeries>, row: number): number {
    let floor = row;
    for (const series of this.#series.withOpen()) {
      if (series.openSince !== null && !sealed.has(series)) floor = Math.min(floor, series.openSince);
    }
    return floor;
  }

  #chooseSealed(monotonic: number): ReadonlySet<OpenSeries> {
    const open = [...this.#series.withOpen()];
    const chosen = new Set(open.filter(({ run }) => run.length >= SEAL_SAMPLES));
    const total = open.reduce((sum, { run }) => sum + run.length, 0);
    const isPressed = this.#journalBytes > JOURNAL_BYTES || total > OPEN_SAMPLES;
    if (isPressed) this.#journalBytes /= 2;
    const old = open
      .filter((series) => !chosen.has(series) && (isPressed || monotonic - series.openedAt >= SEAL_MS))
      .sort((a, b) => a.openedAt - b.openedAt);
    for (const series of old.slice(0, isPressed ? old.length / 2 + 1 : SEALS_OF_OLD)) chosen.add(series);
    return chosen;
  }
}
