/** Setting a property over REST: waits for the device, but no longer than it may stay silent (protocol 7.2). */
import type { Clock } from "#base/clock.ts";
import { PharosError } from "#protocol/errors.ts";
import type { Value } from "#protocol/values.ts";
import { LIMITS } from "../../base/limits.ts";
import type { SetOutcome } from "../../devices/setter.ts";
import type { House } from "../../flow/house.ts";
import type { Wishes } from "../../flow/wishes.ts";

export interface WishBody {
  readonly value: Value;
  readonly transition?: number | undefined;
}

export type SetAnswer = { readonly applied: Value } | { readonly desired: Value };

export const NO_VALUE =
  'A value is a number, true, false, a text or an object of those; or {"value", "transition"} with 0 to 3600000 ms.';

export class Settings {
  readonly #house: House;
  readonly #wishes: Wishes;

  constructor(house: House, wishes: Wishes) {
    this.#house = house;
    this.#wishes = wishes;
  }

  /** @param by who asks @throws PharosError what the device answered, or why it cannot be asked */
  async set(device: string, property: string, { value, transition }: WishBody, by: string): Promise<SetAnswer> {
    const wish = this.#wishes.set({ device, property, value, transition, by });
    await wish.kept;
    const result = await patiently(this.#house.clock, wish.outcome);
    if (result !== null && "applied" in result) return result;
    if (result !== null && !isSilence(result.error)) throw result.error;
    // Somebody may have asked for another value meanwhile; that is the one that will be set.
    return { desired: this.#house.registry.get(device)?.state.get(property)?.desired?.value ?? value };
  }

  /** The same value for every member that has the property; one that cannot take it says why. */
  async setRoom(
    room: string,
    property: string,
    body: WishBody,
    by: string,
  ): Promise<{ readonly [id: string]: object }> {
    const members = this.#house.registry.inRoom(room).filter((device) => device.properties.has(property));
    const results = members.map(async ({ id }) => [id, await this.#setOrSayWhy(id, property, body, by)] as const);
    return Object.fromEntries(await Promise.all(results));
  }

  async #setOrSayWhy(id: string, property: string, body: WishBody, by: string): Promise<object> {
    try {
      return await this.set(id, property, body, by);
    } catch (error) {
      if (error instanceof PharosError) return { error: error.toWire() };
      throw error;
    }
  }
}

function isSilence({ code }: PharosError): boolean {
  return code === "OFFLINE" || code === "TIMEOUT";
}

/** The outcome, or null when the device stays silent. */
function patiently(clock: Clock, outcome: Promise<SetOutcome>): Promise<SetOutcome | null> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(LIMITS.restSetMs, () => resolve(null));
    outcome.then(resolve, reject).finally(() => timer.cancel());
  });
}
