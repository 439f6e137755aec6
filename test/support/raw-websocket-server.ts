/** A server of which a test writes every byte: for what a WebSocket client must bear. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { eventually } from "./eventually.ts";

export interface ClientFrame {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly mask: Buffer;
}

/** One connection of the client. */
export class RawVisit {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  isClosed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (data) => {
      this.#received = Buffer.concat([this.#received, data]);
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.isClosed = true;
    });
  }

  /** The request's head, taken off what was received. */
  async request(): Promise<string> {
    await eventually(() => this.#received.includes("\r\n\r\n"));
    const end = this.#received.indexOf("\r\n\r\n") + 4;
    const head = this.#received.subarray(0, end).toString();
    this.#received = this.#received.subarray(end);
    return head;
  }

  /** Takes the next whole frame. */
  async frame(): Promise<ClientFrame> {
    const start = (): number => (((this.#received[1] ?? 0) & 0x7f) === 126 ? 4 : 2);
    const length = (): number => (start() === 4 ? this.#received.readUInt16BE(2) : (this.#received[1] ?? 0) & 0x7f);
    await eventually(() => this.#received.length >= 6 && this.#received.length >= start() + 4 + length());
    const [from, end] = [start() + 4, start() + 4 + length()];
    const mask = this.#received.subarray(from - 4, from);
    const payload = Buffer.from(this.#received.subarray(from, end).map((byte, i) => byte ^ (mask[i % 4] ?? 0)));
    const opcode = (this.#received[0] ?? 0) & 0x0f;
    this.#received = this.#received.subarray(end);
    return { opcode, payload, mask };
  }

  write(...data: readonly (string | Buffer)[]): void {
    this.#socket.write(Buffer.concat(data.map((piece) => Buffer.from(piece))));
  }

  /** Each byte a packet of its own. */
  async drip(data: Buffer): Promise<void> {
    for (const byte of data) {
      this.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  close(): void {
    this.#socket.end();
  }

  closed(): Promise<void> {
    return eventually(() => this.isClosed);
  }
}

export class RawWebSocketServer {
  readonly visits: RawVisit[] = [];
  readonly #server = createServer((socket) => this.visits.push(new RawVisit(socket)));

  async start(): Promise<number> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  /** The `n`th connection, from 1. */
  async visit(n = 1): Promise<RawVisit> {
    await eventually(() => this.visits.length >= n, 8000);
    return this.visits[n - 1] as RawVisit;
  }

  close(): void {
    for (const visit of this.visits) visit.close();
    this.#server.close();
  }
}

/** The proper answer to a request. */
export function switching(request: string): string {
  const key = /Sec-WebSocket-Key: (.*)\r\n/i.exec(request)?.[1] ?? "";
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
}

/** A server's frame, with faults if wanted. */
export function serverFrame(
  opcode: number,
  payload: string | Buffer = "",
  { fin = true, rsv = 0, masked = false } = {},
): Buffer {
  const data = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const bit = masked ? 0x80 : 0;
  if (data.length < 126)
    return Buffer.concat([Buffer.from([first, bit | data.length]), masked ? Buffer.alloc(4) : Buffer.alloc(0), data]);
  const head = Buffer.alloc(data.length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = data.length < 65_536 ? 126 : 127;
  if (data.length < 65_536) head.writeUInt16BE(data.length, 2);
  else head.writeBigUInt64BE(BigInt(data.length), 2);
  return Buffer.concat([head, data]);
}
