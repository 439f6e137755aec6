/** The door `/echo`: returns each message as it came, for learning and for testing clients (protocol 2.6). */
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { WebSocketServer } from "ws";
import type { Clock, Timer } from "#base/clock.ts";
import { PharosError } from "#protocol/errors.ts";
import type { Access } from "../access/access.ts";
import { NOBODY } from "../access/principal.ts";
import type { HubConfig } from "../base/config.ts";
import type { Gate } from "../base/gate.ts";
import { LIMITS } from "../base/limits.ts";
import { EchoConnection } from "./echo-connection.ts";
import { FairWebSocketServer } from "./fair-websocket-server.ts";
import { refuse } from "./refusal.ts";

/** How often the connections are looked at: often in an interval, and often while one is closing. */
const TICKS_PER_INTERVAL = 20;
const LONGEST_TICK_MS = 500;
/** A message may come in many fragments, but not in so many that their bookkeeping outweighs it. */
const FRAGMENTS = { least: 16_384, bytesEach: 64 };

export interface EchoDoorParts {
  readonly config: HubConfig;
  readonly gate: Gate;
  readonly access: Access;
  readonly clock: Clock;
}

/** Whether a request is for this door; the others leave it alone. */
export function isEchoRequest({ url }: IncomingMessage): boolean {
  return url?.split("?", 1)[0] === "/echo";
}

export class EchoDoor {
  readonly #parts: EchoDoorParts;
  readonly #websockets: WebSocketServer;
  readonly #connections = new Set<EchoConnection>();
  #timer: Timer | null = null;
  #isClosing = false;

  constructor(parts: EchoDoorParts) {
    const { maxMessageSize } = parts.config;
    this.#parts = parts;
    this.#websockets = new FairWebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      // Nothing is said before the close (protocol 3.8), so one byte more is already too much: 1009.
      maxPayload: maxMessageSize,
      maxFragments: Math.max(FRAGMENTS.least, maxMessageSize / FRAGMENTS.bytesEach),
      // A pong is an answer like others: it counts against the high-water mark.
      autoPong: false,
    });
    this.#websockets.on("wsClientError", (error, socket) =>
      refuse(socket as Socket, new PharosError("BAD_REQUEST", error.message)),
    );
  }

  attach(server: Server): void {
    server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
      if (isEchoRequest(request)) this.#upgrade(request, socket, head);
    });
  }

  start(): void {
    const { clock, config } = this.#parts;
    const interval = Math.min(config.heartbeatInterval, config.heartbeatTimeout) / TICKS_PER_INTERVAL;
    this.#timer = clock.every(Math.min(interval, LONGEST_TICK_MS), () => {
      const now = clock.monotonic();
      for (const connection of this.#connections) connection.tick(now);
    });
  }

  /** Closes every connection; the timer goes on until the last has ended. */
  close(): void {
    this.#isClosing = true;
    for (const connection of this.#connections) connection.close("SHUTDOWN");
    this.#rest();
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const ignore = (): void => {};
    // A peer may reset at any moment of the handshake; `ws` takes over once it is done.
    socket.on("error", ignore);
    try {
      this.#admit(request);
      if (this.#isClosing) throw new PharosError("SHUTDOWN");
      if (this.#connections.size >= LIMITS.echoConnections) throw new PharosError("TOO_MANY");
      this.#websockets.handleUpgrade(request, socket, head, (ws) => {
        socket.off("error", ignore);
        socket.setNoDelay(true);
        const { config, clock } = this.#parts;
        const connection = new EchoConnection({
          ws,
          socket,
          config,
          clock,
          userAgent: request.headers["user-agent"],
        });
        this.#connections.add(connection);
        ws.once("close", () => {
          this.#connections.delete(connection);
          this.#rest();
        });
        connection.start();
      });
    } catch (error) {
      refuse(socket, error);
    }
  }

  /** Whoever is known may listen to its own echo. @throws PharosError `UNAUTHORIZED`, `BAD_HOST`, `BAD_ORIGIN` */
  #admit(request: IncomingMessage): void {
    const { gate, access } = this.#parts;
    const token = new URLSearchParams(request.url?.split("?", 2)[1]).get("token") ?? undefined;
    const principal = access.identify(request, token);
    gate(request, "device", principal.ref !== null);
    if (principal === NOBODY) throw new PharosError("UNAUTHORIZED");
  }

  #rest(): void {
    if (this.#isClosing && this.#connections.size === 0) this.#timer?.cancel();
  }
}
