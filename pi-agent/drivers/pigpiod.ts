/** Pins through the pigpio daemon (`sudo pigpiod`), Raspberry Pi 0 to 4. Duty survives the agent; `select.ts` opens it. */
import { checkPin, checkStep, DriverError, type PwmDriver, type PwmOutput } from "./driver.ts";
import { type PigpiodClient, PigpiodError } from "./pigpiod-client.ts";
import { type Command, describeResult, NOT_IN_PWM } from "./pigpiod-commands.ts";

/** Free of visible flicker, also for cameras of phones. */
const FREQUENCY_HZ = 800;
/** What the daemon really tells apart at 800 Hz and its usual sample rate: 1e6 / (5 µs × 800 Hz). A larger range would only look finer. */
const RANGE = 250;
const OUTPUT_MODE = 1;

export const START_PIGPIOD = "Start it with: sudo pigpiod (install it with: sudo apt install pigpio)";

/**
 * Connects to the daemon and makes sure that it is one.
 * @throws DriverError when it does not answer
 */
export async function createPigpiodDriver(client: PigpiodClient): Promise<PwmDriver> {
  const driver = new PigpiodDriver(client);
  await driver.start();
  return driver;
}

class PigpiodDriver implements PwmDriver {
  readonly name = "pigpiod";
  readonly simulated = false;
  readonly #client: PigpiodClient;
  readonly #open = new Map<number, PigpiodOutput>();
  #listener: (fault: DriverError | null) => void = () => {};
  #version = 0;

  constructor(client: PigpiodClient) {
    this.#client = client;
  }

  get title(): string {
    return `pigpiod ${this.#version} at ${this.#client.address}`;
  }

  async start(): Promise<void> {
    try {
      this.#version = await this.#client.connect({
        onLost: (reason) => this.#listener(lost(null, reason)),
        onRestored: () => void this.#restore(),
      });
    } catch (error) {
      throw error instanceof PigpiodError ? lost(null, error) : error;
    }
  }

  async open(pin: number): Promise<PwmOutput> {
    checkPin("pigpiod", pin, this.#open);
    const output = new PigpiodOutput(this.#client, pin, () => this.#open.delete(pin));
    this.#open.set(pin, output);
    try {
      await output.start();
    } catch (error) {
      this.#open.delete(pin);
      throw error;
    }
    return output;
  }

  watch(listener: (fault: DriverError | null) => void): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    for (const output of [...this.#open.values()]) await output.close();
    this.#client.close();
  }

  /** The daemon may have been started anew: set up again what it has forgotten, before anyone sets more. */
  async #restore(): Promise<void> {
    try {
      for (const output of this.#open.values()) await output.restore();
      this.#listener(null);
    } catch (error) {
      // A connection that is lost again tells so itself; only a refusal is news.
      if (error instanceof DriverError && !(error.cause instanceof PigpiodError)) this.#listener(error);
    }
  }
}

class PigpiodOutput implements PwmOutput {
  readonly pin: number;
  readonly steps = RANGE;
  readonly #client: PigpiodClient;
  readonly #onClose: () => void;
  foundStep = 0;
  /** The power that the daemon should show; null while the pin was never driven. */
  #wanted: number | null = null;
  #closed = false;

  constructor(client: PigpiodClient, pin: number, onClose: () => void) {
    this.pin = pin;
    this.#client = client;
    this.#onClose = onClose;
  }

  async start(): Promise<void> {
    const isPwm = (await this.#request("GDC")) !== NOT_IN_PWM;
    const isHigh = !isPwm && (await this.#ask("MODEG")) === OUTPUT_MODE && (await this.#ask("READ")) === 1;
    await this.#setUp();
    // The daemon scales a duty that it shows to the new range, so reading it again is exact.
    if (isPwm) this.foundStep = this.#wanted = await this.#ask("GDC");
    else this.foundStep = isHigh ? RANGE : 0;
  }

  async set(step: number): Promise<void> {
    checkStep(step, RANGE);
    if (this.#closed) throw new DriverError("pigpiod", this.pin, "the output is closed", "Open it again");
    this.#wanted = step;
    await this.#ask("PWM", step);
  }

  async restore(): Promise<void> {
    await this.#setUp();
    if (this.#wanted !== null) await this.#ask("PWM", this.#wanted);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
  }

  /** Range and frequency come before the first duty: 800 Hz with a range of 255 would make duty 1 dark. */
  async #setUp(): Promise<void> {
    await this.#ask("PFS", FREQUENCY_HZ);
    await this.#ask("PRS", RANGE);
  }

  /** @throws DriverError also when the daemon refuses */
  async #ask(command: Command, p2 = 0): Promise<number> {
    const result = await this.#request(command, p2);
    if (result >= 0) return result;
    throw new DriverError("pigpiod", this.pin, describeResult(result), "Choose another pin with --pin");
  }

  async #request(command: Command, p2 = 0): Promise<number> {
    try {
      return await this.#client.request(command, this.pin, p2);
    } catch (error) {
      throw error instanceof PigpiodError ? lost(this.pin, error) : error;
    }
  }
}

function lost(pin: number | null, reason: PigpiodError): DriverError {
  return Object.assign(new DriverError("pigpiod", pin, reason.message, START_PIGPIOD), { cause: reason });
}
