/**
 * One client of `/echo`: gets back what it sent, is read only as fast as it reads, and hears nothing unasked
 * but a ping when it has been quiet for a while (protocol 2.6). Made by `echo-door.ts`.
 */
import type { Socket } from "node:net";
import { type RawData, WebSocket } from "ws";
import type { Clock } from "#base/clock.ts";
import { ERRORS, type ErrorCode } from "#protocol/errors.ts";
import type { HubConfig } from "../base/config.ts";
import { LIMITS } from "../base/limits.ts";
import { TextWatch } from "./echo-text-watch.ts";

const INVALID_TEXT = 1007;
/** Never empty: some clients hang on a frame without payload (protocol 3.8). */
const PING = "pharos";
/** Never comes back after a close frame (protocol 3.8). */
const HANGS_AFTER_CLOSE = "ESP32 Websocket Client";

export interface EchoParts {
  readonly ws: WebSocket;
  readonly socket: Socket;
  readonly userAgent: string | undefined;
  readonly config: HubConfig;
  readonly clock: Clock;
}

export class EchoConnection {
  readonly #parts: EchoParts;
  readonly #text: TextWatch;
  /** Messages, pings and pongs that `ws` handed over. */
  #passed = 0;
  #lastHeard: number;
  #lastPing = Number.NEGATIVE_INFINITY;
  #closingSince: number | null = null;

  constructor(parts: EchoParts) {
    this.#parts = parts;
    this.#text = new TextWatch(parts.config.maxMessageSize);
    this.#lastHeard = parts.clock.monotonic();
  }

  start(): void {
    const { ws, socket } = this.#parts;
    // Before `ws`, which takes the mask off in place.
    socket.prependListener("data", (bytes: Buffer) => this.#onBytes(bytes));
    ws.on("message", (data: RawData, isBinary) => {
      this.#answer((sent) => ws.send(data, { binary: isBinary }, sent));
    });
    ws.on("ping", (data) => this.#answer((sent) => ws.pong(data, false, sent)));
    ws.on("pong", () => this.#pass());
    // A fault of the peer: `ws` has closed with its code, and `tick` ends what the peer leaves open.
    ws.on("error", () => {});
  }

  /** Called by the door's one timer; `now` is monotonic. */
  tick(now: number): void {
    const { ws, config } = this.#parts;
    if (ws.readyState !== WebSocket.OPEN) this.#linger(now);
    else if (this.#lastPing > this.#lastHeard) {
      if (now - this.#lastPing >= config.heartbeatTimeout) this.close("TIMEOUT");
    } else if (now - this.#lastHeard >= config.heartbeatInterval) {
      this.#lastPing = now;
      ws.ping(PING);
    }
  }

  /** Closes without `bye` (protocol 3.8). */
  close(reason: ErrorCode): void {
    const { ws, socket, userAgent } = this.#parts;
    if (ws.readyState !== WebSocket.OPEN) return;
    if (userAgent === HANGS_AFTER_CLOSE) socket.end();
    else ws.close(ERRORS[reason].close, reason);
    this.#closingSince = this.#parts.clock.monotonic();
  }

  /** The peer has a moment to read why the connection ends, and to end it. */
  #linger(now: number): void {
    this.#closingSince ??= now;
    if (now - this.#closingSince >= LIMITS.closeMs) this.#parts.ws.terminate();
  }

  #onBytes(bytes: Buffer): void {
    this.#lastHeard = this.#parts.clock.monotonic();
    this.#text.take(bytes);
    this.#judgeText();
  }

  /** Above the high-water mark nothing more is read, so a peer that does not read cannot fill the hub's memory. */
  #answer(send: (sent: () => void) => void): void {
    const { ws, config } = this.#parts;
    if (ws.readyState === WebSocket.OPEN) {
      send(() => this.#sent());
      if (ws.bufferedAmount > config.highWaterMark) ws.pause();
    }
    this.#pass();
  }

  #sent(): void {
    const { ws, config, clock } = this.#parts;
    if (!ws.isPaused) return;
    // It takes what it is sent, slowly: it lives.
    this.#lastHeard = clock.monotonic();
    if (ws.bufferedAmount <= config.highWaterMark) ws.resume();
  }

  #pass(): void {
    this.#passed += 1;
    this.#judgeText();
  }

  /** What came before the invalid text is answered first. */
  #judgeText(): void {
    const { ws, socket } = this.#parts;
    const { invalidAfter } = this.#text;
    if (invalidAfter === null || this.#passed < invalidAfter || ws.readyState !== WebSocket.OPEN) return;
    ws.close(INVALID_TEXT);
    // It may be in the middle of a frame, and so unable to answer with a close frame.
    socket.end();
  }
}
