/**
 * The client of Espruino's `ws` module, as it behaves on the wire: what it sends, what it does not understand, and how it
 * fails. Nothing here is kinder than the board. Its interpreters get it from `require("ws")`.
 */
import { createHash } from "node:crypto";
import { Emitter, type Queue } from "./emitter.ts";
import type { TcpEvents, TcpSocket } from "./socket-thread.ts";
import type { Timers } from "./timers.ts";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const TEXT = 0x81;
const PING = 0x89;
const PONG = 0x8a;

/** What the module needs of the board. */
export interface Board {
  readonly queue: Queue;
  readonly timers: Timers;
  /** The interpreter's own: the same seed on every board. */
  readonly random: () => number;
  readonly print: (text: string) => void;
  connect(host: string, port: number, events: TcpEvents): TcpSocket;
}

export interface WsOptions {
  readonly port?: number;
  readonly path?: string;
  readonly origin?: string;
  readonly protocol?: string;
  /** Seconds between its own pings; it never looks whether they are answered. */
  readonly keepAlive?: number;
  readonly headers?: { readonly [name: string]: string };
}

/** @returns what `require("ws")` gives: called with or without `new`, it connects and blocks until it has, or throws */
export function createWsModule(board: Board): (host: string, options?: WsOptions) => WsClient {
  return function connect(host, options) {
    const client = new WsClient(board, host, options ?? {});
    client.connect();
    return client;
  };
}

class WsClient extends Emitter {
  private readonly board: Board;
  private readonly host: string;
  private readonly options: WsOptions;
  private readonly key: string;
  private socket: TcpSocket | null = null;
  private pinger: number | null = null;
  private connected = false;
  private held = "";

  constructor(board: Board, host: string, options: WsOptions) {
    super(board.queue);
    this.board = board;
    this.host = host;
    this.options = options;
    this.key = Buffer.from(randomText(board.random) + randomText(board.random)).toString("base64");
  }

  /** Blocks; the socket is there only when the interpreter is idle again. */
  connect(): void {
    const socket = this.board.connect(this.host, this.options.port || 80, {
      data: (bytes) => this.queue(() => this.parseData(bytes)),
      close: () => this.queue(() => this.closed()),
    });
    this.queue(() => {
      this.socket = socket;
      socket.write(this.request());
    });
  }

  /** A string goes out as one masked text frame; anything else as bytes that are no frame. */
  send(message: string, opcode: number = TEXT): void {
    const length: number = message.length;
    const size = length > 125 ? 126 : length;
    this.write(chars(opcode, size + 128));
    if (size === 126) this.write(chars(length >> 8, length));
    const mask = [0, 0, 0, 0].map(() => Math.floor(this.board.random() * 255));
    let masked = chars(...mask);
    for (let i = 0; i < length; i++) masked += chars(message.charCodeAt(i) ^ (mask[i & 3] ?? 0));
    this.write(masked);
  }

  /** No close frame: the connection just ends. */
  close(): void {
    if (this.socket === null) throw new Error('Cannot read property "end" of null');
    this.socket.end();
    this.socket = CLOSED;
  }

  parseData(bytes: string): void {
    this.emit("rawData", bytes);
    const data = this.held + bytes;
    this.held = "";
    if (this.connected) this.parseFrames(data);
    else this.held = this.shakeHands(data);
  }

  /** @returns what is held until more bytes come: also a frame that arrived together with the answer */
  private shakeHands(data: string): string {
    const accepted = createHash("sha1")
      .update(this.key + GUID)
      .digest("base64");
    const end = data.indexOf("\r\n\r\n");
    if (end < 0 || !data.includes(accepted)) return data;
    this.pinger = this.board.timers.setInterval(() => this.send("ping", PING), (this.options.keepAlive || 60) * 1000);
    this.connected = true;
    this.emit("handshake");
    this.emit("open");
    return data.slice(end + 4);
  }

  private parseFrames(data: string): void {
    let rest = data;
    while (rest.length > 0) {
      const frame = readFrame(rest);
      if (frame === null) {
        this.held = rest;
        return;
      }
      this.take(frame.opcode, frame.payload);
      rest = rest.slice(frame.end);
    }
  }

  /** Every fragment is a message of its own; there is no binary; the reason of a close is not read. */
  private take(opcode: number, payload: string): void {
    if (opcode === 0xa) this.emit("pong");
    else if (opcode === 9) {
      this.send("pong", PONG);
      this.emit("ping");
    } else if (opcode === 8) this.close();
    else if (opcode === 0 || opcode === 1) this.emit("message", payload);
    else this.board.print(`WS: Unknown opcode ${opcode}`);
  }

  private closed(): void {
    if (this.pinger !== null) this.board.timers.clear(this.pinger);
    this.pinger = null;
    this.socket = CLOSED;
    this.emit("close");
  }

  private write(bytes: string): void {
    if (this.socket === null) throw new Error('Cannot read property "write" of null');
    this.socket.write(bytes);
  }

  private request(): string {
    const { path, origin, protocol, headers } = this.options;
    const lines = [
      `GET ${path || "/"} HTTP/1.1`,
      `Host: ${this.host}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Key: ${this.key}`,
      "Sec-WebSocket-Version: 13",
      `Origin: ${origin || "Espruino"}`,
      ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
      ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    ];
    return `${lines.join("\r\n")}\r\n\r\n`;
  }
}

const CLOSED: TcpSocket = {
  write() {
    throw new Error("This socket is closed");
  },
  end() {},
};

interface Frame {
  readonly opcode: number;
  readonly payload: string;
  readonly end: number;
}

/** The frame at the front, or null while it is not all there. @throws a string for a length of 64 bits */
function readFrame(data: string): Frame | null {
  let offset = 2;
  let length = data.charCodeAt(1) & 127;
  if (length === 126) {
    length = data.charCodeAt(3) | (data.charCodeAt(2) << 8);
    offset += 2;
  } else if (length === 127) throw "Messages >65535 in length unsupported";
  const isMasked = (data.charCodeAt(1) & 128) !== 0;
  const start = offset + (isMasked ? 4 : 0);
  if (start + length > data.length) return null;
  const mask = isMasked ? data.slice(offset, start) : "\0\0\0\0";
  let payload = "";
  for (let i = 0; i < length; i++) payload += chars(data.charCodeAt(start + i) ^ mask.charCodeAt(i & 3));
  return { opcode: data.charCodeAt(0) & 15, payload, end: start + length };
}

/** Characters of one byte each; what is no number counts as 0. */
function chars(...codes: number[]): string {
  return String.fromCharCode(...codes.map((code) => code & 255));
}

function randomText(random: () => number): string {
  return random().toString(36).slice(2, 10);
}
