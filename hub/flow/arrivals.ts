/** How a device comes and goes: admitted, connected, introduced, gone (protocol 2.8, 4.1, 6.2, 6.3). Doors call this. */
import type { Hello } from "#protocol/device-events.ts";
import { PharosError } from "#protocol/errors.ts";
import type { Welcome } from "#protocol/hub-events.ts";
import { isId } from "#protocol/names.ts";
import { sameValue, type Value, type Values } from "#protocol/values.ts";
import type { PresenceReason } from "#protocol/views.ts";
import { type Principal, requireDevice } from "../access/principal.ts";
import type { Admission } from "../devices/admission.ts";
import type { Connection } from "../devices/connection.ts";
import type { Device } from "../devices/device.ts";
import { checkIntake } from "../devices/intake.ts";
import { acquireOrder } from "./acquisition.ts";
import type { Actions } from "./actions.ts";
import type { Attendance } from "./attendance.ts";
import type { Dials } from "./dials.ts";
import type { House } from "./house.ts";
import { LOBBY } from "./register.ts";
import type { Session } from "./session.ts";
import type { TextCommands } from "./text-commands.ts";
import type { Wishes } from "./wishes.ts";

export interface ArrivalParts {
  readonly admission: Admission;
  readonly wishes: Wishes;
  readonly actions: Actions;
  readonly attendance: Attendance;
  readonly commands: TextCommands;
  readonly dials: Dials;
}

export class Arrivals {
  readonly #house: House;
  readonly #parts: ArrivalParts;

  constructor(house: House, parts: ArrivalParts) {
    this.#house = house;
    this.#parts = parts;
  }

  /** Takes up the devices, and whom to dial, that were kept when the hub last stopped. Called once, before anyone connects. */
  takeUp(): void {
    const house = this.#house;
    const { devices, hubDown, dials } = house.store.load(house.clock.now());
    for (const stored of devices) {
      const device = this.#parts.wishes.createDevice(stored.id, stored.lastSeen);
      device.takeUp(stored);
      house.registry.add(device);
      this.#parts.actions.resume(device);
    }
    this.#parts.attendance.takeUp(hubDown);
    this.#parts.dials.takeUp(dials);
  }

  /**
   * Reserves an id for a newcomer, asking the one who has it whether it lives.
   * @throws PharosError `DUPLICATE`
   */
  admit(id: string): Promise<void> {
    return this.#parts.admission.admit(id, () => this.#house.registry.get(id)?.connection ?? null);
  }

  /** A client that was admitted went away before it was here. */
  withdraw(id: string): void {
    this.#parts.admission.arrived(id);
  }

  /** A client that was admitted is here. @throws PharosError `TOO_MANY` when the hub can keep no more devices in mind */
  connect(id: string, connection: Connection, principal: Principal): Session {
    const device = this.#find(id);
    device.hubGiven = connection.nameless;
    this.#takeOver(device, connection);
    this.#house.logger.info({ event: "connected", id, door: connection.door }, `${id} connected (${connection.door})`);
    return { device, connection, principal };
  }

  /**
   * A device that the hub named says its own id, and no more than that (protocol 2.4).
   * @throws PharosError `BAD_ID`, `DUPLICATE`
   */
  async name(session: Session, id: string): Promise<void> {
    if (!isId(id)) throw new PharosError("BAD_ID");
    if (session.device.hubGiven) await this.#rename(session, id);
  }

  /**
   * The device says who it is. The door answers with the result, then calls `restore`.
   * @throws PharosError `INVALID_VALUE`, `DUPLICATE`
   */
  async hello(session: Session, hello: Hello): Promise<Welcome> {
    if (session.device.hubGiven && hello.id !== undefined) await this.#rename(session, hello.id);
    const { device, connection } = session;
    const declared = hello.properties === undefined ? device.properties : new Map(Object.entries(hello.properties));
    checkIntake(device, [hello.state ?? {}], declared);
    device.introduce(hello);
    if (hello.maxFrame !== undefined) connection.limitFrames(hello.maxFrame);
    connection.setRooms([...device.rooms]);
    this.#parts.attendance.declared(device, hello);
    this.#house.keep(device);
    this.#takeState(device, hello);
    this.#house.tell({ id: device.id, about: true, link: true, properties: [...device.state.keys()] });
    return this.#welcome(device);
  }

