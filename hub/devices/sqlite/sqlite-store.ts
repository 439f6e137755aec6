/** The device store in an SQLite file: one writer, puts gathered in memory and committed together. Made by `hub/main.ts`. */
import type { Database } from "better-sqlite3";
import { type Backoff, createBackoff } from "#base/backoff.ts";
import type { Clock, Timer } from "#base/clock.ts";
import type { DialTarget } from "#protocol/dials.ts";
import { PharosError } from "#protocol/errors.ts";
import type { AuditEntry, PresenceEntry, QueuedAction } from "#protocol/views.ts";
import { LIMITS } from "../../base/limits.ts";
import { syncLog } from "../../base/log-sync.ts";
import { copyDatabase, faultSentence, openFault, openSqliteFile } from "../../base/sqlite-file.ts";
import type { DeviceStore, DownTime, Loaded, StoredDesired, StoredDevice, StoredReported } from "../store.ts";
import { DEVICE_FILE } from "./migrations.ts";
import { Pending } from "./pending.ts";
import { readAll } from "./reader.ts";
import { createWriter } from "./writer.ts";

export interface SqliteStoreParts {
  /** Path of the file; it is made when there is none, in a folder that exists. */
  readonly file: string;
  readonly clock: Clock;
  /** How the file is opened; as a device file but for a test of its limits. */
  readonly open?: (file: string) => Database;
  /** Makes all that was written safe from a power cut; `syncLog` but for a test of a disk that fails. */
  readonly sync?: (file: string) => Promise<void>;
}

interface OpenFile {
  readonly db: Database;
  /** Whether it has a write-ahead log to be synced; a file system without one makes each commit wait for the disk. */
  readonly isLogged: boolean;
  readonly write: (pending: Pending) => void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: PharosError) => void;
}

export class SqliteStore implements DeviceStore {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #open: (file: string) => Database;
  readonly #sync: (file: string) => Promise<void>;
  readonly #backoff: Backoff = createBackoff(LIMITS.storeRetryFirstMs, LIMITS.storeRetryMaxMs);
  readonly #listeners: Array<(isWritable: boolean, fault: string | null) => void> = [];
  /** Ids of the devices with a row in the file. */
  readonly #stored = new Set<string>();
  #pending = new Pending(this.#stored);
  #waiters: Waiter[] = [];
  /** Those whose commit is written, and who wait for the next sync; null when nothing written is to be synced. */
  #unsynced: Waiter[] | null = null;
  /** Those who wait for the sync that is under way; null when none is. */
  #syncing: Waiter[] | null = null;
  #opened: OpenFile | null = null;
  /** Why the last commit failed; null while all is well. */
  #fault: string | null = null;
  /** It was the sync that failed: only another one shows that all is well again. */
  #isSyncFault = false;
  #timer: Timer | null = null;
  /** Monotonic ms. */
  #due = Number.POSITIVE_INFINITY;
  #lastCommit = Number.NEGATIVE_INFINITY;

  constructor({ file, clock, open = (path) => openSqliteFile(path, DEVICE_FILE), sync = syncLog }: SqliteStoreParts) {
    this.#file = file;
    this.#clock = clock;
    this.#open = open;
    this.#sync = sync;
  }

  get isWritable(): boolean {
    return this.#fault === null;
  }

  onHealth(listener: (isWritable: boolean, fault: string | null) => void): void {
    this.#listeners.push(listener);
  }

  load(now: number): Loaded {
    const db = this.#open(this.#file);
    try {
      const { devices, hubDown, dials, aliveAt } = readAll(db);
      const isLogged = db.pragma("journal_mode", { simple: true }) === "wal";
      this.#opened = { db, isLogged, write: createWriter(db, isLogged) };
      for (const { id } of devices) this.#stored.add(id);
      const gap = this.#noteGap(aliveAt, now);
      this.touch(now);
      const recent = hubDown.filter(({ to }) => to >= now - LIMITS.hubDownKeptMs);
      return { devices, hubDown: [...recent, ...gap].slice(-LIMITS.hubDownRows), dials };
    } catch (error) {
      db.close();
      throw openFault(this.#file, error);
    }
  }

  /** The time since the hub was last known to live; none in a new file, or when the wall clock was set back. */
  #noteGap(aliveAt: number | null, now: number): readonly DownTime[] {
    if (aliveAt === null || aliveAt >= now) return [];
    const gap = { from: aliveAt, to: now };
    this.#pending.hubDown.push(gap);
    return [gap];
  }

  putDevice(device: StoredDevice): void {
    this.#pending.putDevice(device);
    this.#commitWithin(LIMITS.storeLazyMs);
  }

  putDesired(device: string, property: string, desired: StoredDesired): void {
    this.#pending.device(device)?.desired.set(property, desired);
    this.#pending.isPrecious = true;
    this.#commitWithin(LIMITS.storeLazyMs);
  }

  putReported(device: string, property: string, reported: StoredReported): void {
    this.#pending.device(device)?.reported.set(property, reported);
    this.#commitWithin(LIMITS.storeLazyMs);
  }

  addPresence(device: string, entry: PresenceEntry): void {
    this.#pending.addPresence(device, entry);
    this.#commitWithin(LIMITS.storeLazyMs);
  }

  addAudit(device: string, entry: AuditEntry): void {
    this.#pending.addAudit(device, entry);
    this.#commitWithin(LIMITS.storeLazyMs);
  }

  putQueued(device: string, action: QueuedAction): void {
    this.#pending.device(device)?.queued.set(action.id, action);
    this.#pending.isPrecious = true;
    this.#commitWithin(LIMITS.storeLazyMs);
  }

