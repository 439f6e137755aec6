/**
 * The reports that wait for the hub: a bounded queue in memory, and on the disk what a power cut must not take.
 * Used by the outbox alone.
 *
 * The queue holds at most `maxReports` and a third of `maxBytes`; when it is full the oldest goes. A file that has
 * taken so many bytes of reports is full: all that still waits is then in it or came later, so the file before it can
 * go. Two files with what they note of the reports that are done stay within `maxBytes`.
 */
import { decodeLine, type Entry, encodeDone, encodeEntry } from "./entry.ts";
import { createSegments, type Segments } from "./segments.ts";

export interface RingBounds {
  readonly maxReports: number;
  /** Of both files together; memory takes a third of it. */
  readonly maxBytes: number;
}

interface Held {
  readonly entry: Entry;
  readonly bytes: number;
}

export class Ring {
  readonly #segments: Segments;
  readonly #maxReports: number;
  readonly #maxQueueBytes: number;
  readonly #queue: Held[] = [];
  #bytes = 0;
  #lastNumber = -1;
  /** Everything up to this number was written. */
  #written = -1;
  /** Everything up to this number is done, and up to that one the files know it. */
  #done = -1;
  #doneWritten = -1;
  #hasFiles = false;
  /** What the current file has taken. */
  #entryBytes = 0;
  #doneBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, { maxReports, maxBytes }: RingBounds) {
    this.#segments = createSegments(folder, maxBytes);
    this.#maxReports = maxReports;
    this.#maxQueueBytes = Math.floor(maxBytes / 3);
  }

  get length(): number {
    return this.#queue.length;
  }

  /** The largest line that one report may have. */
  get maxEntryBytes(): number {
    return Math.floor(this.#maxQueueBytes / 4);
  }

  get nextNumber(): number {
    return this.#lastNumber + 1;
  }

  /** The oldest report that is in no file yet. */
  get oldestUnwritten(): Entry | undefined {
    return this.#queue.find(({ entry }) => entry.number > this.#written)?.entry;
  }

  /** Whether the files hold reports that are done, and do not say so. */
  get hasStaleFiles(): boolean {
    return this.#hasFiles && (this.#queue.length === 0 || this.#done > this.#doneWritten);
  }

  /** Takes up what the files hold. Call it first. @throws Error of the file system; the ring is empty then, and works */
  load(): readonly Entry[] {
    const { before, current } = this.#segments.load();
    this.#hasFiles = before.length + current.length > 0;
    this.#take(before);
    this.#entryBytes = 0;
    this.#doneBytes = 0;
    this.#take(current);
    while (this.#queue[0] !== undefined && this.#queue[0].entry.number <= this.#done) this.#dropFirst();
    this.#trim();
    this.#written = this.#lastNumber;
    this.#doneWritten = this.#done;
    return this.#queue.map(({ entry }) => entry);
  }

  /** Puts a report at the end. @returns how many of the oldest had to go for it */
  add(entry: Entry): number {
    this.#push(entry, encodeEntry(entry));
    return this.#trim();
  }

  /** The oldest reports: at most `count` of them, and at most `bytes` of lines, but always one if there is one. */
  first(count: number, bytes: number): readonly Entry[] {
    const entries: Entry[] = [];
    let sum = 0;
    for (const held of this.#queue) {
      sum += held.bytes;
      if (entries.length === count || (entries.length > 0 && sum > bytes)) break;
      entries.push(held.entry);
    }
    return entries;
  }

  /** All reports up to this number are done, and need not be kept. */
  done(number: number): void {
    while (this.#queue[0] !== undefined && this.#queue[0].entry.number <= number) this.#dropFirst();
    this.#done = Math.max(this.#done, Math.min(number, this.#lastNumber));
  }

  /**
   * Brings the files up to what is known now; one at a time.
   * @throws Error of the file system; the reports stay in memory, and the next flush tries again
   */
  flush(): Promise<void> {
    const writing = this.#writing.then(() => this.#write());
    this.#writing = writing.catch(() => {});
    return writing;
  }

  async #write(): Promise<void> {
    if (this.#queue.length === 0) {
      if (this.#hasFiles) await this.#clear();
      return;
    }
    await this.#writeDone();
    // What comes meanwhile waits for the next flush: an SD card has its pauses.
    const last = this.#lastNumber;
    while (last > this.#written) {
      if (this.#entryBytes >= this.#maxQueueBytes) await this.#rotate();
      await this.#writePart(this.#nextPart(last), last);
    }
  }

  /** As many reports, up to number `last`, as the current file still takes. */
  #nextPart(last: number): readonly Held[] {
    const part: Held[] = [];
    let bytes = this.#entryBytes;
    for (const held of this.#queue) {
      if (held.entry.number <= this.#written) continue;
      if (held.entry.number > last || bytes >= this.#maxQueueBytes) break;
      part.push(held);
      bytes += held.bytes;
    }
    return part;
  }

  async #writePart(part: readonly Held[], last: number): Promise<void> {
    if (part.length > 0) {
      await this.#segments.append(part.map(({ entry }) => encodeEntry(entry)).join(""));
      this.#hasFiles = true;
      this.#entryBytes += part.reduce((sum, { bytes }) => sum + bytes, 0);
    }
    // Without a part, all became done while the disk was busy, and needs no line.
    this.#written = part.at(-1)?.entry.number ?? last;
  }

  async #rotate(): Promise<void> {
    await this.#segments.rotate();
    this.#entryBytes = 0;
    this.#doneBytes = 0;
  }

  async #writeDone(): Promise<void> {
    const number = this.#done;
    const line = encodeDone(number);
    if (!this.#hasFiles || number <= this.#doneWritten) return;
    // Without the note some reports are only sent twice after a power cut.
    if (this.#doneBytes + line.length <= this.#maxQueueBytes / 4) {
      await this.#segments.append(line);
      this.#doneBytes += line.length;
    }
    this.#doneWritten = number;
  }

  async #clear(): Promise<void> {
    await this.#segments.clear();
    this.#hasFiles = false;
    this.#entryBytes = 0;
    this.#doneBytes = 0;
  }

  #take(lines: readonly string[]): void {
    for (const text of lines) {
      const line = decodeLine(text);
      if (line === null) continue;
      if ("done" in line) {
        this.#done = Math.max(this.#done, line.done);
        this.#doneBytes += text.length + 1;
      } else if (line.entry.number > this.#lastNumber) {
        this.#entryBytes += this.#push(line.entry, `${text}\n`);
      }
    }
    this.#lastNumber = Math.max(this.#lastNumber, this.#done);
  }

  #push(entry: Entry, line: string): number {
    const bytes = Buffer.byteLength(line);
    this.#queue.push({ entry, bytes });
    this.#bytes += bytes;
    this.#lastNumber = entry.number;
    return bytes;
  }

  #trim(): number {
    let dropped = 0;
    for (; this.#queue.length > this.#maxReports || this.#bytes > this.#maxQueueBytes; dropped++) this.#dropFirst();
    return dropped;
  }

  #dropFirst(): void {
    this.#bytes -= this.#queue.shift()?.bytes ?? 0;
  }
}
