/** The history in its file: takes batches, commits, answers. All of it is synchronous and runs where nobody waits: in the worker. */
import type { Database } from "better-sqlite3";
import { PharosError } from "#protocol/errors.ts";
import { copyDatabase, openFault, openSqliteFile } from "../../base/sqlite-file.ts";
import { ClockWatch, type Moment } from "../clock-watch.ts";
import { CsvTable, toNdjson } from "../export-rows.ts";
import { HISTORY_LIMITS, type HistorySettings } from "../history-limits.ts";
import type { Coverage } from "../plan.ts";
import { isMember, RecordingBook } from "../recording-book.ts";
import { RecordingCounts } from "../recording-counts.ts";
import { applyOrder, type RecordingOrder } from "../recording-orders.ts";
import { BOOLEAN_FLAG } from "../sample-run.ts";
import type { HistoryUsage, Point, Question, Recording, RecordingStart, Row, SeriesInfo } from "../store.ts";
import { Answers } from "./answers.ts";
import { BATCH_COLUMNS, FLAGS, type SeriesName } from "./batch.ts";
import { Committer } from "./commit.ts";
import { ExportCursor } from "./export-cursor.ts";
import { HISTORY_FILE } from "./history-file.ts";
import { createTables, type HistoryTables } from "./history-tables.ts";
import type { Meta } from "./meta-table.ts";
import type { OpenSeries } from "./open-series.ts";
import { removeHistory } from "./removal.ts";
import { Retention } from "./retention.ts";
import { SeriesTable } from "./series-table.ts";

export interface EngineParts {
  readonly file: string;
  readonly settings: HistorySettings;
  readonly notice: (sentence: string) => void;
  /** Monotonic ms of this thread. */
  readonly stopwatch: () => number;
  /** How the file is opened, but for a test of its limits. */
  readonly open?: (file: string) => Database;
}

export type ExportKind = "rows" | "csv" | "ndjson";

export interface ExportPiece {
  /** Of kind `rows`. */
  readonly rows: readonly Row[];
  /** Of the others. */
  readonly text: string;
  readonly isLast: boolean;
}

interface OpenExport {
  readonly kind: ExportKind;
  readonly cursor: ExportCursor;
  readonly table: CsvTable | null;
  hasBegun: boolean;
}

const OPEN_EXPORTS = 64;
/** While a recording runs, the file says at least so often that the hub lives. */
const ALIVE_MS = 1_000;
const KNOWN_TIMES = 1_000_000;

export class HistoryEngine {
  readonly #parts: EngineParts;
  readonly #tables: HistoryTables;
  readonly #series = new SeriesTable();
  readonly #book = new RecordingBook();
  readonly #counts: RecordingCounts<OpenSeries>;
  readonly #watch = new ClockWatch();
  readonly #answers: Answers;
  readonly #committer: Committer;
  readonly #retention: Retention;
  readonly #horizons: number[];
  readonly #exports = new Map<number, OpenExport>();
  readonly #saidDamages = new Set<string>();
  #nextExport = 1;
  #syncedAt = Number.NEGATIVE_INFINITY;
  #writtenAt = Number.NEGATIVE_INFINITY;

