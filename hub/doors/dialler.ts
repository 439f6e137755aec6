/** Connects to devices that are TCP servers, again and again while they are to be dialled (protocol 2.5). */
import type { DialTarget } from "#protocol/dials.ts";
import { Dial } from "./dial.ts";
import type { DialParts } from "./dial-parts.ts";

export class Dialler {
  readonly #parts: DialParts;
  readonly #dials = new Map<string, Dial>();

  constructor(parts: DialParts) {
    this.#parts = parts;
  }

  /** Dials all that are known, and who is added from now on. */
  start(): void {
    const { dials } = this.#parts;
    for (const target of dials.list()) this.#add(target);
    dials.events.on("added", (target) => this.#add(target));
    dials.events.on("removed", ({ id }) => this.#remove(id));
  }

  close(): void {
    this.#parts.dials.events.removeAllListeners();
    for (const dial of this.#dials.values()) dial.close("SHUTDOWN");
    this.#dials.clear();
  }

  #add({ id, host, port, mode }: DialTarget): void {
    const dial = new Dial({ id, host, port, mode }, this.#parts);
    this.#dials.set(id, dial);
    dial.start();
  }

  #remove(id: string): void {
    this.#dials.get(id)?.close("DISCONNECTED");
    this.#dials.delete(id);
    this.#parts.streams.forget(id);
  }
}
