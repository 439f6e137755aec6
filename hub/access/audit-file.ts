/** The audit log in `audit.ndjson`, one record a line. Nobody waits for it: records are gathered and appended in order. Made by `hub/main.ts`. */
import { type Backoff, createBackoff } from "#base/backoff.ts";
import type { Clock, Timer } from "#base/clock.ts";
import type { AuditRecord } from "#protocol/access.ts";
import { LIMITS } from "../base/limits.ts";
import type { AuditLog } from "./audit-log.ts";
import { RotatingFile, readLines } from "./rotating-file.ts";

const MOST_BYTES = 5 * 1024 * 1024;
const MOST_FILES = 5;
/** Records that wait while the disk takes nothing; those that come later are counted and lost. */
const MOST_WAITING = 10_000;
/** Records that are written at once. */
const PIECE_RECORDS = 256;
/** Of one word of a record. */
const WORD_CHARS = 500;

export interface AuditFileParts {
  /** Path of the newest file; those put aside are beside it. */
  readonly file: string;
  readonly clock: Clock;
  /** Of one file, but for a test. */
  readonly mostBytes?: number;
}

export class AuditFile implements AuditLog {
  readonly #clock: Clock;
  readonly #file: RotatingFile;
  readonly #backoff: Backoff = createBackoff(LIMITS.storeRetryFirstMs, LIMITS.storeRetryMaxMs);
  readonly #listeners: Array<(isWritable: boolean, fault: string | null) => void> = [];
  /** Lines that are not in the file yet. */
  readonly #waiting: string[] = [];
  #lost = 0;
  /** Resolves when what was begun with the file is done. */
  #turn: Promise<unknown> = Promise.resolve();
  #isWriting = false;
  #isFailing = false;
  #isClosed = false;
  #retry: Timer | null = null;

  constructor({ file, clock, mostBytes = MOST_BYTES }: AuditFileParts) {
    this.#clock = clock;
    this.#file = new RotatingFile({ path: file, mostBytes, mostFiles: MOST_FILES });
  }

  /** Told once when the disk takes nothing, with a sentence why, and once when it does again. */
  onHealth(listener: (isWritable: boolean, fault: string | null) => void): void {
    this.#listeners.push(listener);
  }

  write(record: AuditRecord): void {
    if (this.#isClosed) return;
    if (this.#waiting.length >= MOST_WAITING) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(toLine(record));
    if (!this.#isWriting && this.#retry === null) this.#startWriting();
  }

  async *read(): AsyncIterable<string> {
    const [files, waiting] = await this.#inTurn(
      async () => [await this.#file.openAll(), this.#waiting.join("")] as const,
    );
    try {
      for (const file of files) for await (const lines of readLines(file)) yield onlyRecords(lines);
      if (waiting !== "") yield waiting;
    } finally {
      await Promise.all(files.map(({ handle }) => handle.close()));
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#retry?.cancel();
    await this.#inTurn(() => this.#writeAll());
    await this.#file.close();
  }

  #startWriting(): void {
    this.#isWriting = true;
    void this.#inTurn(() => this.#writeAll()).then(() => {
      this.#isWriting = false;
      if (this.#waiting.length > 0 && this.#retry === null && !this.#isClosed) this.#startWriting();
    });
  }

  /** One after the other: nobody reads between two renames. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(run);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const piece = this.#waiting.slice(0, PIECE_RECORDS);
        await this.#file.append(piece.join(""));
        this.#waiting.splice(0, piece.length);
        this.#noteLost();
      }
    } catch (error) {
      this.#setFault(faultSentence(error));
      if (!this.#isClosed) this.#retry = this.#clock.after(this.#backoff.next(), () => this.#again());
      return;
    }
    this.#backoff.reset();
    this.#setFault(null);
  }

  #again(): void {
    this.#retry = null;
    if (!this.#isWriting) this.#startWriting();
  }

  /** A gap that is not told would look as if nothing had been done. */
  #noteLost(): void {
    if (this.#lost === 0) return;
    const result = `${this.#lost} records`;
    this.#lost = 0;
    this.#waiting.push(toLine({ at: this.#clock.now(), who: "-", from: "-", what: "audit", target: "lost", result }));
  }

  #setFault(fault: string | null): void {
    const changes = (fault !== null) !== this.#isFailing;
    this.#isFailing = fault !== null;
    if (changes) for (const tell of this.#listeners) tell(fault === null, fault);
  }
}

function toLine(record: AuditRecord): string {
  return `${JSON.stringify(record, (_, value) => (typeof value === "string" ? value.slice(0, WORD_CHARS) : value))}\n`;
}

/** Without the lines that a crash cut short. */
function onlyRecords(lines: string): string {
  return lines
    .split("\n")
    .filter(isRecord)
    .map((line) => `${line}\n`)
    .join("");
}

function isRecord(line: string): boolean {
  if (line === "") return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function faultSentence(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === "ENOSPC" ? "The disk is full: make room on it." : `The disk takes nothing: ${message}.`;
  return `${why} The audit log waits in memory, ${MOST_WAITING} records at most.`;
}
