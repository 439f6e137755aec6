/** The text of one stream: decoded from any bytes, gathered for a moment, and the last of it kept for newcomers. Pure but for its decoder. */
import { LIMITS } from "../base/limits.ts";

export class Terminal {
  #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #pending = "";
  #scrollback = "";

  /** The last that was told. */
  get scrollback(): string {
    return this.#scrollback;
  }

  /** Characters not told yet. */
  get pending(): number {
    return this.#pending.length;
  }

  /** A character may be split over two of these; what is no UTF-8 becomes a replacement mark. */
  write(bytes: Buffer): void {
    this.#pending += this.#decoder.decode(bytes, { stream: true });
  }

  /** The connection ended; the next begins with a whole character. */
  end(): void {
    this.#pending += this.#decoder.decode();
    this.#decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  }

  /** @returns what came since the last time */
  take(): string {
    const text = this.#pending;
    this.#pending = "";
    this.#scrollback = lastOf(this.#scrollback + text, LIMITS.streamScrollback);
    return text;
  }
}

/** The end of a text, not beginning within a character. */
export function lastOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = text.slice(-length);
  return /^[\udc00-\udfff]/.test(end) ? end.slice(1) : end;
}

/**
 * Cuts a text in pieces of which each, written as a frame of JSON in ASCII, has at most `bytes` bytes;
 * it is then small enough for every door.
 */
export function cutForFrames(text: string, bytes: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  let cost = 0;
  for (const character of text) {
    const more = costOf(character);
    if (cost + more > bytes) {
      pieces.push(piece);
      piece = "";
      cost = 0;
    }
    piece += character;
    cost += more;
  }
  if (piece !== "") pieces.push(piece);
  return pieces;
}

/** Bytes of a character in a JSON string of ASCII. */
function costOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x7f) return character.length * 6;
  if (code < 0x20) return "\b\t\n\f\r".includes(character) ? 2 : 6;
  return character === '"' || character === "\\" ? 2 : 1;
}
