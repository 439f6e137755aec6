/** Wishes go down one stair: page or REST → allowed? → desired → setter → device → applied → tell (protocol 5, 6.3–6.5, 7.2–7.4). */
import { PharosError, type WireError } from "#protocol/errors.ts";
import { isErrorAnswer } from "#protocol/frames.ts";
import type { SetFrame } from "#protocol/hub-events.ts";
import { isPropertyName } from "#protocol/names.ts";
import { type Value, type Values, valueFault, values } from "#protocol/values.ts";
import { LIMITS } from "../base/limits.ts";
import { Device } from "../devices/device.ts";
import { type SetOutcome, Setter } from "../devices/setter.ts";
import type { House } from "./house.ts";

export interface SetWish {
  readonly device: string;
  readonly property: string;
  readonly value: Value;
  /** ms */
  readonly transition?: number | undefined;
  /** Who asks: `page`, `rest`. */
  readonly by: string;
}

export class Wishes {
  readonly #house: House;

  constructor(house: House) {
    this.#house = house;
  }

  /**
   * Asks a device for a value. The wish is kept when this returns; its outcome follows.
   * @throws PharosError `NO_DEVICE`, `NO_PROPERTY`, `READ_ONLY`, `INVALID_VALUE`
   */
  set(wish: SetWish): Promise<SetOutcome> {
    const device = this.#device(wish.device);
    checkWish(device, wish);
    const state = device.stateOf(wish.property);
    const status = device.connection === null ? "waiting" : "sent";
    state.desired = { value: wish.value, by: wish.by, at: this.#house.clock.now(), status };
    this.#house.tell({ id: device.id, properties: [wish.property] });
    if (device.connection === null) return Promise.resolve({ error: new PharosError("OFFLINE") });
    return device.setter.request(wish.property, wish.value, wish.transition);
  }

  /** Sends stored wishes again to a device that returned. */
  resend(device: Device, desired: Values): void {
    for (const name of Object.keys(desired)) this.#mark(device, name, "sent");
    device.setter.requestAll(desired);
  }

  markApplied(device: Device, property: string): void {
    this.#mark(device, property, "applied");
  }

  /** The device left: what it did not confirm will be set when it returns. */
  waitForReturn(device: Device): void {
    for (const [name, { desired }] of device.state) if (desired?.status === "sent") this.#mark(device, name, "waiting");
  }

  /**
   * Asks a device to do something and waits for its answer. Every device knows `identify` (protocol 5.2).
   * @throws PharosError `NO_DEVICE`, `NO_ACTION`, `OFFLINE`, `TIMEOUT`, `FAILED`
   */
  async act(id: string, name: string, input: unknown): Promise<unknown> {
    const device = this.#device(id);
    if (name !== "identify" && !device.actions.has(name)) throw new PharosError("NO_ACTION");
    if (device.connection === null) throw new PharosError("OFFLINE");
    const frame = input === undefined ? { name } : { name, input };
    const output = await device.connection.ask("action", frame, LIMITS.actionMs);
    if (isErrorAnswer(output)) throw failure(output.error);
    return output ?? null;
  }

  /**
   * Says `text` to a room. @returns how many connections it went to
   * @throws PharosError `TOO_BIG` when some members could not be sent so much; the others got it
   */
  async sayToRoom(room: string, text: string): Promise<number> {
    this.#house.broadcast.message([room], text);
    this.#house.say({ from: null, to: [room], kind: "sent", text });
    const deaf = this.#house.countDeaf([room], text);
    if (deaf > 0) throw new PharosError("TOO_BIG", `${deaf} members of the room take no message of this size.`);
    return this.#house.broadcast.count([room]);
  }

  /** Says `text` to one device. @throws PharosError `NO_DEVICE`, `OFFLINE` */
  sayToDevice(id: string, text: string): void {
    const { connection } = this.#device(id);
    if (connection === null) throw new PharosError("OFFLINE");
    connection.tell("message", text);
    this.#house.say({ from: null, to: [id], kind: "sent", text });
  }

  /** A hand takes or leaves a control; other pages show it. @param page the page's socket id */
  hold(page: string, id: string, property: string, held: boolean): void {
    const device = this.#device(id);
    if (!device.properties.has(property)) return;
    const state = device.stateOf(property);
    if (!held && state.heldBy !== page) return;
    state.heldBy = held ? page : null;
    this.#house.tell({ id, properties: [property] });
  }

  /** A page is gone, and with it its hands. */
  releaseAll(page: string): void {
    for (const device of this.#house.registry.all()) {
      for (const [name, state] of device.state) if (state.heldBy === page) this.hold(page, device.id, name, false);
    }
  }

  /** A name given by a person: it wins over the device's own (protocol 4.1). */
  rename(id: string, name: string): Device {
    const device = this.#device(id);
    device.name = name;
    device.namedByHand = true;
    this.#house.tell({ id, about: true });
    return device;
  }

  /** Puts a device in a room, or takes it out, by a person's hand. @throws PharosError `NO_DEVICE`, `TOO_MANY` */
  setMembership(id: string, room: string, member: boolean): Device {
    const device = this.#device(id);
    joinOrLeave(device, room, member);
    device.roomsByHand = true;
    this.#house.tell({ id, about: true });
    return device;
  }

  /** A device that the hub has not met before. */
  createDevice(id: string, now: number): Device {
    const setter = new Setter({
      clock: this.#house.clock,
      giveUpMs: LIMITS.setGiveUpMs,
      maxAskers: LIMITS.setAskers,
      send: (frame) => this.#send(id, frame),
      onApplied: (applied) => this.#applied(id, applied),
      onFailed: (properties, error) => this.#failed(id, properties, error),
    });
    return new Device(id, setter, now);
  }

  #device(id: string): Device {
    const device = this.#house.registry.get(id);
    if (device === undefined) throw new PharosError("NO_DEVICE", `There is no device \`${id}\`.`);
    return device;
  }

