/** Commands in plain words, answered to the sender alone in the way of its door (protocol 3.6). */
import type { Timer } from "#base/clock.ts";
import { PharosError, wireError } from "#protocol/errors.ts";
import { type Principal, requireRole } from "../access/principal.ts";
import type { Connection } from "../devices/connection.ts";
import type { Device } from "../devices/device.ts";
import type { Acquisition } from "./acquisition.ts";
import type { House } from "./house.ts";
import type { Session } from "./session.ts";

/** The stream of times comes at random intervals between these, ms. */
const CLOCK_MIN_MS = 500;
const CLOCK_MAX_MS = 2_500;

export class TextCommands {
  readonly #house: House;
  readonly #acquisition: Acquisition;
  readonly #random: () => number;
  /** Streams of times by the connection that asked; one each. */
  readonly #clocks = new Map<Connection, Timer>();

  /** @param random 0 ≤ r < 1 */
  constructor(house: House, acquisition: Acquisition, random: () => number = Math.random) {
    this.#house = house;
    this.#acquisition = acquisition;
    this.#random = random;
  }

  /** @returns whether the text was a command; it is then not relayed */
  answer({ device, connection, principal }: Session, text: string): boolean {
    switch (text.trim()) {
      case "GET_TIME":
        connection.tell("message", this.#time());
        return true;
      case "GREET_ME":
        connection.tell("message", `Hello, ${device.name ?? device.id}!`);
        return true;
      case "GET_CLOCK":
        this.#startClock(connection);
        return true;
      case "START":
      case "STOP":
        void this.#acquire(principal, device, connection, text.trim() === "START");
        return true;
      default:
        return false;
    }
  }

  /** Everyone's recording is not any device's to start or stop (protocol 3.6). */
  async #acquire(principal: Principal, device: Device, connection: Connection, running: boolean): Promise<void> {
    try {
      requireRole(principal, "operator");
      if (running) await this.#acquisition.ensure(`text ${device.id}`);
      else await this.#acquisition.stop();
      connection.tell("message", running ? "STARTED" : "STOPPED");
    } catch (error) {
      if (!(error instanceof PharosError)) this.#house.logger.error(error, "a text command failed");
      connection.tell("error", error instanceof PharosError ? error.toWire() : wireError("INTERNAL"));
    }
  }

  /** The connection is gone, and its stream of times with it. */
  forget(connection: Connection): void {
    this.#clocks.get(connection)?.cancel();
    this.#clocks.delete(connection);
  }

  #startClock(connection: Connection): void {
    if (this.#clocks.has(connection)) return;
    connection.tell("message", this.#time());
    this.#tick(connection);
  }

  #tick(connection: Connection): void {
    const wait = CLOCK_MIN_MS + this.#random() * (CLOCK_MAX_MS - CLOCK_MIN_MS);
    const timer = this.#house.clock.after(wait, () => {
      connection.tell("message", this.#time());
      this.#tick(connection);
    });
    this.#clocks.set(connection, timer);
  }

  #time(): string {
    return new Date(this.#house.clock.now()).toISOString();
  }
}
