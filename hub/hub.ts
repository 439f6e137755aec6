/** Puts the hub together: the only place, with `main.ts`, that knows every part. */
import { createServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket as NetSocket } from "node:net";
import { Server } from "socket.io";
import { type Clock, delay } from "#base/clock.ts";
import { StartError } from "#base/program.ts";
import type { HubInfo } from "#protocol/dashboard-events.ts";
import { wireError } from "#protocol/errors.ts";
import { lanAddresses } from "./base/addresses.ts";
import type { HubConfig } from "./base/config.ts";
import { createGate, type Gate } from "./base/gate.ts";
import { LIMITS } from "./base/limits.ts";
import type { Logger } from "./base/logger.ts";
import type { DeviceStore } from "./devices/store.ts";
import { openBridgeNamespace, openDevicesNamespace } from "./doors/device-namespace.ts";
import { boundPollingClose } from "./doors/engine-io.ts";
import { FairWebSocketServer } from "./doors/fair-websocket-server.ts";
import { PlainDoor } from "./doors/plain-door.ts";
import { PlainEngine } from "./doors/plain-engine.ts";
import { createBroadcast } from "./doors/rooms.ts";
import { createFlows, type Flows } from "./flow/flows.ts";
import { House } from "./flow/house.ts";
import { createApi } from "./outputs/api/create-api.ts";
import { createApp } from "./outputs/app.ts";
import { Dashboard } from "./outputs/dashboard.ts";
import { createMetrics } from "./outputs/metrics.ts";

export interface HubParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Folder with the built page. */
  readonly pageDir: string;
  readonly version: string;
  /** What lasts; the hub closes it. */
  readonly store: DeviceStore;
}

/** Ms in which a client has to send the head of its request; slower ones are cut. */
const HANDSHAKE = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000 };

export class Hub {
  /** What the hub knows and does; tests and later parts look in here. */
  readonly house: House;
  readonly io: Server;
  readonly #config: HubConfig;
  readonly #parts: HubParts;
  readonly #server: HttpServer;
  readonly #engine: PlainEngine;
  readonly #flows: Flows;
  readonly #sockets = new Set<NetSocket>();
  #port = 0;

  constructor(config: HubConfig, parts: HubParts) {
    const { clock, logger, pageDir, store, version } = parts;
    const gate = createGate(config);
    this.#config = config;
    this.#parts = parts;
    this.io = new Server(socketIoOptions(config));
    this.house = new House({ config, clock, logger, broadcast: createBroadcast(this.io), store });
    this.#flows = createFlows(this.house);
    const api = createApi({ house: this.house, ...this.#flows, version });
    const metrics = createMetrics(this.house);
    const degraded = (): readonly string[] | null => (this.#port > 0 ? this.#degraded() : null);
    this.#server = createServer(HANDSHAKE, createApp({ gate, api, logger, pageDir, degraded, metrics }));
    this.#engine = new PlainEngine(config, clock);
    this.#open(gate);
    new Dashboard({ io: this.io, gate, house: this.house, ...this.#flows, hub: () => this.#info() }).start();
  }

  /** Takes up what was kept, and listens. @returns the port; @throws StartError when it cannot */
  async start(): Promise<number> {
    const { host, port } = this.#config;
    this.#flows.arrivals.takeUp();
    this.#flows.attendance.start();
    await listen(this.#server, host, port);
    this.#port = (this.#server.address() as AddressInfo).port;
    this.#engine.start();
    return this.#port;
  }

  /** Closes the door first, then says `bye` to everyone and waits for them, but no longer than `LIMITS.stopMs` (protocol 3.8). */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const pages = this.io.of("/dashboard");
    // Before any connection closes: a page and a device may share one.
    pages.emit("bye", wireError("SHUTDOWN"));
    this.#flows.arrivals.dismissAll();
    this.#engine.close();
    pages.disconnectSockets(true);
    this.#server.closeIdleConnections();
    await Promise.race([closed, delay(this.#parts.clock, LIMITS.stopMs)]);
    for (const socket of this.#sockets) socket.destroy();
    await this.io.close();
    this.#flows.attendance.close();
    this.house.close();
  }

  #open(gate: Gate): void {
    const { io } = this;
    const config = this.#config;
    // The HTTP engine must stay the last one bound: Socket.IO closes only that.
    io.bind(this.#engine);
    io.attach(this.#server, {
      ...socketIoOptions(config),
      allowRequest: (request, next) => allow(gate, request, next),
    });
    boundPollingClose(io);
    new PlainDoor({ config, gate, engine: this.#engine, arrivals: this.#flows.arrivals }).attach(this.#server);
    const door = {
      io,
      engine: this.#engine,
      flows: this.#flows,
      logger: this.#parts.logger,
      maxMessageBytes: config.maxMessageSize,
    };
    openDevicesNamespace(door);
    openBridgeNamespace(door);
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  #info(): HubInfo {
    const { open, heartbeatInterval } = this.#config;
    const addresses = open === "lan" ? lanAddresses(this.#port) : [];
    addresses.push(`http://localhost:${this.#port}`);
    const { version } = this.#parts;
    return { version, open, addresses, heartbeatIntervalMs: heartbeatInterval, degraded: this.#degraded() };
  }

  #degraded(): readonly string[] {
    return this.house.store.isWritable ? [] : ["storage"];
  }
}

function socketIoOptions(config: HubConfig) {
  return {
    pingInterval: config.heartbeatInterval,
    pingTimeout: config.heartbeatTimeout,
    maxHttpBufferSize: config.maxMessageSize * 2,
    connectTimeout: LIMITS.admissionMs,
    // Upgrades that are not Engine.IO's belong to the plain door.
    destroyUpgrade: false,
    serveClient: false,
    wsEngine: FairWebSocketServer,
  };
}

/** Whether an Engine.IO handshake may go on; what commands devices is checked more strictly by its own namespace. */
function allow(gate: Gate, request: IncomingMessage, next: (error: string | null, success: boolean) => void): void {
  try {
    gate(request, "device");
    next(null, true);
  } catch (error) {
    next((error as Error).message, false);
  }
}

function listen(server: HttpServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(new StartError(explain(error, host, port))));
    server.listen({ host, port }, resolve);
  });
}

function explain({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === "EADDRINUSE")
    return `Port ${port} is in use by another program. Choose another with --port ${port < 65_535 ? port + 1 : 5000}.`;
  if (code === "EACCES")
    return `Port ${port} needs more rights than this user has. Choose one above 1023 with --port 5000.`;
  if (code === "EADDRNOTAVAIL")
    return `This computer has no address ${host}. Choose one it has with --host, or leave it out.`;
  return `Cannot listen on ${host} port ${port}: ${message}. Choose others with --host and --port.`;
}
