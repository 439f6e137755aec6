/** Bytes written and read one after the other, with whole numbers in as few as they need. Called by the codecs. */

const FIRST_CAPACITY = 4096;
/** Below this, numbers are handled as 32-bit integers. */
const SMALL = 2 ** 30;
/** Largest magnitude of a signed number. */
export const MAX_SIGNED = 2 ** 52;

export class ByteWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  float(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** A whole number ≥ 0 below 2^53. */
  unsigned(value: number): void {
    this.#reserve(8);
    let rest = value;
    // 2^28 and more: what does not fit 32-bit operators goes by division.
    while (rest >= 0x10000000) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number of magnitude below `MAX_SIGNED`: small ones of either sign take one byte. */
  signed(value: number): void {
    if (value < SMALL && value >= -SMALL) this.unsigned(((value << 1) ^ (value >> 31)) >>> 0);
    else this.unsigned(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  /** Bytes as they are. */
  bytes(part: Uint8Array): void {
    this.#reserve(part.length);
    this.#bytes.set(part, this.#length);
    this.#length += part.length;
  }

  /** What was written since the last call; valid until the next write. */
  take(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return bytes;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new SyntaxError("samples end too early");
    return byte;
  }

  float(): number {
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, 8);
    this.#at += 8;
    return view.getFloat64(0, true);
  }

  unsigned(): number {
    let byte = this.byte();
    if (byte < 128) return byte;
    let value = byte & 127;
    let factor = 128;
    do {
      byte = this.byte();
      value += (byte & 127) * factor;
      factor *= 128;
    } while (byte >= 128);
    return value;
  }

  signed(): number {
    const value = this.unsigned();
    if (value < SMALL) return (value >>> 1) ^ -(value & 1);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  bytes(length: number): Uint8Array {
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    if (part.length < length) throw new SyntaxError("samples end too early");
    this.#at += length;
    return part;
  }
}