  removeQueued(device: string, id: string): void {
    this.#pending.removeQueued(device, id);
    this.#commitWithin(LIMITS.storeLazyMs);
  }

  removeDevice(device: string): void {
    this.#pending.removeDevice(device);
    this.#commitWithin(LIMITS.storeLazyMs);
  }

  putDial(dial: DialTarget): void {
    this.#putDial(dial.id, dial);
  }

  removeDial(id: string): void {
    this.#putDial(id, null);
  }

  #putDial(id: string, dial: DialTarget | null): void {
    this.#pending.dials.set(id, dial);
    this.#pending.isPrecious = true;
    this.#commitWithin(LIMITS.storeLazyMs);
  }

  touch(now: number): void {
    this.#pending.aliveAt = now;
    this.#commitWithin(LIMITS.storeLazyMs);
  }

  committed(): Promise<void> {
    const written = this.#unsynced ?? this.#syncing;
    if (this.#pending.isEmpty && written === null) return Promise.resolve();
    if (this.#opened === null || this.#fault !== null) return Promise.reject(new PharosError("STORAGE"));
    if (this.#pending.isEmpty && written !== null) {
      return new Promise((resolve, reject) => written.push({ resolve, reject }));
    }
    const wait = this.#lastCommit + LIMITS.storeGroupMs - this.#clock.monotonic();
    this.#pending.isPrecious = true;
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      // Not in this very turn: what is put in it goes along.
      this.#commitWithin(Math.max(0, wait));
    });
  }

  /** With all that was committed. @throws PharosError `STORAGE` */
  async copyTo(file: string): Promise<void> {
    if (this.#opened === null) throw new PharosError("SHUTDOWN");
    await copyDatabase(this.#opened.db, file);
  }

  close(): void {
    if (this.#opened === null) return;
    const { db } = this.#opened;
    // The end waits for the disk.
    db.pragma("synchronous = FULL");
    this.touch(this.#clock.now());
    this.#commit(this.#opened);
    this.#timer?.cancel();
    db.close();
    this.#opened = null;
    for (const { resolve } of this.#unsynced ?? []) resolve();
    this.#unsynced = null;
  }

  /** Sees to it that there is a commit in at most `ms`; while the disk takes nothing, the back-off says when. */
  #commitWithin(ms: number): void {
    const opened = this.#opened;
    const due = this.#clock.monotonic() + ms;
    if (opened === null || due >= this.#due || this.#fault !== null) return;
    this.#startTimer(opened, ms);
  }

  #startTimer(opened: OpenFile, ms: number): void {
    this.#timer?.cancel();
    this.#due = this.#clock.monotonic() + ms;
    this.#timer = this.#clock.after(ms, () => this.#commit(opened));
  }

  /** Writes what is pending; when it is precious, the disk is asked for it too, and who waits is told after that. */
  #commit(opened: OpenFile): void {
    this.#due = Number.POSITIVE_INFINITY;
    const waiters = this.#waiters;
    this.#waiters = [];
    const { isPrecious } = this.#pending;
    try {
      opened.write(this.#pending);
    } catch (error) {
      this.#failed(opened, waiters, error);
      return;
    }
    this.#forget();
    this.#lastCommit = this.#clock.monotonic();
    if (!this.#isSyncFault) this.#recover();
    if (isPrecious) {
      this.#unsynced = [...(this.#unsynced ?? []), ...waiters];
      this.#syncNext(opened);
    }
  }

  /** One sync at a time: a slow disk is asked once for all that was written meanwhile. */
  #syncNext(opened: OpenFile): void {
    const waiters = this.#unsynced;
    if (this.#syncing !== null || waiters === null || this.#opened === null) return;
    this.#unsynced = null;
    this.#syncing = waiters;
    const end = (tell: () => void): void => {
      this.#syncing = null;
      tell();
      this.#syncNext(opened);
    };
    const synced = opened.isLogged ? this.#sync(this.#file) : Promise.resolve();
    synced.then(
      () => end(() => this.#synced(waiters)),
      (error: unknown) => end(() => this.#notSynced(opened, waiters, error)),
    );
  }

  #synced(waiters: readonly Waiter[]): void {
    if (this.#isSyncFault) this.#recover();
    this.#isSyncFault = false;
    for (const { resolve } of waiters) resolve();
  }

  #notSynced(opened: OpenFile, waiters: readonly Waiter[], error: unknown): void {
    // Closing has synced all, and taken the log away.
    const isClosed = this.#opened === null;
    this.#isSyncFault = !isClosed;
    if (isClosed) this.#synced(waiters);
    else this.#failed(opened, waiters, error);
  }

  #recover(): void {
    this.#backoff.reset();
    this.#setHealth(null);
  }

  /** What could not be written is still pending; what was written and not synced is synced with the next commit. */
  #failed(opened: OpenFile, waiters: readonly Waiter[], error: unknown): void {
    this.#pending.isPrecious = true;
    this.#setHealth(faultSentence(error));
    this.#startTimer(opened, this.#backoff.next());
    for (const { reject } of waiters) reject(new PharosError("STORAGE"));
  }

  /** What was pending is written. */
  #forget(): void {
    for (const [id, { row, isRemoved }] of this.#pending.devices) {
      if (row !== null) this.#stored.add(id);
      else if (isRemoved) this.#stored.delete(id);
    }
    this.#pending = new Pending(this.#stored);
  }

  #setHealth(fault: string | null): void {
    const changes = (fault === null) !== (this.#fault === null);
    this.#fault = fault;
    if (changes) for (const tell of this.#listeners) tell(fault === null, fault);
  }
}
