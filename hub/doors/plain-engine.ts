/** The foreign engine: hands plain WebSockets to Socket.IO as connections of its own kind (`io.bind`), and pings them all by one timer. */
import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { Clock, Timer } from "#base/clock.ts";
import type { HubConfig } from "../base/config.ts";
import { Turn } from "./outbox.ts";
import { PacketReader } from "./packet-reader.ts";
import { PlainConnection } from "./plain-connection.ts";

const TICKS_PER_INTERVAL = 20;

export class PlainEngine extends EventEmitter {
  /** By the request that opened it, which a Socket.IO socket knows as `socket.request`. */
  readonly #connections = new Map<IncomingMessage, PlainConnection>();
  readonly #config: HubConfig;
  readonly #clock: Clock;
  readonly #turn = new Turn();
  readonly #reader = new PacketReader();
  #timer: Timer | null = null;

  constructor(config: HubConfig, clock: Clock) {
    super();
    this.#config = config;
    this.#clock = clock;
  }

  start(): void {
    const { heartbeatInterval, heartbeatTimeout } = this.#config;
    this.#timer = this.#clock.every(Math.min(heartbeatInterval, heartbeatTimeout) / TICKS_PER_INTERVAL, () =>
      this.#tick(),
    );
  }

  /** Takes an upgraded WebSocket. */
  accept(ws: WebSocket, socket: Socket, request: IncomingMessage, auth: { id: string; nameless: boolean }): void {
    const shared = { config: this.#config, clock: this.#clock, turn: this.#turn, reader: this.#reader };
    const connection = new PlainConnection({ id: randomUUID(), ws, socket, request, ...shared });
    this.#connections.set(request, connection);
    connection.once("close", () => this.#connections.delete(request));
    this.emit("connection", connection);
    connection.start(auth);
  }

  /** The plain connection below a Socket.IO socket; null when the socket came in by another engine. */
  connectionOf(request: IncomingMessage): PlainConnection | null {
    return this.#connections.get(request) ?? null;
  }

  close(): void {
    this.#timer?.cancel();
    for (const connection of this.#connections.values()) connection.close("SHUTDOWN");
  }

  #tick(): void {
    const now = this.#clock.monotonic();
    for (const connection of this.#connections.values()) {
      if (connection.liveness.tick(now)) connection.close("TIMEOUT");
    }
  }
}
