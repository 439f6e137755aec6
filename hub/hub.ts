/** Puts the hub together: the only place, with `main.ts`, that knows every part. */
import type { Server as EngineServer } from "engine.io";
import { Server } from "socket.io";
import { type Clock, delay } from "#base/clock.ts";
import type { HubInfo } from "#protocol/dashboard-events.ts";
import { wireError } from "#protocol/errors.ts";
import { Access } from "./access/access.ts";
import type { AccessStore } from "./access/access-store.ts";
import type { AuditLog } from "./access/audit-log.ts";
import type { Backup } from "./backup/backup.ts";
import { AddressRates } from "./base/address-rates.ts";
import { lanAddresses } from "./base/addresses.ts";
import type { HubConfig } from "./base/config.ts";
import { createGate, type Gate } from "./base/gate.ts";
import { LIMITS } from "./base/limits.ts";
import type { Logger } from "./base/logger.ts";
import type { DeviceStore } from "./devices/store.ts";
import { refuseOldClients } from "./doors/course-clients.ts";
import { openBridgeNamespace, openDevicesNamespace } from "./doors/device-namespace.ts";
import { Dialler } from "./doors/dialler.ts";
import { EchoDoor } from "./doors/echo-door.ts";
import { engineGate } from "./doors/engine-gate.ts";
import { boundPollingClose, joinWrites } from "./doors/engine-io.ts";
import { FairWebSocketServer } from "./doors/fair-websocket-server.ts";
import { PlainDoor } from "./doors/plain-door.ts";
import { PlainEngine } from "./doors/plain-engine.ts";
import { createBroadcast } from "./doors/rooms.ts";
import { TcpDoor } from "./doors/tcp-door.ts";
import { createFlows, type Flows } from "./flow/flows.ts";
import { House } from "./flow/house.ts";
import type { HistoryStore } from "./history/store.ts";
import { Listeners } from "./listeners.ts";
import { createApi } from "./outputs/api/create-api.ts";
import { createApp } from "./outputs/app.ts";
import { CourseLight } from "./outputs/course-light.ts";
import { CoursePage } from "./outputs/course-page.ts";
import { createCourseRoutes } from "./outputs/course-routes.ts";
import { Dashboard } from "./outputs/dashboard.ts";
import { createDeviceApp } from "./outputs/device-app.ts";
import { createMetrics } from "./outputs/metrics.ts";

export interface HubParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Folder with the built page. */
  readonly pageDir: string;
  readonly version: string;
  /** What lasts; the hub closes it. */
  readonly store: DeviceStore;
  /** Every sample; the hub opens and closes it. */
  readonly history: HistoryStore;
  /** Who may do what; the hub closes both. */
  readonly accessStore: AccessStore;
  readonly audit: AuditLog;
  /** None for a hub without a disk. */
  readonly backup?: Backup;
}

export class Hub {
  /** What the hub knows and does; tests and later parts look in here. */
  readonly house: House;
  readonly io: Server;
  readonly #config: HubConfig;
  readonly #parts: HubParts;
  readonly #listeners: Listeners;
  readonly #engine: PlainEngine;
  readonly #echo: EchoDoor;
  readonly #course: CoursePage;
  readonly #tcpDoor: TcpDoor;
  readonly #dialler: Dialler;
  readonly #flows: Flows;
  readonly #access: Access;
  /** One-time key for the first sign-in, after the start; null when somebody can sign in, or nobody has to. */
  setupKey: string | null = null;

