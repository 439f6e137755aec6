/** One light: its brightness, its fades and its blinking, written to one output. The agent has one for each of its outputs. */
import type { Clock, Timer } from "#base/clock.ts";
import { levelOfStep, type PowerLimits, stepOfLevel } from "./brightness.ts";
import type { PwmOutput } from "./drivers/driver.ts";
import { createStepWriter, type StepWriter } from "./step-writer.ts";

/** 50 steps a second look smooth and cost little. */
const FADE_STEP_MS = 20;
const BLINK_MS = 250;
/** Half-periods, light and dark in turn. */
const BLINKS = 12;

interface Fade {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly durationMs: number;
}

export class Lamp {
  readonly #clock: Clock;
  readonly #output: PwmOutput;
  readonly #limits: PowerLimits;
  readonly #writer: StepWriter;
  #fade: Fade;
  #timer: Timer | null = null;
  #isBlinking = false;
  #step: number;

  /** Changes nothing on the output: the brightness found there is the lamp's. */
  constructor(clock: Clock, output: PwmOutput, limits: PowerLimits) {
    this.#clock = clock;
    this.#output = output;
    this.#limits = limits;
    this.#writer = createStepWriter(output);
    this.#step = output.foundStep;
    const level = levelOfStep(output.foundStep, output.steps, limits);
    this.#fade = { from: level, to: level, start: clock.monotonic(), durationMs: 0 };
  }

  /** The brightness asked for last, 0 to 100; during a fade the one it leads to. */
  get level(): number {
    return this.#fade.to;
  }

  /** The brightness right now, 0 to 100. */
  get presentLevel(): number {
    const { from, to, start, durationMs } = this.#fade;
    const part = durationMs <= 0 ? 1 : Math.min((this.#clock.monotonic() - start) / durationMs, 1);
    return part >= 1 ? to : from + (to - from) * part;
  }

  /**
   * Goes to a brightness from the present one, whatever it was doing.
   * @param level 0 to 100
   * @param transitionMs length of the fade; 0 is at once
   * @returns when the output has taken the first step of it
   * @throws DriverError when the output cannot be driven now
   */
  async set(level: number, transitionMs = 0): Promise<void> {
    const from = this.presentLevel;
    this.#stopTimer();
    this.#fade = { from, to: level, start: this.#clock.monotonic(), durationMs: from === level ? 0 : transitionMs };
    if (this.#fade.durationMs > 0) this.#timer = this.#clock.every(FADE_STEP_MS, () => this.#fadeOn());
    await this.#show(this.presentLevel);
  }

  /** Blinks for three seconds, then shows the brightness that was asked for last; a `set` meanwhile ends it. */
  identify(): void {
    this.#stopTimer();
    // A fade under way ends here: the blinking returns to where it led.
    this.#fade = { ...this.#fade, from: this.#fade.to, durationMs: 0 };
    this.#isBlinking = true;
    let done = 0;
    const blink = (): void => {
      if (done === BLINKS) {
        this.#stopTimer();
        this.#showQuietly(this.level);
      } else {
        this.#showQuietly(done % 2 === 0 ? 100 : 0);
        done += 1;
      }
    };
    this.#timer = this.#clock.every(BLINK_MS, blink);
    blink();
  }

  /** Stops moving, leaves the light as it is (blinking ends at the brightness asked for), and lets go of the output. */
  async close(): Promise<void> {
    const wasBlinking = this.#isBlinking;
    this.#stopTimer();
    if (wasBlinking) this.#showQuietly(this.level);
    await this.#writer.idle();
    await this.#output.close();
  }

  #fadeOn(): void {
    const present = this.presentLevel;
    if (present === this.#fade.to) this.#stopTimer();
    this.#showQuietly(present);
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#isBlinking = false;
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
