/** Commands in plain words, answered to the sender alone in the way of its door (protocol 3.6). */
import type { Timer } from "#base/clock.ts";
import type { Connection } from "../devices/connection.ts";
import type { House } from "./house.ts";
import type { Session } from "./session.ts";

/** The stream of times comes at random intervals between these, ms. */
const CLOCK_MIN_MS = 500;
const CLOCK_MAX_MS = 2_500;

export class TextCommands {
  readonly #house: House;
  readonly #random: () => number;
  /** Streams of times by the connection that asked; one each. */
  readonly #clocks = new Map<Connection, Timer>();

  /** @param random 0 ≤ r < 1 */
  constructor(house: House, random: () => number = Math.random) {
    this.#house = house;
    this.#random = random;
  }

  /** @returns whether the text was a command; it is then not relayed */
  answer({ device, connection }: Session, text: string): boolean {
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
        this.#house.acquire(text.trim() === "START");
        connection.tell("message", text.trim() === "START" ? "STARTED" : "STOPPED");
        return true;
      default:
        return false;
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
