/** The history in an SQLite file, seen from the hub's thread: gathers samples, asks the worker, waits for nothing. Made by `hub/main.ts`. */
import { type Backoff, createBackoff } from "#base/backoff.ts";
import type { Clock, Timer } from "#base/clock.ts";
import type { Moment } from "../clock-watch.ts";
import { DEFAULT_SETTINGS, HISTORY_LIMITS, type HistorySettings } from "../history-limits.ts";
import { timeSample } from "../sample-time.ts";
import type {
  HistoryStore,
  HistoryUsage,
  Point,
  Question,
  Recording,
  RecordingChange,
  RecordingStart,
  Row,
  Sample,
  SeriesInfo,
} from "../store.ts";
import { AskBook } from "./ask-book.ts";
import type { ExportKind, ExportPiece } from "./engine.ts";
import type { AskName, Asks, FromWorker } from "./messages.ts";
import type { Connect, HistoryPort } from "./port.ts";
import { SampleQueue } from "./sample-queue.ts";

export interface SqliteHistoryParts {
  /** Path of the file; it is made when there is none, in a folder that exists. */
  readonly file: string;
  readonly clock: Clock;
  readonly connect: Connect;
  readonly settings?: HistorySettings;
}

export class SqliteHistory implements HistoryStore {
  readonly #parts: SqliteHistoryParts;
  readonly #queue = new SampleQueue();
  readonly #asks = new AskBook();
  readonly #backoff: Backoff = createBackoff(HISTORY_LIMITS.retryFirstMs, HISTORY_LIMITS.retryMaxMs);
  readonly #healthListeners: Array<(isWritable: boolean, fault: string | null) => void> = [];
  readonly #noticeListeners: Array<(sentence: string) => void> = [];
  #port: HistoryPort | null = null;
  #timer: Timer | null = null;
  #fault: string | null = null;
  #runs = false;
  /** Whether a commit was asked for and is not answered. */
  #isCommitting = false;
  #lastCommit = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(parts: SqliteHistoryParts) {
    this.#parts = parts;
  }

  get isWritable(): boolean {
    return this.#fault === null;
  }

  get pressure(): number {
    return this.#queue.pressure;
  }

  get dropped(): number {
    return this.#queue.dropped;
  }

  onHealth(listener: (isWritable: boolean, fault: string | null) => void): void {
    this.#healthListeners.push(listener);
  }

  onNotice(listener: (sentence: string) => void): void {
    this.#noticeListeners.push(listener);
  }

  async open(): Promise<void> {
    await this.#connect();
    this.#waitForTick();
  }

  append(sample: Sample): boolean {
    const timed = timeSample(sample);
    if (timed === null || !this.#queue.add(sample.device, sample.property, timed)) return false;
    if (this.#queue.isBatchFull) this.#post();
    return true;
  }

  async committed(): Promise<void> {
    await this.#ask("commit", null);
  }

  query(question: Question): Promise<readonly Point[]> {
    return this.#ask("query", question);
  }

  latest(question: { device: string; property: string; ms: number; points: number }): Promise<readonly Point[]> {
    return this.#ask("latest", question);
  }

  listSeries(): Promise<readonly SeriesInfo[]> {
    return this.#ask("listSeries", null);
  }

  async removeDevice(device: string): Promise<void> {
    const removed = this.#ask("removeDevice", device);
    // In the same turn: what is put from now on is another series.
    this.#queue.forget(device);
    await removed;
  }

  async startRecording(start: RecordingStart): Promise<Recording> {
    const recording = await this.#ask("startRecording", start);
    this.#setRuns(true);
    return recording;
  }

  stopRecording(id: string): Promise<Recording> {
    return this.#ask("alter", { id, order: { do: "stop" } });
  }

  listRecordings({ deleted } = { deleted: false }): Promise<readonly Recording[]> {
    return this.#ask("listRecordings", deleted);
  }

  getRecording(id: string): Promise<Recording> {
    return this.#ask("getRecording", id);
  }

  changeRecording(id: string, change: RecordingChange): Promise<Recording> {
    return this.#ask("alter", { id, order: { do: "change", change } });
  }

  addMarker(id: string, marker: { text: string; by: string; at?: number }): Promise<Recording> {
    return this.#ask("alter", { id, order: { do: "mark", ...marker } });
  }

  removeMarker(id: string, marker: number): Promise<Recording> {
    return this.#ask("alter", { id, order: { do: "unmark", marker } });
  }

  removeRecording(id: string): Promise<Recording> {
    return this.#ask("alter", { id, order: { do: "remove" } });
  }

  restoreRecording(id: string): Promise<Recording> {
    return this.#ask("alter", { id, order: { do: "restore" } });
  }

  async *readRows(id: string, from = 0): AsyncIterable<readonly Row[]> {
    for await (const { rows } of this.#pieces(id, "rows", from)) if (rows.length > 0) yield rows;
  }

  async *exportCsv(id: string): AsyncIterable<string> {
    for await (const { text } of this.#pieces(id, "csv")) if (text !== "") yield text;
  }

  async *exportNdjson(id: string): AsyncIterable<string> {
    for await (const { text } of this.#pieces(id, "ndjson")) if (text !== "") yield text;
  }

  usage(): Promise<HistoryUsage> {
    return this.#ask("usage", null);
  }

  /** With all that was put before. @throws PharosError `STORAGE` */
  async copyTo(file: string): Promise<void> {
    await this.committed();
    await this.#ask("copy", file);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#timer?.cancel();
    const closed = this.#port === null ? Promise.resolve() : this.#ask("close", null);
    this.#isClosed = true;
    try {
      await closed;
    } catch {
      // What could not be written is lost, and was told by `onHealth`.
    } finally {
      await this.#port?.close();
      this.#port = null;
    }
  }

  async *#pieces(id: string, kind: ExportKind, from = 0): AsyncIterable<ExportPiece> {
    const number = await this.#ask("openExport", { id, kind, from });
    let isLast = false;
    try {
      while (!isLast) {
        const piece = await this.#ask("nextPiece", number);
        isLast = piece.isLast;
        yield piece;
      }
    } finally {
      if (!isLast && !this.#isClosed) await this.#ask("closeExport", number);
    }
  }

  /** Asks after all that was put: the answer knows it. */
  #ask<K extends AskName>(what: K, args: Asks[K]["args"]): Promise<Asks[K]["answer"]> {
    const port = this.#port;
    if (port === null || this.#isClosed) return this.#asks.refuse();
    this.#post();
    return this.#asks.ask(port, what, args, this.#moment());
  }

  async #connect(): Promise<void> {
    const { connect, file, settings = DEFAULT_SETTINGS } = this.#parts;
    const port = connect({ hear: (message) => this.#hear(message), onEnd: (why) => this.#lose(why) });
    this.#port = port;
    try {
      const { names, nextSeries, runs } = await this.#asks.ask(port, "open", { file, settings }, this.#moment());
      this.#queue.know(names, nextSeries);
      this.#runs = runs;
    } catch (error) {
      this.#port = null;
      await port.close();
      throw error;
    }
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case "answer":
        this.#asks.answer(message.number, message.answer);
        return;
      case "refusal":
        this.#asks.refuseAsk(message.number, message.refusal);
        return;
      case "committed":
        this.#isCommitting = false;
        this.#queue.release(message.samples);
        this.#setRuns(message.runs);
        this.#backoff.reset();
        this.#setHealth(null);
        return;
      case "failed":
        this.#isCommitting = false;
        this.#setHealth(message.fault);
        return;
      case "notice":
        for (const tell of this.#noticeListeners) tell(message.sentence);
        return;
      default:
        message satisfies never;
    }
  }

  /** The worker is gone, and with it what it had not written. */
  #lose(why: string): void {
    this.#port = null;
    this.#isCommitting = false;
    this.#asks.refuseAll();
    this.#queue.lose();
    this.#setHealth(`The thread that writes the history is gone (${why}); another is started.`);
  }

  #waitForTick(): void {
    this.#timer?.cancel();
    if (this.#isClosed) return;
    const ms = this.#fault === null ? this.#commitMs : this.#backoff.next();
    this.#timer = this.#parts.clock.after(ms, () => this.#tick());
  }

  get #commitMs(): number {
    return this.#runs ? HISTORY_LIMITS.recordingCommitMs : HISTORY_LIMITS.commitMs;
  }

  #tick(): void {
    if (this.#port === null) {
      void this.#reconnect();
      return;
    }
    this.#waitForTick();
    const { monotonic, now } = this.#moment();
    const isIdle = this.#queue.waiting === 0 && !this.#runs && this.#fault === null;
    // The old is looked after now and then, even when nothing comes.
    if (this.#isCommitting || (isIdle && monotonic - this.#lastCommit < HISTORY_LIMITS.syncMs)) return;
    this.#lastCommit = monotonic;
    this.#isCommitting = true;
    this.#post();
    this.#port.post({ kind: "commit", moment: { now, monotonic } });
  }

  async #reconnect(): Promise<void> {
    try {
      await this.#connect();
      this.#setHealth(null);
    } catch (error) {
      this.#setHealth((error as Error).message);
    }
    this.#waitForTick();
  }

  #post(): void {
    if (this.#port === null) return;
    const taken = this.#queue.take();
    if (taken !== null) this.#port.post({ kind: "samples", ...taken, moment: this.#moment() });
  }

  #setRuns(runs: boolean): void {
    if (runs === this.#runs) return;
    this.#runs = runs;
    this.#waitForTick();
  }

  #setHealth(fault: string | null): void {
    const changes = (fault === null) !== (this.#fault === null);
    this.#fault = fault;
    if (!changes) return;
    for (const tell of this.#healthListeners) tell(fault === null, fault);
  }

  #moment(): Moment {
    const { clock } = this.#parts;
    return { now: clock.now(), monotonic: clock.monotonic() };
  }
}
