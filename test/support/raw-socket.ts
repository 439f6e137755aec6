/** A TCP socket of which a test writes and reads every byte: for faults of handshake and framing. */
import { connect, type Socket } from "node:net";
import { eventually } from "./eventually.ts";

export interface RawFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

export class RawSocket {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  isClosed = false;

  constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.on("data", (data) => {
      this.#received = Buffer.concat([this.#received, data]);
    });
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => {
      this.isClosed = true;
    });
  }

  write(data: string | Buffer): void {
    this.#socket.write(data);
  }

  /** Sends an upgrade request and waits for the whole head of the answer. */
  async upgrade(path: string, headers: { readonly [name: string]: string } = {}): Promise<string> {
    this.write(upgradeRequest(path, headers));
    return this.head();
  }

  /** Takes the head of an HTTP answer off what was received. */
  async head(): Promise<string> {
    await eventually(() => this.#received.includes("\r\n\r\n"));
    const end = this.#received.indexOf("\r\n\r\n") + 4;
    const head = this.#received.subarray(0, end).toString();
    this.#received = this.#received.subarray(end);
    return head;
  }

  /** All that was received and not taken yet. */
  get rest(): Buffer {
    return this.#received;
  }

  /** Takes the next whole WebSocket frame. */
  async frame(): Promise<RawFrame> {
    await eventually(() => this.#frameLength() !== null);
    const total = this.#frameLength() ?? 0;
    const bytes = this.#received.subarray(0, total);
    this.#received = this.#received.subarray(total);
    const length = payloadLength(bytes) ?? 0;
    return { opcode: (bytes[0] ?? 0) & 0x0f, payload: bytes.subarray(total - length) };
  }

  /** Takes frames until a text frame comes, and parses it as JSON. */
  async json(): Promise<{ [key: string]: unknown }> {
    for (;;) {
      const { opcode, payload } = await this.frame();
      if (opcode === 1) return JSON.parse(payload.toString()) as { [key: string]: unknown };
    }
  }

  closed(): Promise<void> {
    return eventually(() => this.isClosed, 5000);
  }

  /** Stops reading: the peer's buffers fill. */
  pause(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.destroy();
  }

  #frameLength(): number | null {
    const length = payloadLength(this.#received);
    if (length === null) return null;
    const second = (this.#received[1] ?? 0) & 0x7f;
    const total = 2 + (second === 126 ? 2 : second === 127 ? 8 : 0) + length;
    return this.#received.length >= total ? total : null;
  }
}

export function upgradeRequest(path: string, headers: { readonly [name: string]: string } = {}): string {
  const all = {
    Host: "127.0.0.1",
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** A client's frame. The mask key is 0 as some clients send it, unless given (RFC 6455, 5.3). */
export function clientFrame(opcode: number, payload: Buffer | string, { fin = true, mask = 0, rsv = 0 } = {}): Buffer {
  const data = Buffer.from(payload);
  const key = Buffer.alloc(4);
  key.writeUInt32BE(mask);
  const body = Buffer.from(data.map((byte, i) => byte ^ (key[i % 4] ?? 0)));
  return Buffer.concat([head((fin ? 0x80 : 0) | (rsv << 4) | opcode, data.length), key, body]);
}

export function textFrame(text: string): Buffer {
  return clientFrame(1, text);
}

function head(first: number, length: number): Buffer {
  if (length < 126) return Buffer.from([first, 0x80 | length]);
  if (length < 65_536) return Buffer.from([first, 0xfe, length >> 8, length & 0xff]);
  const long = Buffer.alloc(10);
  long[0] = first;
  long[1] = 0xff;
  long.writeBigUInt64BE(BigInt(length), 2);
  return long;
}

function payloadLength(bytes: Buffer): number | null {
  if (bytes.length < 2) return null;
  const length = (bytes[1] ?? 0) & 0x7f;
  if (length < 126) return length;
  if (length === 126) return bytes.length < 4 ? null : bytes.readUInt16BE(2);
  return bytes.length < 10 ? null : Number(bytes.readBigUInt64BE(2));
}
