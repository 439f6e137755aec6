/** One light: its brightness, its fades and its blinking, written to one output. The agent has one for each of its outputs. */
import type { Clock, Timer } from "#base/clock.ts";
import type { Property } from "#protocol/values.ts";
import { levelOfStep, type PowerLimits, stepOfLevel } from "./brightness.ts";
import type { PinOutput } from "./drivers/driver.ts";
import type { Fader } from "./fader.ts";
import type { Output } from "./output.ts";
import { createStepWriter, type StepWriter } from "./step-writer.ts";

/** How brightness is declared to the hub. */
export const BRIGHTNESS = { type: "number", minimum: 0, maximum: 100, unit: "percent", readOnly: false } as const;

const BLINK_MS = 250;
/** Half-periods, light and dark in turn. */
const BLINKS = 12;

interface Fade {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly durationMs: number;
}

export interface LampParts {
  readonly clock: Clock;
  readonly fader: Fader;
  readonly output: PinOutput;
  readonly limits: PowerLimits;
  readonly title?: string | undefined;
}

export class Lamp implements Output {
  readonly property: Property;
  readonly #clock: Clock;
  readonly #fader: Fader;
  readonly #output: PinOutput;
  readonly #limits: PowerLimits;
  readonly #writer: StepWriter;
  #fade: Fade;
  #blinking: Timer | null = null;
  readonly #fadeOn = (): void => this.#takeStep();
  #step: number;

  /** Changes nothing on the output: the brightness found there is the lamp's. */
  constructor({ clock, fader, output, limits, title }: LampParts) {
    this.property = title === undefined ? BRIGHTNESS : { ...BRIGHTNESS, title };
    this.#clock = clock;
    this.#fader = fader;
    this.#output = output;
    this.#limits = limits;
    this.#writer = createStepWriter(output);
    this.#step = output.foundStep;
    const level = levelOfStep(output.foundStep, output.steps, limits);
    this.#fade = { from: level, to: level, start: clock.monotonic(), durationMs: 0 };
  }

  /** The brightness asked for last, 0 to 100; during a fade the one it leads to. */
  get value(): number {
    return this.#fade.to;
  }

  /** The brightness right now, 0 to 100. */
  get presentLevel(): number {
    const { from, to, start, durationMs } = this.#fade;
    const part = durationMs <= 0 ? 1 : Math.min((this.#clock.monotonic() - start) / durationMs, 1);
    return part >= 1 ? to : from + (to - from) * part;
  }

  async set(level: number, transitionMs = 0): Promise<void> {
    const from = this.presentLevel;
    this.#stopMoving();
    this.#fade = { from, to: level, start: this.#clock.monotonic(), durationMs: from === level ? 0 : transitionMs };
    if (this.#fade.durationMs > 0) this.#fader.add(this.#fadeOn);
    await this.#show(this.presentLevel);
  }

  /** Blinks for three seconds, then shows the brightness that was asked for last; a `set` meanwhile ends it. */
  identify(): void {
    this.#stopMoving();
    // A fade under way ends here: the blinking returns to where it led.
    this.#fade = { ...this.#fade, from: this.#fade.to, durationMs: 0 };
    let done = 0;
    const blink = (): void => {
      if (done === BLINKS) {
        this.#stopMoving();
        this.#showQuietly(this.value);
      } else {
        this.#showQuietly(done % 2 === 0 ? 100 : 0);
        done += 1;
      }
    };
    this.#blinking = this.#clock.every(BLINK_MS, blink);
    blink();
  }

  /** Stops moving, leaves the light as it is (blinking ends at the brightness asked for), and lets go of the output. */
  async close(): Promise<void> {
    const wasBlinking = this.#blinking !== null;
    this.#stopMoving();
    if (wasBlinking) this.#showQuietly(this.value);
    await this.#writer.idle();
    await this.#output.close();
  }

  #takeStep(): void {
    const present = this.presentLevel;
    if (present === this.#fade.to) this.#stopMoving();
    this.#showQuietly(present);
  }

  #stopMoving(): void {
    this.#fader.remove(this.#fadeOn);
    this.#blinking?.cancel();
    this.#blinking = null;
  }

  async #show(level: number): Promise<void> {
    this.#step = stepOfLevel(level, this.#output.steps, this.#limits);
    await this.#writer.write(this.#step);
  }

  /** For steps that nobody waits for; one that changes nothing is not written. */
  #showQuietly(level: number): void {
    const step = stepOfLevel(level, this.#output.steps, this.#limits);
    if (step === this.#step) return;
    // The driver tells its faults itself, and applies the newest step when it has recovered.
    this.#show(level).catch(() => {});
  }
}
