/** One connection per id (protocol 2.8): who may come in when somebody with that id is here, or is just coming in. */
import type { Clock, Timer } from "#base/clock.ts";
import { PharosError } from "#protocol/errors.ts";
import type { HubConfig } from "../base/config.ts";
import { LIMITS } from "../base/limits.ts";
import type { Connection } from "./connection.ts";

export class Admission {
  /** Ids that were admitted and have not arrived yet, with what ends the wait after `LIMITS.admissionMs`; null while the first is asked. */
  readonly #expected = new Map<string, Timer | null>();
  readonly #policy: HubConfig["duplicate"];
  readonly #clock: Clock;

  constructor(policy: HubConfig["duplicate"], clock: Clock) {
    this.#policy = policy;
    this.#clock = clock;
  }

  /**
   * Reserves `id` for a newcomer until `arrived`.
   * @param present the connection that has the id now
   * @throws PharosError `DUPLICATE` when the one who is here lives, or another newcomer was first
   */
  async admit(id: string, present: () => Connection | null): Promise<void> {
    if (this.#expected.has(id)) throw new PharosError("DUPLICATE");
    this.#expected.set(id, null);
    try {
      const first = present();
      if (first !== null) await this.#makeWay(first);
    } catch (error) {
      this.#expected.delete(id);
      throw error;
    }
    this.#expected.set(
      id,
      this.#clock.after(LIMITS.admissionMs, () => this.#expected.delete(id)),
    );
  }

  /** The newcomer is here, or gave up on the way. */
  arrived(id: string): void {
    this.#expected.get(id)?.cancel();
    this.#expected.delete(id);
  }

  async #makeWay(first: Connection): Promise<void> {
    if (this.#policy === "refuse") throw new PharosError("DUPLICATE");
    if (this.#policy === "ask" && (await first.prove(LIMITS.duplicateProofMs))) throw new PharosError("DUPLICATE");
    first.dismiss("REPLACED");
  }
}
