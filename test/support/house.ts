/** The flows of a hub without its doors: devices are stand-ins that do what a test says, under a fake clock. */
import { readOptions } from "#base/options.ts";
import type { Said } from "#protocol/dashboard-events.ts";
import { type ErrorCode, PharosError } from "#protocol/errors.ts";
import type { AcquireFrame } from "#protocol/hub-events.ts";
import { Access } from "../../hub/access/access.ts";
import { MemoryAuditLog } from "../../hub/access/audit-log.ts";
import { MemoryAccessStore } from "../../hub/access/memory-access-store.ts";
import { EVERYBODY } from "../../hub/access/principal.ts";
import { HUB_OPTIONS } from "../../hub/base/config.ts";
import { createLogger } from "../../hub/base/logger.ts";
import type { Connection } from "../../hub/devices/connection.ts";
import { MemoryStore } from "../../hub/devices/memory-store.ts";
import { createFlows } from "../../hub/flow/flows.ts";
import { House } from "../../hub/flow/house.ts";
import type { Session } from "../../hub/flow/session.ts";
import { MemoryHistory } from "../../hub/history/memory-history.ts";
import { fakeClock } from "./fake-clock.ts";

/** A connection of a device that answers nothing by itself. */
export class FakeConnection implements Connection {
  readonly socketId: string;
  readonly door = "websocket";
  readonly address = "127.0.0.1";
  readonly nameless: boolean;
  /** Answers a ping of the hub, or is silent. */
  isAlive = false;
  /** What a question of the hub is answered with; never by default. */
  answer: (event: string, data: unknown) => Promise<unknown> = () => new Promise(() => {});
  readonly roundTripMs = null;
  readonly asked: Array<readonly [string, unknown]> = [];
  /** What it was told and not asked. */
  readonly told: Array<readonly [string, unknown]> = [];
  readonly dismissed: ErrorCode[] = [];
  onDismiss: () => void = () => {};
  #rooms: readonly string[] = [];
  readonly #wait: (ms: number) => Promise<void>;

  constructor(socketId: string, nameless: boolean, wait: (ms: number) => Promise<void>) {
    this.socketId = socketId;
    this.nameless = nameless;
    this.#wait = wait;
  }

  tell(event: string, data: unknown): void {
    this.told.push([event, data]);
  }

  ask(event: string, data: unknown, timeoutMs: number): Promise<unknown> {
    this.asked.push([event, data]);
    const silence = this.#wait(timeoutMs).then(() => Promise.reject(new PharosError("TIMEOUT")));
    return Promise.race([this.answer(event, data), silence]);
  }

  async prove(ms: number): Promise<boolean> {
    if (!this.isAlive) await this.#wait(ms);
    return this.isAlive;
  }

  setRooms(rooms: readonly string[]): void {
    this.#rooms = [...rooms];
  }

  rooms(): readonly string[] {
    return this.#rooms;
  }

  isTooSmallFor(): boolean {
    return false;
  }

  limitFrames(): void {}

  dismiss(code: ErrorCode): void {
    this.dismissed.push(code);
    this.onDismiss();
  }
}

/** @param args options of the hub, as on its command line */
export function testHouse(args: readonly string[] = []) {
  const clock = fakeClock();
  const config = readOptions(HUB_OPTIONS, args, {});
  const said: Array<Pick<Said, "from" | "text">> = [];
  const orders: AcquireFrame[] = [];
  const messages: Array<readonly [readonly string[], string]> = [];
  const broadcast = {
    message: (rooms: readonly string[], text: string) => void messages.push([rooms, text]),
    binary: () => {},
    stream: (room: string, text: string) => void messages.push([[room], text]),
    acquire: (order: AcquireFrame) => void orders.push(order),
    count: async () => 0,
  };
  const log: string[] = [];
  const logger = createLogger(true, (line) => log.push(line));
  const history = new MemoryHistory({ clock });
  const access = new Access({ config, clock, store: new MemoryAccessStore(), audit: new MemoryAuditLog() });
  const house = new House({ config, clock, logger, broadcast, store: new MemoryStore(), history, access });
  house.events.on("said", (line) => said.push(line));
  const flows = createFlows(house);
  const { arrivals } = flows;
  let sockets = 0;

  /** A device that comes in as through a door: admitted, then connected, gone when it is dismissed. */
  async function connect(id: string, nameless = false): Promise<{ session: Session; connection: FakeConnection }> {
    await arrivals.admit(id);
    return enter(id, nameless);
  }

  /** The second half of `connect`. */
  function enter(id: string, nameless = false): { session: Session; connection: FakeConnection } {
    sockets += 1;
    const wait = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));
    const connection = new FakeConnection(`socket${sockets}`, nameless, wait);
    const session = arrivals.connect(id, connection, EVERYBODY);
    connection.onDismiss = () => arrivals.disconnect(session, "replaced");
    return { session, connection };
  }

  return { clock, house, access, history, log, ...flows, said, messages, orders, connect, enter };
}
