/** What people say to devices: to a room, to one of them (protocol 7.4). */
import { PharosError } from "#protocol/errors.ts";
import { sizeOfMessage } from "../devices/message-size.ts";
import type { House } from "./house.ts";
import { unreachable } from "./unreachable.ts";

export class Sayings {
  readonly #house: House;

  constructor(house: House) {
    this.#house = house;
  }

  /**
   * Says `text` to a room. @returns how many connections it went to
   * @throws PharosError `TOO_BIG` when some members could not be sent so much; the others got it
   */
  async toRoom(room: string, text: string): Promise<number> {
    this.#house.broadcast.message([room], text);
    this.#house.say({ from: null, to: [room], kind: "sent", text });
    const deaf = this.#house.countDeaf([room], text);
    if (deaf > 0) throw new PharosError("TOO_BIG", `${deaf} members of the room take no message of this size.`);
    return this.#house.broadcast.count([room]);
  }

  /** Says `text` to one device. @throws PharosError `NO_DEVICE`, `OFFLINE`, `TOO_BIG` */
  toDevice(id: string, text: string): void {
    const device = this.#house.device(id);
    const { connection } = device;
    if (connection === null) throw unreachable(device);
    if (connection.isTooSmallFor(sizeOfMessage(text))) {
      throw new PharosError("TOO_BIG", "The device takes no message of this size.");
    }
    connection.tell("message", text);
    this.#house.say({ from: null, to: [id], kind: "sent", text });
  }
}