  constructor(config: HubConfig, parts: HubParts) {
    const { clock, logger, pageDir, store, history, accessStore, audit, version } = parts;
    const gate = createGate(config, () => this.devicePort);
    const access = new Access({ config, clock, store: accessStore, audit });
    this.#access = access;
    this.#config = config;
    this.#parts = parts;
    this.io = new Server(socketIoOptions(config));
    this.house = new House({ config, clock, logger, broadcast: createBroadcast(this.io), store, history, access });
    this.#flows = createFlows(this.house);
    const api = createApi({ house: this.house, access, ...this.#flows, version, backup: parts.backup ?? null });
    const metrics = createMetrics(this.house);
    const degraded = (): readonly string[] | null => (this.#listeners.ports === null ? null : this.#degraded());
    const light = new CourseLight({ house: this.house, wishes: this.#flows.wishes, device: config.ledDevice });
    const course = createCourseRoutes(light);
    const isSecure = config.tlsCert !== "";
    const requests = config.limits ? new AddressRates(LIMITS.requestRate, clock) : null;
    const app = createApp({ gate, access, api, course, logger, pageDir, degraded, metrics, isSecure, requests });
    this.#listeners = new Listeners(config, { clock, logger }, app, createDeviceApp({ gate, api, logger }));
    this.#engine = new PlainEngine(config, clock);
    this.#echo = new EchoDoor({ config, gate, access, clock });
    const plain = { config, clock, access, engine: this.#engine, ...this.#flows };
    this.#tcpDoor = new TcpDoor(plain);
    this.#dialler = new Dialler({
      ...plain,
      ownPorts: () => Object.values(this.#listeners.ports ?? {}) as (number | null)[],
    });
    this.#open(gate);
    light.start();
    this.#course = new CoursePage({ io: this.io, gate, access, light, logger, maxMessageBytes: config.maxMessageSize });
    this.#course.start();
    new Dashboard({ io: this.io, gate, access, house: this.house, ...this.#flows, hub: () => this.#info() }).start();
  }

  /** Of the TCP door; null without one. */
  get tcpPort(): number | null {
    return this.#listeners.ports?.tcp ?? null;
  }

  /** Of the listener for devices alone; null without one. */
  get devicePort(): number | null {
    return this.#listeners.ports?.devices ?? null;
  }

  /** Takes up what was kept, and listens. @returns the port; @throws StartError when it cannot */
  async start(): Promise<number> {
    await this.house.history.open();
    try {
      return await this.#start();
    } catch (error) {
      // Its thread would keep a process alive that cannot serve.
      await this.house.history.close();
      throw error;
    }
  }

  async #start(): Promise<number> {
    this.setupKey = this.#access.start();
    await this.#flows.acquisition.takeUp();
    this.#flows.arrivals.takeUp();
    this.#flows.attendance.start();
    const { main } = await this.#listeners.open(this.#tcpDoor.server);
    this.#engine.start();
    this.#dialler.start();
    this.#echo.start();
    return main;
  }

  /** Closes the door first, then says `bye` to everyone and waits for them, but no longer than `LIMITS.stopMs` (protocol 3.8). */
  async close(): Promise<void> {
    const closed = [this.#listeners.close(), this.#tcpDoor.close()];
    const pages = this.io.of("/dashboard");
    // Before any connection closes: a page and a device may share one.
    pages.emit("bye", wireError("SHUTDOWN"));
    this.#dialler.close();
    this.#flows.arrivals.dismissAll();
    this.#engine.close();
    this.#echo.close();
    this.#course.close();
    pages.disconnectSockets(true);
    this.#listeners.closeIdle();
    await Promise.race([Promise.all(closed), delay(this.#parts.clock, LIMITS.stopMs)]);
    this.#listeners.cut();
    await this.io.close();
    this.#flows.attendance.close();
    await this.house.close();
  }

  #open(gate: Gate): void {
    const { io } = this;
    const config = this.#config;
    // The HTTP engine must stay the last one bound: Socket.IO closes only that.
    io.bind(this.#engine);
    const options = { ...socketIoOptions(config), ...engineGate(gate, this.#access) };
    io.attach(this.#listeners.main, options);
    // One engine at both: who comes in by the port for devices is refused by the namespaces that are not for them.
    const { devices } = this.#listeners;
    if (devices !== null) (io.engine as EngineServer).attach(devices, { ...options, path: "/socket.io/" });
    boundPollingClose(io);
    joinWrites(io);
    refuseOldClients(io, ["/devices", "/dashboard"]);
    const plainParts = { config, gate, access: this.#access, engine: this.#engine, arrivals: this.#flows.arrivals };
    const plain = new PlainDoor(plainParts);
    for (const server of this.#listeners.servers) {
      this.#echo.attach(server);
      plain.attach(server);
    }
    const door = {
      io,
      engine: this.#engine,
      flows: this.#flows,
      access: this.#access,
      clock: this.#parts.clock,
      logger: this.#parts.logger,
      config,
    };
    openDevicesNamespace(door);
    openBridgeNamespace(door);
  }

  #info(): HubInfo {
    const { host, open, heartbeatInterval } = this.#config;
    const { main = 0, devices = null } = this.#listeners.ports ?? {};
    const scheme = this.#config.tlsCert === "" ? "http" : "https";
    const addresses = [...lanAddresses(host, main, scheme), `${scheme}://localhost:${main}`];
    const { version } = this.#parts;
    const tcp = this.tcpPort === null ? {} : { tcpPort: this.tcpPort };
    const device = devices === null ? {} : { devicePort: devices };
    return {
      version,
      open: open === "none" ? null : open,
      addresses,
      ...tcp,
      ...device,
      heartbeatIntervalMs: heartbeatInterval,
      degraded: this.#degraded(),
    };
  }

  #degraded(): readonly string[] {
    return this.house.store.isWritable && this.house.history.isWritable ? [] : ["storage"];
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
    // Course pages with a Socket.IO 2 client (protocol 2.7).
    allowEIO3: true,
  };
}
