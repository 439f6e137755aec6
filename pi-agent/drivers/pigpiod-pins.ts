/** The pins of the pigpio daemon: a light, a switch, an input; each can set up a daemon that has forgotten it. Used by pigpiod.ts. */
import { checkOpen, checkStep, DriverError, type PinInput, type PinOutput, type Pull } from "./driver.ts";
import { type PigpiodClient, PigpiodError } from "./pigpiod-client.ts";
import { type Command, describeResult, NOT_IN_PWM } from "./pigpiod-commands.ts";

/** Free of visible flicker, also for cameras of phones. */
const FREQUENCY_HZ = 800;
/** What the daemon really tells apart at 800 Hz and its usual sample rate: 1e6 / (5 µs × 800 Hz). A larger range would only look finer. */
const RANGE = 250;
const INPUT_MODE = 0;
const OUTPUT_MODE = 1;
const PULLS: Readonly<Record<Pull, number>> = { none: 0, down: 1, up: 2 };

export const START_PIGPIOD = "Start it with: sudo pigpiod (install it with: sudo apt install pigpio)";

abstract class PigpiodPin {
  readonly pin: number;
  readonly #client: PigpiodClient;
  readonly #onClose: () => void;
  #isClosed = false;

  constructor(client: PigpiodClient, pin: number, onClose: () => void) {
    this.#client = client;
    this.pin = pin;
    this.#onClose = onClose;
  }

  /** Takes the pin. @throws DriverError when it cannot be had */
  abstract start(): Promise<void>;
  /** Sets it up in a daemon that may never have heard of it. */
  abstract restore(): Promise<void>;

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
  }

  protected checkOpen(): void {
    checkOpen("pigpiod", this.pin, !this.#isClosed);
  }

  /** @throws DriverError also when the daemon refuses */
  protected async ask(command: Command, p2 = 0): Promise<number> {
    const result = await this.request(command, p2);
    if (result >= 0) return result;
    throw new DriverError("pigpiod", this.pin, describeResult(result), "Choose another pin");
  }

  protected async request(command: Command, p2 = 0): Promise<number> {
    try {
      return await this.#client.request(command, this.pin, p2);
    } catch (error) {
      throw error instanceof PigpiodError ? lost(this.pin, error) : error;
    }
  }

  /** The duty as a part of its range, 0 to 1; null when the pin is not in PWM, neither of the daemon nor of the chip. */
  protected async readPower(): Promise<number | null> {
    const duty = await this.request("GDC");
    return duty === NOT_IN_PWM ? null : duty / (await this.ask("PRG"));
  }

  protected async isOnOutput(): Promise<boolean> {
    return (await this.ask("MODEG")) === OUTPUT_MODE && (await this.ask("READ")) === 1;
  }
}

/** Pulses: 250 powers above 0. */
export class PigpiodLight extends PigpiodPin implements PinOutput {
  readonly steps = RANGE;
  foundStep = 0;
  /** The power that the daemon should show; null while the pin was never driven. */
  #wanted: number | null = null;

  async start(): Promise<void> {
    const isHigh = (await this.readPower()) === null && (await this.isOnOutput());
    await this.#setUp();
    // The daemon scales a duty that it shows to the new range, so only now it is the one to keep.
    const power = await this.readPower();
    if (power === null) this.foundStep = isHigh ? RANGE : 0;
    else this.foundStep = this.#wanted = Math.round(power * RANGE);
  }

  async set(step: number): Promise<void> {
    checkStep(step, RANGE);
    this.checkOpen();
    this.#wanted = step;
    await this.ask("PWM", step);
  }

  async restore(): Promise<void> {
    await this.#setUp();
    if (this.#wanted !== null) await this.ask("PWM", this.#wanted);
  }

  /** Range and frequency come before the first duty: 800 Hz with a range of 255 would make duty 1 dark. */
  async #setUp(): Promise<void> {
    await this.ask("PFS", FREQUENCY_HZ);
    await this.ask("PRS", RANGE);
  }
}

/** On and off. A pin that is found in PWM stays in it, because leaving it makes a gap. */
export class PigpiodSwitch extends PigpiodPin implements PinOutput {
  readonly steps = 1;
  foundStep = 0;
  #wanted: number | null = null;
  /** The range of the PWM that the pin is in; null when it is in none. */
  #range: number | null = null;

  async start(): Promise<void> {
    const power = await this.#readMode();
    if (power === null) this.foundStep = (await this.isOnOutput()) ? 1 : 0;
    else this.foundStep = power > 0 ? 1 : 0;
  }

  async set(step: number): Promise<void> {
    checkStep(step, 1);
    this.checkOpen();
    this.#wanted = step;
    await this.#write(step);
  }

  async restore(): Promise<void> {
    await this.#readMode();
    if (this.#wanted !== null) await this.#write(this.#wanted);
  }

  async #readMode(): Promise<number | null> {
    const power = await this.readPower();
    this.#range = power === null ? null : await this.ask("PRG");
    return power;
  }

  /** WRITE sets mode and level in one, so that the pin is never the other. */
  async #write(step: number): Promise<void> {
    if (this.#range === null) await this.ask("WRITE", step);
    else await this.ask("PWM", step * this.#range);
  }
}

export class PigpiodInput extends PigpiodPin implements PinInput {
  readonly #pull: Pull;

  constructor(client: PigpiodClient, pin: number, pull: Pull, onClose: () => void) {
    super(client, pin, onClose);
    this.#pull = pull;
  }

  async start(): Promise<void> {
    await this.ask("MODES", INPUT_MODE);
    await this.ask("PUD", PULLS[this.#pull]);
  }

  async restore(): Promise<void> {
    await this.start();
  }

  async read(): Promise<boolean> {
    this.checkOpen();
    return (await this.ask("READ")) === 1;
  }
}

export function lost(pin: number | null, reason: PigpiodError): DriverError {
  return Object.assign(new DriverError("pigpiod", pin, reason.message, START_PIGPIOD), { cause: reason });
}
