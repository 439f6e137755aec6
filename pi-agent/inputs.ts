/** Buttons and contacts: samples their pins, debounces, and tells each change once. Created by agent.ts. */
import type { Clock, Timer } from "#base/clock.ts";
import type { Property } from "#protocol/values.ts";
import { createDebounce, type Debounce } from "./debounce.ts";
import type { PinDriver, PinInput } from "./drivers/driver.ts";
import type { InputWiring } from "./wiring.ts";

/** Shorter than any press, and cheap: one small read a pin. */
const SAMPLE_EVERY_MS = 10;

interface Contact {
  readonly wiring: InputWiring;
  readonly pin: PinInput;
  readonly debounce: Debounce;
}

export interface InputsParts {
  readonly clock: Clock;
  readonly driver: PinDriver;
  /** An input has a new value; `message` is what is to be said about it, if anything. */
  onChange(name: string, value: boolean, message: string | null): void;
}

export class Inputs {
  readonly #parts: InputsParts;
  readonly #contacts: Contact[] = [];
  #timer: Timer | null = null;
  #isSampling = false;

  constructor(parts: InputsParts) {
    this.#parts = parts;
  }

  get properties(): ReadonlyMap<string, Property> {
    return new Map(this.#contacts.map(({ wiring: { name, title } }) => [name, declare(title)]));
  }

  get values(): { readonly [input: string]: boolean } {
    return Object.fromEntries(this.#contacts.map(({ wiring, debounce }) => [wiring.name, meaning(wiring, debounce)]));
  }

  /** Opens every pin and takes its level as it is now. @throws DriverError */
  async open(wirings: readonly InputWiring[]): Promise<void> {
    for (const wiring of wirings) {
      const pin = await this.#parts.driver.openInput(wiring.pin, wiring.pull);
      this.#contacts.push({ wiring, pin, debounce: createDebounce(await pin.read(), wiring.debounceMs) });
    }
    if (wirings.length > 0) this.#timer = this.#parts.clock.every(SAMPLE_EVERY_MS, () => void this.#sample());
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    for (const { pin } of this.#contacts) await pin.close();
  }

  /** A driver that is slow gets one question at a time; while it cannot tell, the values stay. */
  async #sample(): Promise<void> {
    if (this.#isSampling) return;
    this.#isSampling = true;
    try {
      await Promise.all(this.#contacts.map((contact) => this.#sampleOne(contact)));
    } catch {
      // The driver tells its faults itself.
    } finally {
      this.#isSampling = false;
    }
  }

  async #sampleOne({ wiring, pin, debounce }: Contact): Promise<void> {
    const isHigh = await pin.read();
    if (!debounce.take(isHigh, this.#parts.clock.monotonic())) return;
    const value = meaning(wiring, debounce);
    this.#parts.onChange(wiring.name, value, value ? wiring.message : null);
  }
}

function meaning({ activeLow }: InputWiring, { level }: Debounce): boolean {
  return level !== activeLow;
}

function declare(title: string | undefined): Property {
  return { type: "boolean", readOnly: true, ...(title === undefined ? {} : { title }) };
}