  /** Sends what was last asked and differs from what the device said it is, or is absent from it (protocol 6.3). */
  restore({ device, connection }: Session, present: Values): void {
    if (device.connection !== connection) return;
    // That it is to sample stands in the welcome; how often does not.
    const order = acquireOrder(this.#house.running, device.id);
    if (order.intervalMs !== undefined) connection.tell("acquire", order);
    const differing: Record<string, Value> = {};
    for (const [name, value] of Object.entries(device.desired())) {
      const declared = device.properties.get(name);
      if (declared === undefined || declared.readOnly) continue;
      if (sameValue(present[name], value)) this.#parts.wishes.markApplied(device, name);
      else differing[name] = value;
    }
    this.#parts.wishes.resend(device, differing);
    void this.#parts.actions.deliver(device);
  }

  /** A client that states its name is greeted in the way of its door. */
  greet({ device, connection }: Session, name: string | undefined): void {
    if (name === undefined) return;
    this.#house.logger.info({ event: "greeted", id: device.id }, `client ${name} connected`);
    connection.tell("message", `Hello, ${name}!`);
  }

  /** A device that has no socket says something over HTTP. @throws PharosError `TOO_MANY` */
  visit(id: string): Device {
    const device = this.#find(id);
    if (device.connection === null) this.#parts.attendance.visits(device);
    return device;
  }

  /** The hub stops: every device is told, and its log says why it went. */
  dismissAll(): void {
    for (const { connection } of this.#house.registry.all()) connection?.dismiss("SHUTDOWN");
  }

  disconnect(session: Session, reason: PresenceReason): void {
    const { device, connection } = session;
    this.#parts.commands.forget(connection);
    if (device.connection !== connection) return;
    device.connection = null;
    device.setter.drop();
    this.#parts.wishes.waitForReturn(device);
    this.#parts.attendance.closed(device, reason);
    this.#house.keep(device);
    this.#house.logger.info({ event: "disconnected", id: device.id, reason }, `${device.id} is gone (${reason})`);
    if (device.hubGiven) this.#forgetNameless(device);
  }

  #find(id: string): Device {
    const { registry, config, clock } = this.#house;
    const known = registry.get(id);
    if (known !== undefined) return known;
    if (registry.size >= config.maxDevices) this.#makeRoom();
    const device = this.#parts.wishes.createDevice(id, clock.now());
    registry.add(device);
    return device;
  }

  #makeRoom(): void {
    const { registry } = this.#house;
    const away = registry.longestAway();
    if (away === undefined)
      throw new PharosError("TOO_MANY", "The hub keeps no more devices. Remove some, or raise --max-devices.");
    this.#house.forget(away);
  }

  #takeOver(device: Device, connection: Connection): void {
    const replaced = device.connection !== null;
    if (replaced) device.setter.drop();
    this.#parts.admission.arrived(device.id);
    device.connection = connection;
    device.door = connection.door;
    device.address = connection.address;
    device.counterOffset = null;
    connection.setRooms(connection.door === "socket.io" ? [...device.rooms] : [LOBBY]);
    this.#parts.attendance.connected(device, replaced);
    this.#house.keep(device);
    this.#house.tell({ id: device.id, about: true, properties: [...device.state.keys()] });
  }

  /** At `/` and on TCP the first `hello` may name the device (protocol 2.8). */
  async #rename(session: Session, id: string): Promise<void> {
    const { device, connection } = session;
    if (id === device.id) return;
    requireDevice(session.principal, id);
    await this.admit(id);
    // While the one with that id was asked whether it lives, this one may have gone, or taken another name.
    if (device.connection !== connection) {
      this.withdraw(id);
      throw new PharosError("OFFLINE");
    }
    this.#forgetNameless(device);
    session.device = this.#find(id);
    this.#takeOver(session.device, session.connection);
  }

  #forgetNameless(device: Device): void {
    device.connection = null;
    this.#house.forget(device);
  }

  #takeState(device: Device, hello: Hello): void {
    const now = this.#house.clock.now();
    this.#house.samples.put(device, hello.state ?? {}, { at: now });
    for (const [name, value] of Object.entries(hello.state ?? {})) {
      const state = device.stateOf(name);
      state.reported = { value, at: now };
      this.#house.keepReported(device, name);
      if (!hello.adopt) continue;
      state.desired = { value, by: "device", at: now, status: "applied" };
      this.#house.keepDesired(device, name);
    }
  }

  #welcome(device: Device): Welcome {
    const { name, rooms } = device.about();
    const time = this.#house.clock.now();
    return {
      id: device.id,
      name,
      time,
      rooms,
      desired: device.desired(),
      acquiring: acquireOrder(this.#house.running, device.id).running,
      protocol: 1,
    };
  }
}