  /** Opens the file. @throws StartError */
  constructor(parts: EngineParts, moment: Moment) {
    this.#parts = parts;
    const open = parts.open ?? ((file: string) => openSqliteFile(file, HISTORY_FILE));
    const db = open(parts.file);
    try {
      this.#tables = createTables(db, (why) => this.#sayDamage(why));
      const meta = this.#tables.meta.read();
      this.#horizons = [...meta.horizons];
      this.#answers = new Answers(this.#tables);
      this.#counts = new RecordingCounts({
        book: this.#book,
        series: () => this.#series.all(),
        count: (series, from, to) => this.#answers.count(series, from, to),
      });
      this.#series.load(this.#tables.meta.readSeries(), meta.nextSeries);
      const journal = this.#replay(moment);
      this.#committer = new Committer(this.#tables, this.#series, this.#book, journal);
      const { notice, settings, stopwatch } = parts;
      const [tables, series, book, watch, horizons] = [
        this.#tables,
        this.#series,
        this.#book,
        this.#watch,
        this.#horizons,
      ];
      this.#retention = new Retention({ tables, series, book, watch, settings, horizons, notice, stopwatch });
      this.#watch.look(moment);
      this.#loadRecordings(meta, moment);
    } catch (error) {
      db.close();
      throw openFault(parts.file, error);
    }
  }

  get names(): readonly SeriesName[] {
    return this.#series.all().map(({ number, device, property }) => ({ number, device, property }));
  }

  get nextSeries(): number {
    return this.#series.next;
  }

  /** Whether a recording runs. */
  get runs(): boolean {
    return this.#book.runs;
  }

  /** @param fresh series that the batch is the first to have */
  ingest(batch: Float64Array, fresh: readonly SeriesName[], moment: Moment): void {
    this.#look(moment);
    for (const { number, device, property } of fresh) this.#series.name(number, device, property);
    const starts = new Map<number, number>();
    for (let i = 0; i < batch.length; i += BATCH_COLUMNS) {
      const head = batch[i] ?? 0;
      this.#take(Math.floor(head / FLAGS), head % FLAGS, i, batch, starts, moment.monotonic);
    }
    this.#count(starts, moment.now);
  }

  #take(
    number: number,
    flags: number,
    i: number,
    batch: Float64Array,
    starts: Map<number, number>,
    monotonic: number,
  ): void {
    const series = this.#series.get(number);
    if (series === undefined) return;
    const [time = 0, other = 0, value = 0] = [batch[i + 1], batch[i + 2], batch[i + 3]];
    const source = flags & ~BOOLEAN_FLAG;
    if (!series.isNew(time, source, other)) {
      const read = (from: number, to: number) => this.#tables.chunks.read(series.number, from, to);
      if (series.has(time, source, other, read)) return;
    }
    if (!starts.has(series.number)) {
      starts.set(series.number, series.run.length);
      if (series.run.length === 0) series.openedAt = monotonic;
      this.#series.wasTouched(series);
    }
    series.push(time, flags, other, value);
  }

  #count(starts: ReadonlyMap<number, number>, now: number): void {
    let known = 0;
    for (const [number, start] of starts) {
      const series = this.#series.get(number);
      if (series === undefined) continue;
      this.#counts.took(series, series.run.times.subarray(start, series.run.length), now);
      known += series.knownTimes;
    }
    if (known > KNOWN_TIMES) for (const series of this.#series.all()) series.forgetTimes();
  }

  /**
   * Puts on disk what is not there yet, and looks after what is old.
   * @param isPrecious to be safe from a power cut too, not only from the end of this process
   * @throws what SQLite says; all is kept in memory
   */
  commit(moment: Moment, isPrecious = false): void {
    this.#look(moment);
    const isSilent = moment.monotonic - this.#writtenAt >= ALIVE_MS;
    const hasNews = this.#series.hasUncommitted || this.#book.hasChanged || (this.#book.runs && isSilent);
    const isDue = isPrecious || hasNews || this.#committer.hasOld(moment.monotonic);
    if (isDue) this.#write(moment, isPrecious);
  }

  /** Looks after what is old, for a slice of time. @throws what SQLite says */
  upkeep(moment: Moment): void {
    this.#retention.work(moment);
  }

  #write(moment: Moment, isPrecious: boolean): void {
    const isDue = moment.monotonic - this.#syncedAt >= HISTORY_LIMITS.syncMs;
    const syncs = isPrecious || isDue || this.#book.runs;
    this.#tables.db.pragma(`synchronous = ${syncs ? "FULL" : "NORMAL"}`);
    this.#committer.commit(moment, this.#horizons);
    this.#writtenAt = moment.monotonic;
    if (syncs) this.#syncedAt = moment.monotonic;
  }

  query({ device, property, from, to, points }: Question): readonly Point[] {
    const series = this.#series.find(device, property);
    return series === undefined ? [] : this.#answers.query(series, { from, to, points }, this.#coverage(device));
  }

  latest({
    device,
    property,
    ms,
    points,
  }: {
    device: string;
    property: string;
    ms: number;
    points: number;
  }): readonly Point[] {
    const series = this.#series.find(device, property);
    if (series === undefined || !Number.isFinite(series.last)) return [];
    return this.query({ device, property, from: series.last - ms, to: series.last + 1, points });
  }

  listSeries(): readonly SeriesInfo[] {
    return this.#series
      .all()
      .filter(({ first, last }) => first <= last)
      .map(({ device, property, first, last, samples }) => ({ device, property, first, last, samples }))
      .sort((a, b) => compare(a.device, b.device) || compare(a.property, b.property));
  }

  /** @throws PharosError STORAGE */
  removeDevice(device: string, moment: Moment): void {
    this.#mustWrite(() => {
      this.commit(moment, true);
      const spans = this.#book.keptSpans(device);
      removeHistory(this.#tables, this.#series, device, spans, this.#committer.lastRow);
    });
  }

  /** @throws PharosError STORAGE */
  startRecording(start: RecordingStart, moment: Moment): Recording {
    this.#look(moment);
    const { id } = this.#book.start(start, moment.now);
    this.#counts.begin(id, moment.now);
    try {
      this.#mustWrite(() => this.commit(moment, true));
    } catch (error) {
      this.#book.forget(id);
      this.#counts.forget(id);
      throw error;
    }
    return this.#book.get(id, moment.now);
  }

  /** Changes one recording by `change`; on a full disk it is written when there is room. */
  alter(id: string, moment: Moment, change: RecordingOrder): Recording {
    this.#purge(moment);
    this.#counts.settle(id, moment.now);
    applyOrder(this.#book, id, change, moment.now);
    this.#counts.settle(id, moment.now);
    return this.#book.get(id, moment.now);
  }

  listRecordings(deleted: boolean, moment: Moment): readonly Recording[] {
    this.#purge(moment);
    this.#counts.settleAll(moment.now);
    return this.#book.list(moment.now, deleted);
  }

  getRecording(id: string, moment: Moment): Recording {
    this.#purge(moment);
    this.#counts.settle(id, moment.now);
    return this.#book.get(id, moment.now);
  }

  /** @returns the number by which it goes on */
  openExport(id: string, kind: ExportKind, from: number, moment: Moment): number {
    const recording = this.getRecording(id, moment);
    const members = this.#series.all().filter(({ device }) => isMember(recording, device));
    const until = this.#book.reach(id, moment.now);
    const cursor = new ExportCursor(this.#answers, members, recording.spans, from, until);
    const table = kind === "csv" ? new CsvTable(cursor.properties(), recording.markers) : null;
    const number = this.#nextExport++;
    this.#exports.set(number, { kind, cursor, table, hasBegun: false });
    const [oldest] = this.#exports.keys();
    if (this.#exports.size > OPEN_EXPORTS && oldest !== undefined) this.#exports.delete(oldest);
    return number;
  }

  /** The next piece, perhaps empty. @throws PharosError TOO_MANY when it was given up for others */
  nextPiece(number: number): ExportPiece {
    const one = this.#exports.get(number);
    if (one === undefined) throw new PharosError("TOO_MANY", "Too many downloads at once: this one was given up.");
    const { cursor, table, kind } = one;
    const rows = cursor.next();
    const isLast = rows === null;
    if (isLast) this.#exports.delete(number);
    if (kind === "rows") return { rows: rows ?? [], text: "", isLast };
    const head = one.hasBegun ? "" : (table?.head() ?? "");
    const end = isLast ? (table?.end() ?? "") : "";
    one.hasBegun = true;
    const text = table === null ? toNdjson(rows ?? []) : table.rows(rows ?? []);
    return { rows: [], text: head + text + end, isLast };
  }

  closeExport(number: number): void {
    this.#exports.delete(number);
  }

  usage(): HistoryUsage {
    const { db } = this.#tables;
    const count = (pragma: string): number => db.pragma(pragma, { simple: true }) as number;
    const [page, free] = [count("page_size"), count("freelist_count")];
    const samples = this.#series.all().reduce((sum, series) => sum + series.samples, 0);
    const { capBytes } = this.#parts.settings;
    return { bytes: (count("page_count") - free) * page, freeBytes: free * page, capBytes, samples };
  }

  /** @throws PharosError STORAGE */
  copyTo(file: string): Promise<void> {
    return copyDatabase(this.#tables.db, file);
  }

  /** @throws what SQLite says; the file is closed all the same */
  close(moment: Moment): void {
    try {
      this.commit(moment, true);
    } finally {
      this.#tables.db.close();
    }
  }

  /** What a crash left in the journal is open again. */
  #replay({ monotonic }: Moment): { readonly last: number; readonly bytes: number } {
    let [last, total] = [0, 0];
    for (const { number, series: owner, run, bytes } of this.#tables.journal.read()) {
      last = Math.max(last, number);
      total += bytes;
      const series = this.#series.get(owner);
      if (series === undefined || number <= series.journalUntil) continue;
      for (let i = 0; i < run.length; i++) series.push(run.time(i), run.flag(i), run.other(i), run.value(i));
      series.openedAt = monotonic;
      series.wasJournaled(number);
      this.#series.wasOpened(series);
    }
    for (const { journalUntil } of this.#series.all()) last = Math.max(last, journalUntil);
    return { last, bytes: total };
  }

  #loadRecordings({ nextRecording, aliveAt }: Meta, { now }: Moment): void {
    this.#book.load(this.#tables.meta.readRecordings(), nextRecording);
    const resumed = this.#book.resume(aliveAt ?? now, now);
    this.#counts.resume(now);
    for (const name of resumed) this.#parts.notice(`The recording «${name}» goes on.`);
  }

  #look(moment: Moment): void {
    const step = this.#watch.look(moment);
    if (step !== null) this.#counts.noteClock(step.before, step.after, moment.now);
  }

  #purge(moment: Moment): void {
    this.#look(moment);
    if (this.#watch.isSteady(moment.monotonic)) this.#book.purge(moment.now - this.#parts.settings.undoMs);
  }

  #coverage(device: string): Coverage {
    return { horizons: this.#horizons, kept: this.#book.keptSpans(device) };
  }

  #mustWrite(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (error instanceof PharosError) throw error;
      throw new PharosError("STORAGE");
    }
  }

  #sayDamage(why: string): void {
    if (this.#saidDamages.has(why)) return;
    this.#saidDamages.add(why);
    this.#parts.notice(`A part of ${this.#parts.file} cannot be read and is passed over: ${why}.`);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
