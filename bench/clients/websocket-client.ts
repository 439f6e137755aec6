/**
 * The least of a WebSocket client (RFC 6455): a load of thousands costs so little that the server is what is measured. It takes unfragmented
 * text frames of a server, answers its pings, and counts on nothing else to come.
 */
import { Socket } from "node:net";

const OPCODE = { text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const;
const HEAD_END = Buffer.from("\r\n\r\n");
/** A mask of zeros masks nothing, and is one. */
const MASK = Buffer.alloc(4);

export interface ClientOptions {
  readonly port: number;
}

/** What a client hears: the bytes of one message, valid only during the call. */
export type Hear = (data: Buffer, start: number, end: number) => void;

export class WebSocketClient {
  readonly #socket = new Socket();
  readonly #port: number;
  readonly #path: string;
  #rest: Buffer | null = null;
  #isOpen = false;
  #onOpen: () => void = () => {};
  #onFailed: (error: Error) => void = () => {};
  /** Called with each text. */
  onText: Hear = () => {};
  /** Called when the connection ends. */
  onClose: () => void = () => {};

  constructor({ port }: ClientOptions, path: string) {
    this.#port = port;
    this.#path = path;
    this.#socket.on("error", (error) => this.#onFailed(error));
    this.#socket.on("data", (data) => this.#take(data));
    this.#socket.on("close", () => {
      this.#onFailed(new Error(`${path} was closed`));
      this.onClose();
    });
  }

  /** Resolves when the server has agreed. */
  open(): Promise<void> {
    this.#socket.setNoDelay(true).connect(this.#port, "127.0.0.1");
    const lines = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"];
    const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    this.#socket.write([`GET ${this.#path} HTTP/1.1`, "Host: 127.0.0.1", ...lines, key, "", ""].join("\r\n"));
    return new Promise((resolve, reject) => {
      this.#onOpen = resolve;
      this.#onFailed = reject;
    });
  }

  send(text: string): void {
    this.#socket.write(clientFrame(OPCODE.text, Buffer.from(text)));
  }

  /** Reads nothing more. */
  pause(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const data = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = null;
    const used = this.#isOpen ? this.#frames(data, 0) : this.#answer(data);
    if (used < data.length) this.#rest = data.subarray(used);
  }

  /** @returns the bytes that are understood */
  #answer(data: Buffer): number {
    const end = data.indexOf(HEAD_END);
    if (end < 0) return 0;
    if (!data.toString("latin1", 0, 12).endsWith("101")) {
      this.#onFailed(new Error(data.toString("latin1")));
      return data.length;
    }
    this.#isOpen = true;
    this.#onOpen();
    return this.#frames(data, end + HEAD_END.length);
  }

  #frames(data: Buffer, from: number): number {
    let at = from;
    for (;;) {
      const length = (data[at + 1] ?? 0) & 0x7f;
      const head = length < 126 ? 2 : length === 126 ? 4 : 10;
      if (data.length < at + head) return at;
      const size =
        length < 126 ? length : length === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
      const end = at + head + size;
      if (data.length < end) return at;
      this.#frame((data[at] ?? 0) & 0x0f, data, at + head, end);
      at = end;
    }
  }

  #frame(opcode: number, data: Buffer, start: number, end: number): void {
    if (opcode === OPCODE.text) this.onText(data, start, end);
    else if (opcode === OPCODE.ping) this.#socket.write(clientFrame(OPCODE.pong, data.subarray(start, end)));
    else if (opcode === OPCODE.close) this.#socket.end();
  }
}

function clientFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | length])
      : Buffer.from([0x80 | opcode, 0xfe, length >> 8, length & 0xff]);
  return Buffer.concat([head, MASK, payload]);
}
