/**
 * Reports on their way to the hub: each gets its time when it is made, goes out at once while the hub answers, and is
 * kept until the hub has taken it, on the disk too when that takes longer. Made by report-outbox.ts.
 */
import { type Backoff, createBackoff } from "#base/backoff.ts";
import type { Clock, Timer } from "#base/clock.ts";
import type { Reports } from "#protocol/device-events.ts";
import type { Values } from "#protocol/values.ts";
import { type Batch, MAX_BATCH, MAX_BATCH_BYTES, makeBatch } from "./batch.ts";
import type { Boot } from "./boot.ts";
import type { Entry } from "./entry.ts";
import type { OutboxNews } from "./outbox-news.ts";
import type { ReportTimes } from "./report-times.ts";
import type { Ring } from "./ring.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** An SD card gets one write in this time at most, and a power cut takes no more than this. */
const WRITE_EVERY_MS = 2_000;
const WRITE_RETRY_MS = 10_000;
const ANSWER_MS = 10_000;
const RETRY_MS = { first: 1_000, max: 30_000 };
/** A report on which the hub itself fails must not hold up the rest for ever. */
const MAX_FAILURES = 8;

/** More fresh reports than this are a flood on a slow link: all but the newest go together. */
const MAX_ONE_BY_ONE = 8;

/** What the outbox sends, with the arguments of each event (protocol 4.3). */
export interface ReportEvents {
  report: [values: Values, beside?: { readonly time: number }];
  reports: [batch: Reports];
}

/**
 * Sends an event if the hub is there now, and calls `ack` with what the hub acknowledges it with; that may never come.
 * @returns whether it was sent
 */
export type ReportSender = <E extends keyof ReportEvents>(
  event: E,
  args: ReportEvents[E],
  ack: (answer: unknown) => void,
) => boolean;

export interface OutboxParts {
  readonly clock: Clock;
  readonly boot: Boot;
  readonly ring: Ring;
  readonly times: ReportTimes;
  readonly news: OutboxNews;
  readonly send: ReportSender;
}

interface Flight {
  readonly batch: Batch;
  readonly timeout: Timer;
}

export class Outbox {
  readonly #clock: Clock;
  readonly #boot: Boot;
  readonly #ring: Ring;
  readonly #times: ReportTimes;
  readonly #news: OutboxNews;
  readonly #ask: ReportSender;
  readonly #backoff: Backoff = createBackoff(RETRY_MS.first, RETRY_MS.max);
  /** Times that were sent and not acknowledged: sent again the same, they are known by the hub. */
  readonly #sentTimes = new Map<number, number>();
  #isConnected = false;
  #flight: Flight | null = null;
  #pause: Timer | null = null;
  #writeTimer: Timer | null = null;
  #isClosed = false;
  /** Reports from this number on are fresh: made while the hub answers. */
  #freshFrom = 0;
  /** Fewer while a refused report is looked for, or the link is slow. */
  #batchLimit = MAX_BATCH;
  #failures = 0;

  constructor({ clock, boot, ring, times, news, send }: OutboxParts) {
    this.#clock = clock;
    this.#boot = boot;
    this.#ring = ring;
    this.#times = times;
    this.#news = news;
    this.#ask = send;
  }

