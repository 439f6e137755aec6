/**
 * The coalescing writer: frames are queued per connection and leave with one write at the end of the event-loop turn.
 * No timer, so no added latency; a burst of broadcasts costs one system call per connection instead of one per frame.
 */
import type { Duplex } from "node:stream";
import { LIMITS } from "../base/limits.ts";

/** Something that was written to and is to be sent. */
export interface Box {
  flush(): void;
}

/** The boxes that have something to send in this turn; one for all connections of an engine. */
export class Turn {
  #waiting: Box[] = [];
  /** Those that are being flushed, up to `#at`. */
  #batch: Box[] = [];
  #at = 0;
  #isScheduled = false;
  /** What the last box sent, and in one piece: members of a room are sent the same, and it is joined once for all of them. */
  #frames: readonly Buffer[] = [];
  #joined: Buffer | null = null;
  /** Turns that are over. */
  count = 0;

  /** @param box that is in no turn */
  add(box: Box): void {
    this.#waiting.push(box);
    this.#schedule();
  }

  /** @param frames at least one */
  join(frames: readonly Buffer[]): Buffer {
    if (this.#joined === null || !isSame(frames, this.#frames)) {
      this.#frames = frames;
      this.#joined = Buffer.concat(frames);
    }
    return this.#joined;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#end());
  }

  /** What goes to thousands takes several turns: others are heard in between. */
  #end(): void {
    this.#isScheduled = false;
    if (this.#at === this.#batch.length) {
      this.#batch = this.#waiting;
      this.#waiting = [];
      this.#at = 0;
    }
    const end = Math.min(this.#batch.length, this.#at + LIMITS.boxesATurn);
    while (this.#at < end) this.#batch[this.#at++]?.flush();
    this.count += 1;
    if (this.#at < this.#batch.length || this.#waiting.length > 0) this.#schedule();
    else {
      this.#batch = [];
      this.#at = 0;
      this.#frames = [];
      this.#joined = null;
    }
  }
}

export class Outbox implements Box {
  readonly #socket: Duplex;
  readonly #turn: Turn;
  readonly #maxBytes: number;
  readonly #onOverflow: () => void;
  #frames: Buffer[] = [];
  #bytes = 0;
  #held = true;
  #scheduled = false;

  /**
   * @param maxBytes unsent bytes at which the peer counts as not reading; then `onOverflow` is called and what is queued is dropped
   */
  constructor(socket: Duplex, turn: Turn, maxBytes: number, onOverflow: () => void) {
    this.#socket = socket;
    this.#turn = turn;
    this.#maxBytes = maxBytes;
    this.#onOverflow = onOverflow;
  }

  /** Bytes not yet taken by the operating system. */
  get unsentBytes(): number {
    return this.#bytes + this.#socket.writableLength;
  }

  /** Nothing leaves a new box before this is called (protocol 3.9). */
  release(): void {
    this.#held = false;
    if (this.#frames.length > 0) this.#schedule();
  }

  push(frame: Buffer): void {
    this.#frames.push(frame);
    this.#bytes += frame.length;
    if (this.unsentBytes > this.#maxBytes) {
      this.drop();
      this.#onOverflow();
    } else if (!this.#held) this.#schedule();
  }

  flush(): void {
    this.#scheduled = false;
    const frames = this.#frames;
    this.drop();
    const [first] = frames;
    if (first === undefined || !this.#socket.writable) return;
    this.#socket.write(frames.length === 1 ? first : this.#turn.join(frames));
  }

  drop(): void {
    this.#frames = [];
    this.#bytes = 0;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#turn.add(this);
  }
}

function isSame(some: readonly Buffer[], others: readonly Buffer[]): boolean {
  return some.length === others.length && some.every((frame, i) => frame === others[i]);
}
