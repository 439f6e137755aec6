/** How many connections there may be, in all and from one address, and how fast new ones may come. Called for each socket before anything is read of it. */
import type { Socket } from "node:net";
import type { Clock } from "#base/clock.ts";
import { AddressRates } from "./address-rates.ts";
import { plainAddress } from "./client-address.ts";
import type { HubConfig } from "./config.ts";
import { LIMITS } from "./limits.ts";

export class ConnectionLimits {
  readonly #config: HubConfig;
  readonly #rates: AddressRates;
  readonly #open = new Map<string, number>();
  #total = 0;

  constructor(config: HubConfig, clock: Clock) {
    this.#config = config;
    this.#rates = new AddressRates(LIMITS.connectionRate, clock);
  }

  /** Counts a connection until it closes. @returns whether it may stay; it is cut otherwise, since an answer would cost more than it */
  admit(socket: Socket): boolean {
    const { limits, maxConnections, connectionsPerAddress, trustProxy } = this.#config;
    const address = plainAddress(socket.remoteAddress ?? "");
    const open = this.#open.get(address) ?? 0;
    // Behind a proxy all have its address.
    const isCrowd = !trustProxy && (open >= connectionsPerAddress || !this.#rates.take(address));
    if (limits && (this.#total >= maxConnections || isCrowd)) {
      socket.destroy();
      return false;
    }
    this.#total += 1;
    this.#open.set(address, open + 1);
    socket.once("close", () => this.#closed(address));
    return true;
  }

  #closed(address: string): void {
    this.#total -= 1;
    const open = (this.#open.get(address) ?? 1) - 1;
    if (open === 0) this.#open.delete(address);
    else this.#open.set(address, open);
  }
}
