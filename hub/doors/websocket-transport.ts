/** A plain WebSocket below a plain connection. Made by the plain door. */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { RawData, WebSocket } from "ws";
import { ERRORS, type ErrorCode } from "#protocol/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { WEBSOCKET_FRAMING } from "./framing.ts";
import type { PlainListener, PlainTransport } from "./plain-transport.ts";

/** Never comes back after a close frame (protocol 3.8). */
const HANGS_AFTER_CLOSE = "ESP32 Websocket Client";

export class WebSocketTransport implements PlainTransport {
  readonly door = "websocket";
  readonly framing = WEBSOCKET_FRAMING;
  readonly maxFrameBytes = LIMITS.plainFrameBytes;
  readonly socket: Socket;
  readonly remoteAddress: string;
  readonly #ws: WebSocket;
  readonly #hangsAfterClose: boolean;
  readonly #maxBytes: number;

  /** @param maxBytes largest message the peer may send */
  constructor(ws: WebSocket, socket: Socket, request: IncomingMessage, maxBytes: number) {
    this.#ws = ws;
    this.socket = socket;
    this.remoteAddress = socket.remoteAddress ?? "";
    this.#hangsAfterClose = request.headers["user-agent"] === HANGS_AFTER_CLOSE;
    this.#maxBytes = maxBytes;
  }

  listen(listener: PlainListener): void {
    this.#ws.on("message", (data, isBinary) => this.#onMessage(listener, toBuffer(data), isBinary));
    this.#ws.on("ping", () => listener.heard());
    this.#ws.on("pong", () => listener.answered());
    this.#ws.on("error", () => this.socket.destroySoon());
    this.#ws.on("close", () => listener.closed());
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  /** Always with a code, never empty (protocol 3.8). */
  close(reason: ErrorCode): void {
    if (this.#hangsAfterClose) this.socket.end();
    else this.#ws.close(ERRORS[reason].close, reason);
  }

  terminate(): void {
    this.#ws.terminate();
  }

  #onMessage(listener: PlainListener, data: Buffer, isBinary: boolean): void {
    if (data.length > this.#maxBytes) listener.tooBig();
    else if (isBinary) listener.binary(data);
    else listener.text(data.toString());
  }
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