  async #send(id: string, frame: SetFrame): Promise<Values> {
    const device = this.#house.registry.get(id);
    if (device === undefined || device.connection === null) throw new PharosError("OFFLINE");
    const answer = await device.connection.ask("set", frame, LIMITS.lateAnswerMs);
    if (isErrorAnswer(answer)) throw failure(answer.error);
    return accepted(device, answer);
  }

  #applied(id: string, applied: Values): void {
    const device = this.#house.registry.get(id);
    if (device === undefined) return;
    const at = this.#house.clock.now();
    this.#house.seen(device);
    for (const [name, value] of Object.entries(applied)) {
      device.stateOf(name).reported = { value, at };
      if (!device.setter.isBusyWith(name)) this.#mark(device, name, "applied");
    }
    this.#house.tell({ id, properties: Object.keys(applied) });
  }

  #failed(id: string, properties: readonly string[], error: PharosError): void {
    const device = this.#house.registry.get(id);
    if (device === undefined || device.connection === null) return;
    for (const name of properties) this.#mark(device, name, "failed", error.toWire());
  }

  #mark(device: Device, property: string, status: "waiting" | "sent" | "applied" | "failed", error?: WireError): void {
    const state = device.stateOf(property);
    if (state.desired === null) return;
    const { value, by, at } = state.desired;
    state.desired = error === undefined ? { value, by, at, status } : { value, by, at, status, error };
    this.#house.tell({ id: device.id, properties: [property] });
  }
}

/** The room of plain clients until their `hello` (protocol 3.4). */
export const LOBBY = "lobby";

/** @throws PharosError `TOO_MANY` */
export function joinOrLeave(device: Device, room: string, member: boolean): void {
  if (!member) device.rooms.delete(room);
  else if (device.rooms.size >= LIMITS.roomsPerDevice && !device.rooms.has(room)) {
    throw new PharosError("TOO_MANY", `A device can be in ${LIMITS.roomsPerDevice} rooms.`);
  } else device.rooms.add(room);
  const { connection } = device;
  const inLobby = connection?.rooms().includes(LOBBY) && (member || room !== LOBBY);
  connection?.setRooms(inLobby ? [...device.rooms, LOBBY] : [...device.rooms]);
}

function checkWish(device: Device, { property, value }: SetWish): void {
  const declared = isPropertyName(property) ? device.properties.get(property) : undefined;
  if (declared === undefined) throw new PharosError("NO_PROPERTY", `${device.id} has no property \`${property}\`.`);
  if (declared.readOnly) throw new PharosError("READ_ONLY", `\`${property}\` of ${device.id} can be read but not set.`);
  const fault = valueFault(declared, value);
  if (fault !== null) throw new PharosError("INVALID_VALUE", `\`${property}\` ${fault}.`);
}

/**
 * The values a device accepted, from its answer to a `set`. One that answers anything but values has taken what it was sent.
 * @throws PharosError `FAILED` for a value that the property cannot have (protocol 4.5)
 */
function accepted(device: Device, answer: unknown): Values {
  const { transition: _, ...rest } = Object(answer) as { readonly [name: string]: unknown };
  const said = values.safeParse(rest).data ?? {};
  for (const [name, value] of Object.entries(said)) {
    const fault = valueFault(device.properties.get(name), value);
    if (fault !== null) throw new PharosError("FAILED", `The device answered with a \`${name}\` that ${fault}.`);
  }
  return said;
}

/** The device's own words, behind a code of ours. */
function failure({ code, message }: WireError): PharosError {
  return new PharosError("FAILED", `The device answered ${code}: ${message}`);
}
