/**
 * Finds the first invalid octet of a text message while it arrives. `ws` looks only at whole messages; RFC 6455, 8.1 wants
 * no more than that, but a peer that sends the rest for minutes is better told at once. Every other fault is left to `ws`.
 */
import { Utf8Check } from "./echo-utf8.ts";

const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** First two octets, eight of length, four of mask. */
const LONGEST_HEAD = 14;

interface Frame {
  readonly isText: boolean;
  readonly mask: Buffer;
  readonly length: number;
  taken: number;
}

export class TextWatch {
  readonly #maxMessageBytes: number;
  readonly #head = Buffer.alloc(LONGEST_HEAD);
  #headLength = 0;
  #frame: Frame | null = null;
  /** The check of the text message that is on its way; `binary` in one that needs none, null between messages. */
  #message: Utf8Check | "binary" | null = null;
  #messageBytes = 0;
  #isFinal = false;
  #isControl = false;
  #passed = 0;
  #isOver = false;
  /** How many messages, pings and pongs came before the invalid one; null while all is well. */
  invalidAfter: number | null = null;

  /** @param maxMessageBytes beyond it `ws` ends the connection, whatever the text holds */
  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Takes the next bytes of the connection as they came. They are only read. */
  take(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && !this.#isOver) {
      at = this.#frame === null ? this.#takeHead(bytes, at) : this.#takePayload(this.#frame, bytes, at);
    }
  }

  #takeHead(bytes: Buffer, at: number): number {
    this.#head[this.#headLength] = bytes[at] ?? 0;
    this.#headLength += 1;
    if (this.#headLength === headLength(this.#head, this.#headLength)) this.#begin();
    return at + 1;
  }

  #begin(): void {
    const head = this.#head;
    const length = payloadLength(head);
    const opcode = (head[0] ?? 0) & 0x0f;
    this.#isFinal = ((head[0] ?? 0) & 0x80) !== 0;
    this.#isControl = opcode >= OPCODE.close;
    if (!this.#isSound(opcode, length)) {
      this.#isOver = true;
      return;
    }
    if (opcode === OPCODE.text) this.#message = new Utf8Check();
    if (opcode === OPCODE.binary) this.#message = "binary";
    const mask = Buffer.from(head.subarray(this.#headLength - 4, this.#headLength));
    const isText = !this.#isControl && this.#message !== "binary";
    this.#headLength = 0;
    this.#frame = { isText, mask, length, taken: 0 };
    if (length === 0) this.#end();
  }

  /** Whether `ws` will go on after this head; nothing counts after a close frame either. */
  #isSound(opcode: number, length: number): boolean {
    const [first = 0, second = 0] = this.#head;
    if ((first & 0x70) !== 0 || (second & 0x80) === 0) return false;
    if (this.#isControl) {
      return (opcode === OPCODE.ping || opcode === OPCODE.pong) && this.#isFinal && length < 126;
    }
    if (opcode > OPCODE.binary) return false;
    if ((opcode === OPCODE.continuation) !== (this.#message !== null)) return false;
    this.#messageBytes += length;
    return this.#messageBytes <= this.#maxMessageBytes;
  }

  #takePayload(frame: Frame, bytes: Buffer, start: number): number {
    const end = Math.min(bytes.length, start + frame.length - frame.taken);
    if (
      frame.isText &&
      this.#message instanceof Utf8Check &&
      !isText(this.#message, frame, bytes.subarray(start, end))
    ) {
      this.invalidAfter = this.#passed;
      this.#isOver = true;
    }
    frame.taken += end - start;
    if (frame.taken === frame.length) this.#end();
    return end;
  }

  #end(): void {
    this.#frame = null;
    if (!this.#isFinal) return;
    this.#passed += 1;
    if (this.#isControl) return;
    this.#message = null;
    this.#messageBytes = 0;
  }
}

function isText(check: Utf8Check, { mask, taken }: Frame, part: Buffer): boolean {
  for (let i = 0; i < part.length; i++) {
    if (!check.take((part[i] ?? 0) ^ (mask[(taken + i) & 3] ?? 0))) return false;
  }
  return true;
}

/** How long the head is, as far as its first two octets tell; a head without a mask is a fault of its own. */
function headLength(head: Buffer, known: number): number {
  if (known < 2) return LONGEST_HEAD;
  const length = (head[1] ?? 0) & 0x7f;
  return 6 + (length === 126 ? 2 : length === 127 ? 8 : 0);
}

function payloadLength(head: Buffer): number {
  const length = (head[1] ?? 0) & 0x7f;
  if (length < 126) return length;
  return length === 126 ? head.readUInt16BE(2) : Number(head.readBigUInt64BE(2));
}
