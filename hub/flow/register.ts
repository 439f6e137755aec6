/** What people decide about a device: its name, its rooms, and that it is to be forgotten (protocol 7.1, 7.2, 7.4). */
import { PharosError } from "#protocol/errors.ts";
import { LIMITS } from "../base/limits.ts";
import type { Device } from "../devices/device.ts";
import type { Dials } from "./dials.ts";
import type { House } from "./house.ts";

/** The room of plain clients until their `hello` (protocol 3.4). */
export const LOBBY = "lobby";

export class Register {
  readonly #house: House;
  readonly #dials: Dials;

  constructor(house: House, dials: Dials) {
    this.#house = house;
    this.#dials = dials;
  }

  /** A name given by a person: it wins over the device's own (protocol 4.1). @throws PharosError `NO_DEVICE` */
  rename(id: string, name: string, by: string): Device {
    const device = this.#house.device(id);
    device.name = name;
    device.namedByHand = true;
    this.#changed(device, by, "rename", name);
    return device;
  }

  /** Puts a device in a room, or takes it out, by a person's hand. @throws PharosError `NO_DEVICE`, `TOO_MANY` */
  setMembership(id: string, room: string, member: boolean, by: string): Device {
    const device = this.#house.device(id);
    joinOrLeave(device, room, member);
    device.roomsByHand = true;
    this.#changed(device, by, `${member ? "join" : "leave"} ${room}`, "");
    return device;
  }

  /**
   * Forgets a device for good, and its history but for what belongs to recordings; it is cut if it is connected, dialled no more, and new
   * if it returns.
   * @returns when its history is gone
   * @throws PharosError `NO_DEVICE`
   */
  remove(id: string): Promise<void> {
    const device = this.#house.device(id);
    const { connection } = device;
    // Before the connection ends: what its end would write down must not bring the device back.
    device.connection = null;
    device.setter.drop();
    this.#house.forget(device);
    this.#dials.forget(id);
    this.#house.access.tokens.revokeDevice(id);
    connection?.dismiss("DISCONNECTED");
    return device.hubGiven ? Promise.resolve() : this.#house.history.removeDevice(id);
  }

  #changed(device: Device, by: string, what: string, value: string): void {
    this.#house.keep(device);
    this.#house.note(device, { at: this.#house.clock.now(), by, what, value, result: "done" });
    this.#house.tell({ id: device.id, about: true });
  }
}

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