  /** Sees to what earlier runs left. */
  start(): void {
    if (this.#ring.hasStaleFiles) this.#armWrite(WRITE_EVERY_MS);
  }

  /** How many reports the hub has not taken yet. */
  get waiting(): number {
    return this.#ring.length;
  }

  /** Takes a report made now. */
  add(values: Values): void {
    const text = JSON.stringify(values);
    if (Buffer.byteLength(text) > Math.min(MAX_BATCH_BYTES, this.#ring.maxEntryBytes) - 100) {
      this.#news.tooBig(Object.keys(values));
      return;
    }
    const dropped = this.#ring.add({ number: this.#ring.nextNumber, ...this.#times.stamp(), text });
    if (dropped > 0) this.#news.dropped(dropped);
    this.#armWrite(WRITE_EVERY_MS);
    this.#pump();
  }

  /** The hub has welcomed this device. @param hubTime `time` of its welcome: the clock of a Pi that has none */
  connected(hubTime?: number): void {
    this.disconnected();
    if (hubTime !== undefined) this.#times.hubSays(hubTime);
    this.#isConnected = true;
    this.#freshFrom = this.#ring.nextNumber;
    this.#news.connected(this.#ring.length);
    this.#pump();
  }

  /** What was not acknowledged goes again when the hub is back. */
  disconnected(): void {
    this.#isConnected = false;
    this.#endFlight();
    this.#pause?.cancel();
    this.#pause = null;
    this.#backoff.reset();
    this.#failures = 0;
  }

  /** Says no more, and writes what is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.disconnected();
    this.#writeTimer?.cancel();
    await this.#flush();
  }

  #pump(): void {
    if (!this.#isConnected || this.#flight !== null || this.#pause !== null) return;
    for (let batch = this.#nextBatch(); batch !== null; batch = this.#nextBatch()) {
      if (batch.undated > 0) this.#news.undated(batch.undated);
      if (batch.timed.length > 0) {
        this.#send(batch);
        return;
      }
      this.#done(batch.last);
    }
    this.#news.empty();
  }

  #nextBatch(): Batch | null {
    const entries = this.#nextEntries();
    if (entries.length === 0) return null;
    return makeBatch(entries, (entry) => {
      const time = this.#sentTimes.get(entry.number) ?? this.#times.timeOf(entry);
      if (time !== null) this.#sentTimes.set(entry.number, time);
      return time;
    });
  }

  /**
   * Those that waited go together. Fresh ones go one by one as live reports: the hub dates these by its own clock, and
   * so would take a fresh one of a batch for older than the live one before it, and not show it.
   */
  #nextEntries(): readonly Entry[] {
    const entries = this.#ring.first(this.#batchLimit, MAX_BATCH_BYTES);
    const stale = entries.filter(({ number }) => number < this.#freshFrom);
    if (stale.length > 0) return stale;
    if (this.#ring.length <= MAX_ONE_BY_ONE) return entries.slice(0, 1);
    return entries.length < this.#ring.length ? entries : entries.slice(0, -1);
  }

  #send(batch: Batch): void {
    const flight = { batch, timeout: this.#clock.after(ANSWER_MS, () => this.#settle(flight, "silent")) };
    this.#flight = flight;
    const isLive = batch.first >= this.#freshFrom && batch.timed.length === 1;
    const [only] = batch.timed;
    const onAnswer = (answer: unknown): void => this.#settle(flight, verdictOf(answer));
    const isSent =
      isLive && only !== undefined
        ? this.#ask("report", [only[1], { time: only[0] }], onAnswer)
        : this.#ask("reports", [batch.timed], onAnswer);
    // The link broke, and its end is about to be told.
    if (!isSent) this.disconnected();
  }

  #settle(flight: Flight, verdict: Verdict): void {
    // A late answer: the batch was given up, and is sent again.
    if (this.#flight !== flight) return;
    const { batch } = flight;
    this.#endFlight();
    if (verdict === "taken") this.#taken(batch);
    else if (verdict === "silent") this.#tryLater("it does not answer", true);
    else if (verdict.kind === "refused" || this.#hasFailedTooOften(verdict.kind)) this.#refused(batch, verdict.reason);
    else this.#tryLater(verdict.reason, false);
    this.#pump();
  }

  #taken(batch: Batch): void {
    this.#backoff.reset();
    this.#failures = 0;
    this.#batchLimit = Math.min(this.#batchLimit * 2, MAX_BATCH);
    this.#news.sent(batch.timed.length);
    this.#done(batch.last);
  }

  /** One refused report spoils its batch, so the batch is halved until the report is alone. */
  #refused(batch: Batch, reason: string): void {
    this.#failures = 0;
    if (batch.timed.length > 1) {
      this.#batchLimit = Math.ceil((batch.timed.length + batch.undated) / 2);
      return;
    }
    this.#news.refused(reason);
    this.#done(batch.last);
  }

  #hasFailedTooOften(kind: "failed" | "later"): boolean {
    if (kind === "failed") this.#failures += 1;
    return this.#failures >= MAX_FAILURES;
  }

  #tryLater(reason: string, isSlow: boolean): void {
    if (isSlow) this.#batchLimit = Math.ceil(this.#batchLimit / 2);
    // One that comes later than this is no live value any more.
    this.#freshFrom = this.#ring.nextNumber;
    this.#news.stuck(reason);
    this.#pause = this.#clock.after(this.#backoff.next(), () => {
      this.#pause = null;
      this.#pump();
    });
  }

  #done(last: number): void {
    this.#ring.done(last);
    for (const number of this.#sentTimes.keys()) if (number <= last) this.#sentTimes.delete(number);
    if (this.#ring.hasStaleFiles) this.#armWrite(WRITE_EVERY_MS);
  }

  #endFlight(): void {
    this.#flight?.timeout.cancel();
    this.#flight = null;
  }

  #armWrite(ms: number): void {
    if (this.#isClosed) return;
    this.#writeTimer ??= this.#clock.after(ms, () => {
      this.#writeTimer = null;
      void this.#writeIfDue();
    });
  }

  /** Only what has waited for its time: while the hub answers nothing is ever written. */
  async #writeIfDue(): Promise<void> {
    const oldest = this.#ring.oldestUnwritten;
    const age = oldest === undefined ? 0 : this.#boot.elapsed() - oldest.up;
    const isDue = this.#ring.hasStaleFiles || age >= WRITE_EVERY_MS;
    const isSafe = !isDue || (await this.#flush());
    const next = this.#ring.oldestUnwritten;
    if (!isSafe) this.#armWrite(WRITE_RETRY_MS);
    else if (next !== undefined) this.#armWrite(Math.max(next.up + WRITE_EVERY_MS - this.#boot.elapsed(), 1));
    else if (this.#ring.hasStaleFiles) this.#armWrite(WRITE_EVERY_MS);
  }

  async #flush(): Promise<boolean> {
    try {
      await this.#ring.flush();
      this.#news.written();
      return true;
    } catch (error) {
      this.#news.notWritten(error as Error);
      return false;
    }
  }
}
