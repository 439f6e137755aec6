/** Pins through the pigpio daemon (`sudo pigpiod`), Raspberry Pi 0 to 4. What they show survives the agent; `select.ts` opens it. */
import { checkPin, DriverError, type PinDriver, type PinInput, type PinOutput, type Pull } from "./driver.ts";
import { type PigpiodClient, PigpiodError } from "./pigpiod-client.ts";
import { lost, PigpiodInput, PigpiodLight, PigpiodSwitch } from "./pigpiod-pins.ts";

/** A step is a request and its reply over a socket: 25 a second look smooth and cost half of 50. */
const FADE_STEP_MS = 40;

type Pin = PigpiodLight | PigpiodSwitch | PigpiodInput;

/**
 * Connects to the daemon and makes sure that it is one.
 * @throws DriverError when it does not answer
 */
export async function createPigpiodDriver(client: PigpiodClient): Promise<PinDriver> {
  const driver = new PigpiodDriver(client);
  await driver.start();
  return driver;
}

class PigpiodDriver implements PinDriver {
  readonly name = "pigpiod";
  readonly simulated = false;
  readonly fadeStepMs = FADE_STEP_MS;
  readonly #client: PigpiodClient;
  readonly #open = new Map<number, Pin>();
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

  async openPwm(pin: number, use: "pwm" | "hardware-pwm" = "pwm"): Promise<PinOutput> {
    checkPin("pigpiod", pin, this.#open);
    if (use === "hardware-pwm") {
      // Two pins share each channel of the chip, and the daemon does not tell which of them has it.
      const remedy = "Use the driver kernel for it, or leave the PWM to pigpiod, which times it without the processor";
      throw new DriverError("pigpiod", pin, "this driver does not use the hardware PWM", remedy);
    }
    return await this.#start(new PigpiodLight(this.#client, pin, () => this.#open.delete(pin)));
  }

  async openSwitch(pin: number): Promise<PinOutput> {
    checkPin("pigpiod", pin, this.#open);
    return await this.#start(new PigpiodSwitch(this.#client, pin, () => this.#open.delete(pin)));
  }

  async openInput(pin: number, pull: Pull): Promise<PinInput> {
    checkPin("pigpiod", pin, this.#open);
    return await this.#start(new PigpiodInput(this.#client, pin, pull, () => this.#open.delete(pin)));
  }

  async probe(): Promise<void> {
    try {
      await this.#client.request("PIGPV");
    } catch (error) {
      throw error instanceof PigpiodError ? lost(null, error) : error;
    }
  }

  watch(listener: (fault: DriverError | null) => void): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    for (const pin of [...this.#open.values()]) await pin.close();
    this.#client.close();
  }

  async #start<T extends Pin>(pin: T): Promise<T> {
    this.#open.set(pin.pin, pin);
    try {
      await pin.start();
    } catch (error) {
      await pin.close();
      throw error;
    }
    return pin;
  }

  /** The daemon may have been started anew: set up again what it has forgotten, before anyone sets more. */
  async #restore(): Promise<void> {
    try {
      for (const pin of this.#open.values()) await pin.restore();
      this.#listener(null);
    } catch (error) {
      // A connection that is lost again tells so itself; only a refusal is news.
      if (error instanceof DriverError && !(error.cause instanceof PigpiodError)) this.#listener(error);
    }
  }
}
