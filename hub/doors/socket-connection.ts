/** A device's Socket.IO socket, of `/devices` or `/bridge`, as the inner floors see it. */
import type { Socket } from "socket.io";
import { type ErrorCode, PharosError, wireError } from "#protocol/errors.ts";
import { formatEvent } from "#protocol/frames.ts";
import type { HubEvents } from "#protocol/hub-events.ts";
import type { Door, PresenceReason } from "#protocol/views.ts";
import type { Connection } from "../devices/connection.ts";
import type { MessageSize } from "../devices/message-size.ts";
import { measureRoundTrip, proveEngineIo } from "./engine-io.ts";
import type { PlainConnection } from "./plain-connection.ts";
import { toSocketRoom } from "./rooms.ts";

export class SocketConnection implements Connection {
  readonly door: Door;
  readonly nameless: boolean;
  readonly #socket: Socket;
  /** The plain connection below, or null for a Socket.IO client. */
  readonly #plain: PlainConnection | null;
  readonly #roundTrip: () => number | null;
  /** Asked at each message; nobody else puts the socket into rooms of devices. */
  #rooms: readonly string[] = [];
  #dismissed: ErrorCode | null = null;
  /** Those who wait for an answer are told when the socket is gone; null before the first. */
  #asking: Set<() => void> | null = null;

  constructor(socket: Socket, plain: PlainConnection | null, nameless: boolean) {
    this.#socket = socket;
    this.#plain = plain;
    this.nameless = nameless;
    this.door = plain?.door ?? "socket.io";
    this.#roundTrip = plain === null ? measureRoundTrip(socket.conn) : () => plain.liveness.roundTripMs;
  }

  get roundTripMs(): number | null {
    return this.#roundTrip();
  }

  get socketId(): string {
    return this.#socket.id;
  }

  get address(): string {
    return this.#socket.conn.remoteAddress.replace(/^::ffff:/, "");
  }

  tell<E extends keyof HubEvents>(event: E, data: HubEvents[E]): void {
    this.#socket.emit(event, data);
  }

  async ask<E extends "set" | "action">(event: E, data: HubEvents[E], timeoutMs: number): Promise<unknown> {
    if (!this.#socket.connected) throw new PharosError("OFFLINE");
    if (this.#plain !== null && formatEvent(event, data, Number.MAX_SAFE_INTEGER).length > this.#plain.maxFrameBytes) {
      throw new PharosError("TOO_BIG", `The device takes frames of at most ${this.#plain.maxFrameBytes} bytes.`);
    }
    const asking = this.#watch();
    return new Promise((resolve, reject) => {
      const onGone = (): void => reject(new PharosError("OFFLINE"));
      asking.add(onGone);
      this.#socket.timeout(timeoutMs).emit(event, data, (silent: Error | null, answer: unknown) => {
        asking.delete(onGone);
        if (silent === null) resolve(answer);
        else reject(new PharosError("TIMEOUT"));
      });
    });
  }

  #watch(): Set<() => void> {
    if (this.#asking !== null) return this.#asking;
    const asking = new Set<() => void>();
    this.#socket.once("disconnect", () => {
      for (const onGone of asking) onGone();
    });
    this.#asking = asking;
    return asking;
  }

  prove(ms: number): Promise<boolean> {
    return this.#plain === null ? proveEngineIo(this.#socket.conn, ms) : this.#plain.liveness.prove(ms);
  }

  setRooms(rooms: readonly string[]): void {
    const wanted = new Set(rooms);
    for (const room of this.#rooms) if (!wanted.has(room)) void this.#socket.leave(toSocketRoom(room));
    void this.#socket.join(rooms.map(toSocketRoom));
    this.#rooms = [...wanted];
  }

  rooms(): readonly string[] {
    return this.#rooms;
  }

  isTooSmallFor({ frame, line }: MessageSize, rooms?: readonly string[]): boolean {
    if (this.#plain === null) return false;
    const bytes = this.#plain.door === "websocket" ? frame : line;
    if (bytes <= this.#plain.maxFrameBytes) return false;
    return rooms === undefined || rooms.some((room) => this.#socket.rooms.has(toSocketRoom(room)));
  }

  /** The device declared how often it beats, ms: what a door without pings judges its life by (protocol 3.11). */
  expectBeat(beatMs: number): void {
    this.#plain?.liveness.expectBeat(beatMs);
  }

  limitFrames(bytes: number): void {
    if (this.#plain !== null) this.#plain.maxFrameBytes = bytes;
  }

  dismiss(code: ErrorCode): void {
    this.#dismissed = code;
    this.#socket.emit("bye", wireError(code));
    this.#socket.disconnect(true);
  }

  /** Why the socket closed, from Socket.IO's word for it (protocol 6.2). */
  closeReason(reason: string): PresenceReason {
    if (this.#dismissed === "REPLACED") return "replaced";
    if (this.#dismissed === "SHUTDOWN" || reason === "server shutting down") return "shutdown";
    return reason === "ping timeout" ? "silent" : "closed";
  }
}
