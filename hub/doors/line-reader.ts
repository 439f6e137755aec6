/** Bytes to lines, wherever they were split; holds never more than one line of the largest size, and what is being read (protocol 2.4). */
import { isUtf8 } from "node:buffer";
import type { ErrorCode } from "#protocol/errors.ts";

/** One line without its end, or why it is none. */
export type Line =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "fault"; readonly code: ErrorCode; readonly message: string };

const LF = 0x0a;
const CR = 0x0d;
const EMPTY = Buffer.alloc(0);
const FIRST_ROOM = 256;

export class LineReader {
  readonly #maxBytes: number;
  #chunk: Buffer = EMPTY;
  #at = 0;
  /** The beginning of a line whose end has not come; its room doubles as it grows, so that bytes that drip cost no more. */
  #room: Buffer = EMPTY;
  #heldBytes = 0;
  /** Within a line that is too long. */
  #isSkipping = false;

  /** @param maxBytes of a line without its end */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The next bytes; only when `next` has said null to those before. */
  feed(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** The next line that is whole; null when more bytes are needed. */
  next(): Line | null {
    while (this.#at < this.#chunk.length) {
      const end = this.#chunk.indexOf(LF, this.#at);
      const piece = this.#chunk.subarray(this.#at, end < 0 ? this.#chunk.length : end);
      this.#at = end < 0 ? this.#chunk.length : end + 1;
      const line = end < 0 ? this.#hold(piece) : this.#finish(piece);
      if (line !== null) return line;
    }
    this.#chunk = EMPTY;
    return null;
  }

  /** No more bytes come: what was begun is a line too. */
  end(): Line | null {
    return this.#heldBytes === 0 ? null : this.#finish(EMPTY);
  }

  #hold(piece: Buffer): Line | null {
    if (this.#isSkipping) return null;
    const bytes = this.#heldBytes + piece.length;
    // One more than the limit: it may be the CR of the end.
    if (bytes > this.#maxBytes + 1) {
      this.#isSkipping = true;
      this.#drop();
      return this.#tooLong();
    }
    if (bytes > this.#room.length) this.#grow(bytes);
    piece.copy(this.#room, this.#heldBytes);
    this.#heldBytes = bytes;
    return null;
  }

  #finish(piece: Buffer): Line | null {
    if (this.#isSkipping) {
      this.#isSkipping = false;
      return null;
    }
    const whole = this.#heldBytes === 0 ? piece : Buffer.concat([this.#room.subarray(0, this.#heldBytes), piece]);
    this.#drop();
    return this.#read(whole.at(-1) === CR ? whole.subarray(0, -1) : whole);
  }

  #read(bytes: Buffer): Line {
    if (bytes.length > this.#maxBytes) return this.#tooLong();
    if (!isUtf8(bytes)) return { kind: "fault", code: "BAD_FRAME", message: "The line is not UTF-8 and was dropped." };
    return { kind: "text", text: bytes.toString() };
  }

  #tooLong(): Line {
    const message = `A line may have ${this.#maxBytes} bytes. This one has more and was skipped.`;
    return { kind: "fault", code: "TOO_BIG", message };
  }

  #grow(bytes: number): void {
    const room = Buffer.alloc(Math.min(Math.max(bytes, this.#room.length * 2, FIRST_ROOM), this.#maxBytes + 1));
    this.#room.copy(room, 0, 0, this.#heldBytes);
    this.#room = room;
  }

  #drop(): void {
    this.#room = EMPTY;
    this.#heldBytes = 0;
  }
}
