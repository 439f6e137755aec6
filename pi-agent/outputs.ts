/** All that the agent drives, by name: opened at the start, set by the hub, left as it is at the end. Created by agent.ts. */
import type { Clock } from "#base/clock.ts";
import type { WireError } from "#protocol/errors.ts";
import { wireError } from "#protocol/errors.ts";
import type { Property } from "#protocol/values.ts";
import type { PinDriver } from "./drivers/driver.ts";
import { createFader } from "./fader.ts";
import { Lamp } from "./lamp.ts";
import type { LastLevels } from "./last-levels.ts";
import { levelOf, type Output } from "./output.ts";
import { type Restore, startLevel } from "./policies.ts";
import { readSet } from "./set-frame.ts";
import { Switch } from "./switch.ts";
import type { Wiring } from "./wiring.ts";

/** What outputs show, by name. */
export type OutputValues = { readonly [output: string]: number | boolean };

export interface OutputsParts {
  readonly clock: Clock;
  readonly driver: PinDriver;
  readonly levels: LastLevels;
  /** Length of a fade when a `set` names none. */
  readonly transitionMs: number;
}

export class Outputs {
  readonly #parts: OutputsParts;
  readonly #all = new Map<string, Output>();
  readonly #properties = new Map<string, Property>();

  constructor(parts: OutputsParts) {
    this.#parts = parts;
  }

  /** By name, as they are declared to the hub. */
  get properties(): ReadonlyMap<string, Property> {
    return this.#properties;
  }

  /** What was asked of each last. */
  get values(): OutputValues {
    return Object.fromEntries([...this.#all].map(([name, output]) => [name, output.value]));
  }

  /** Opens every pin and gives it what `restore` says; without that it stays as it is found. @throws DriverError */
  async open({ outputs, switches }: Wiring, restore: Restore): Promise<void> {
    const { clock, driver } = this.#parts;
    const fader = createFader(clock, driver.fadeStepMs);
    for (const { name, pin, use, limits, title } of outputs) {
      this.#add(name, new Lamp({ clock, fader, output: await driver.openPwm(pin, use), limits, title }));
    }
    for (const { name, pin, title } of switches) this.#add(name, new Switch(await driver.openSwitch(pin), title));
    for (const [name, output] of this.#all) {
      const level = startLevel(restore, this.#parts.levels.get(name));
      if (level !== null) await output.set(level);
    }
  }

  /** Answers with the values as accepted when the pins have taken the first step towards them (protocol 5.1). */
  async set(frame: unknown): Promise<OutputValues | { error: WireError }> {
    const reading = readSet(frame, this.#properties);
    if ("error" in reading) return { error: reading.error };
    const transitionMs = reading.transitionMs ?? this.#parts.transitionMs;
    const wanted = Object.entries(reading.values);
    for (const [name, value] of wanted) this.#parts.levels.put(name, levelOf(value));
    const results = await Promise.allSettled(
      wanted.map(([name, value]) => this.#all.get(name)?.set(levelOf(value), transitionMs)),
    );
    const failed = results.find((result) => result.status === "rejected");
    return failed === undefined ? reading.values : { error: wireError("FAILED", (failed.reason as Error).message) };
  }

  /** Brings all to one level by themselves; what was asked last is still what is kept. */
  goTo(level: number, fadeMs: number): void {
    // The driver tells its faults itself.
    for (const output of this.#all.values()) output.set(level, fadeMs).catch(() => {});
  }

  identify(): void {
    for (const output of this.#all.values()) output.identify();
  }

  async close(): Promise<void> {
    for (const output of this.#all.values()) await output.close();
  }

  #add(name: string, output: Output): void {
    this.#all.set(name, output);
    this.#properties.set(name, output.property);
  }
}
