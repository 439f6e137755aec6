/** The foreign engine: hands plain connections to Socket.IO as connections of its own kind (`io.bind`), and watches their life by one timer. */
import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Clock, Timer } from "#base/clock.ts";
import type { HubConfig } from "../base/config.ts";
import { SentTexts } from "./echo-memory.ts";
import { type Framing, LINE_FRAMING, WEBSOCKET_FRAMING } from "./framing.ts";
import { Turn } from "./outbox.ts";
import { PacketReader } from "./packet-reader.ts";
import { PlainConnection, type Visitor } from "./plain-connection.ts";
import type { PlainTransport } from "./plain-transport.ts";

const TICKS_PER_INTERVAL = 20;

export class PlainEngine extends EventEmitter {
  /** By the request that opened it, which a Socket.IO socket knows as `socket.request`. */
  readonly #connections = new Map<IncomingMessage, PlainConnection>();
  readonly #config: HubConfig;
  readonly #clock: Clock;
  readonly #turn = new Turn();
  readonly #texts: SentTexts;
  readonly #readers: ReadonlyMap<Framing, PacketReader>;
  #timer: Timer | null = null;

  constructor(config: HubConfig, clock: Clock) {
    super();
    this.#config = config;
    this.#clock = clock;
    this.#texts = new SentTexts(clock);
    this.#readers = new Map(
      [WEBSOCKET_FRAMING, LINE_FRAMING].map((one) => [one, new PacketReader(one, this.#texts, this.#turn)]),
    );
  }

  start(): void {
    const { heartbeatInterval, heartbeatTimeout } = this.#config;
    this.#timer = this.#clock.every(Math.min(heartbeatInterval, heartbeatTimeout) / TICKS_PER_INTERVAL, () =>
      this.#tick(),
    );
  }

  /**
   * Takes a connection whose visitor was admitted.
   * @param request that opened it, or a stand-in where there is none; its own for each
   */
  accept(transport: PlainTransport, request: IncomingMessage, visitor: Visitor): PlainConnection {
    const { framing } = transport;
    const reader = this.#readers.get(framing) ?? new PacketReader(framing, this.#texts, this.#turn);
    const shared = { config: this.#config, clock: this.#clock, turn: this.#turn, reader, texts: this.#texts };
    const connection = new PlainConnection({ id: randomUUID(), transport, request, ...shared });
    this.#connections.set(request, connection);
    connection.once("close", () => this.#connections.delete(request));
    this.emit("connection", connection);
    connection.start(visitor);
    return connection;
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
