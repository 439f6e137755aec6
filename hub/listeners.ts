/** The ports at which the hub is reached: page, REST and doors; devices alone; lines of TCP. Made by `hub.ts`. */
import { createServer, type Server as HttpServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Server as NetServer, Socket } from "node:net";
import type { Clock } from "#base/clock.ts";
import { StartError } from "#base/program.ts";
import { DEFAULT_TCP_PORT, type HubConfig } from "./base/config.ts";
import { ConnectionLimits } from "./base/connection-limits.ts";
import { listen } from "./base/listening.ts";
import type { Logger } from "./base/logger.ts";
import { readTls } from "./base/tls.ts";

/** Ms in which a client has to send the head of its request; slower ones are cut. */
const HANDSHAKE = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000 };

export interface Ports {
  readonly main: number;
  /** Of the listener for devices alone; null without one. */
  readonly devices: number | null;
  /** Of the TCP door; null without one. */
  readonly tcp: number | null;
}

export class Listeners {
  readonly main: HttpServer;
  /** Without TLS; null without one. */
  readonly devices: HttpServer | null;
  /** Null until the hub listens. */
  ports: Ports | null = null;
  readonly #config: HubConfig;
  readonly #logger: Logger;
  readonly #limits: ConnectionLimits;
  readonly #sockets = new Set<Socket>();

  /** @throws StartError when the certificate is none */
  constructor(
    config: HubConfig,
    { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
    app: RequestListener,
    deviceApp: RequestListener,
  ) {
    const tls = readTls(config);
    this.#config = config;
    this.#logger = logger;
    this.#limits = new ConnectionLimits(config, clock);
    this.main = tls === null ? createServer(HANDSHAKE, app) : createSecureServer({ ...HANDSHAKE, ...tls }, app);
    this.devices = config.devicePort === 0 ? null : createServer(HANDSHAKE, deviceApp);
    this.#remember(this.main);
    if (this.devices !== null) this.#remember(this.devices);
  }

  /** Those that take upgrades. */
  get servers(): readonly HttpServer[] {
    return this.devices === null ? [this.main] : [this.main, this.devices];
  }

  /** @param tcp the server of the TCP door @throws StartError when a port cannot be had */
  async open(tcp: NetServer): Promise<Ports> {
    const { host, port, devicePort } = this.#config;
    this.#remember(tcp);
    try {
      const main = await listen(this.main, { host, port, flag: "--port" });
      const wanted = devicePort === "auto" ? 0 : devicePort;
      const devices =
        this.devices === null ? null : await listen(this.devices, { host, port: wanted, flag: "--device-port" });
      this.ports = { main, devices, tcp: await this.#openTcp(tcp) };
      return this.ports;
    } catch (error) {
      for (const server of this.servers) server.close();
      throw error;
    }
  }

  /** Takes nobody any more. @returns when the last one is gone */
  close(): Promise<unknown> {
    return Promise.all(this.servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  closeIdle(): void {
    for (const server of this.servers) server.closeIdleConnections();
  }

  /** What is still open is cut. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** The port that nobody chose may be taken: then it is another where no port matters, else there is no such door. */
  async #openTcp(server: NetServer): Promise<number | null> {
    const { host, port, tcpPort } = this.#config;
    if (tcpPort === 0) return null;
    const open = (wanted: number) => listen(server, { host, port: wanted, flag: "--tcp-port" });
    if (tcpPort !== null) return open(tcpPort === "auto" ? 0 : tcpPort);
    try {
      return await open(DEFAULT_TCP_PORT);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      if (port === 0) return open(0);
      this.#logger.warn({ event: "no-tcp" }, `No door for plain TCP: ${error.message}`);
      return null;
    }
  }

  #remember(server: NetServer): void {
    server.on("connection", (socket) => {
      if (!this.#limits.admit(socket)) return;
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }
}
