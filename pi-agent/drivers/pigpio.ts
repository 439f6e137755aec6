/**
 * Pins through the C library of pigpio in this process: needs root, a Raspberry Pi 0 to 4, and no pigpio daemon beside
 * it. The npm package is optional and loaded only here; its traps are handled below.
 */
import {
  checkOpen,
  checkPin,
  checkStep,
  DriverError,
  type PinDriver,
  type PinInput,
  type PinOutput,
  type Pull,
} from "./driver.ts";
import { type PigpioGpio, type PigpioLibrary, withoutAddon } from "./pigpio-library.ts";

/** As in pigpiod.ts: 800 Hz, and a range of what the library really tells apart there. */
const FREQUENCY_HZ = 800;
const RANGE = 250;
/** In this process: a step costs microseconds. */
const FADE_STEP_MS = 20;
const INPUT = 0;
const OUTPUT = 1;
const PULLS: Readonly<Record<Pull, number>> = { none: 0, down: 1, up: 2 };

/** The part of `process` that holds signal handlers. */
export interface Signals {
  listeners(signal: NodeJS.Signals): readonly NodeJS.SignalsListener[];
  on(signal: NodeJS.Signals, listener: NodeJS.SignalsListener): unknown;
  off(signal: NodeJS.Signals, listener: NodeJS.SignalsListener): unknown;
}

/**
 * Initialises the library.
 * @throws DriverError when the C library is missing, when this is no Pi that it knows, or when a pigpio daemon runs
 */
export function createPigpioDriver(library: PigpioLibrary, signals: Signals = process): PinDriver {
  initialise(library);
  rearm(signals);
  const pins = new PigpioPins(library);
  let closed = false;
  return {
    name: "pigpio",
    title: "pigpio in this process",
    simulated: false,
    fadeStepMs: FADE_STEP_MS,
    openPwm: async (pin, use) => pins.openPwm(pin, use),
    openSwitch: async (pin) => pins.openSwitch(pin),
    openInput: async (pin, pull) => pins.openInput(pin, pull),
    probe: async () => pins.probe(),
    // The library works or the process is gone: it has no faults to tell of later.
    watch: () => {},
    async close() {
      if (closed) return;
      closed = true;
      await pins.close();
      library.terminate();
    },
  };
}

function initialise(library: PigpioLibrary): void {
  try {
    // Else the library opens a port that moves every pin, to the whole network.
    library.configureInterfaces(library.DISABLE_FIFO_IF | library.DISABLE_SOCK_IF);
    library.initialize();
  } catch (error) {
    const { message } = error as Error;
    if (message.includes("is not a function")) {
      throw withoutAddon();
    }
    const remedy =
      "It needs root, a Raspberry Pi 0 to 4, and no running pigpiod: use --driver pigpiod, or sudo killall pigpiod";
    throw new DriverError("pigpio", null, `the library does not start (${message})`, remedy);
  }
}

/** The library takes all signal handlers at its initialisation; taking ours off and on again gives them back to Node. */
function rearm(signals: Signals): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const listeners = [...signals.listeners(signal)];
    for (const listener of listeners) signals.off(signal, listener);
    for (const listener of listeners) signals.on(signal, listener);
  }
}

class PigpioPins {
  readonly #library: PigpioLibrary;
  readonly #open = new Map<number, { readonly gpio: PigpioGpio; close(): Promise<void> }>();

  constructor(library: PigpioLibrary) {
    this.#library = library;
  }

  openPwm(pin: number, use: "pwm" | "hardware-pwm" = "pwm"): PinOutput {
    checkPin("pigpio", pin, this.#open);
    if (use === "hardware-pwm") {
      const remedy = "Use the driver kernel for it, or leave the PWM to pigpio, which times it without the processor";
      throw new DriverError("pigpio", pin, "this driver does not use the hardware PWM", remedy);
    }
    const gpio = this.#create(pin);
    const foundStep = attempt(pin, () => (isOn(gpio) ? RANGE : 0));
    attempt(pin, () => {
      gpio.pwmFrequency(FREQUENCY_HZ);
      gpio.pwmRange(RANGE);
    });
    let power = foundStep;
    const write = (step: number): void => {
      gpio.pwmWrite(step);
      power = step;
    };
    // The pulses end with the process, at a level that nobody chose: only off and full can stay.
    return this.#output(pin, gpio, {
      steps: RANGE,
      foundStep,
      write,
      end: () => gpio.digitalWrite(power === RANGE ? 1 : 0),
    });
  }

  openSwitch(pin: number): PinOutput {
    checkPin("pigpio", pin, this.#open);
    const gpio = this.#create(pin);
    const foundStep = attempt(pin, () => (isOn(gpio) ? 1 : 0));
    return this.#output(pin, gpio, {
      steps: 1,
      foundStep,
      write: (step) => gpio.digitalWrite(step === 1 ? 1 : 0),
      end: () => {},
    });
  }

  openInput(pin: number, pull: Pull): PinInput {
    checkPin("pigpio", pin, this.#open);
    const gpio = this.#create(pin);
    attempt(pin, () => {
      gpio.mode(INPUT);
      gpio.pullUpDown(PULLS[pull]);
    });
    const held = this.#hold(pin, gpio, () => {});
    const read = async (): Promise<boolean> => {
      checkOpen("pigpio", pin, this.#open.get(pin) === held);
      return attempt(pin, () => gpio.digitalRead() === 1);
    };
    return { pin, read, close: held.close };
  }

  probe(): void {
    for (const [pin, { gpio }] of this.#open) attempt(pin, () => gpio.digitalRead());
  }

  async close(): Promise<void> {
    for (const { close } of [...this.#open.values()]) await close();
  }

  #create(pin: number): PigpioGpio {
    return attempt(pin, () => new this.#library.Gpio(pin));
  }

  #output(pin: number, gpio: PigpioGpio, way: OutputWay): PinOutput {
    const held = this.#hold(pin, gpio, way.end);
    const { steps, foundStep, write } = way;
    const set = async (step: number): Promise<void> => {
      checkStep(step, steps);
      checkOpen("pigpio", pin, this.#open.get(pin) === held);
      attempt(pin, () => write(step));
    };
    return { pin, steps, foundStep, set, close: held.close };
  }

  #hold(pin: number, gpio: PigpioGpio, end: () => void) {
    const held = {
      gpio,
      close: async (): Promise<void> => {
        if (this.#open.get(pin) !== held) return;
        this.#open.delete(pin);
        attempt(pin, end);
      },
    };
    this.#open.set(pin, held);
    return held;
  }
}

/** What differs between a light and a switch. */
interface OutputWay {
  readonly steps: number;
  readonly foundStep: number;
  write(step: number): void;
  /** Brings the pin to what it shall show after the process. */
  end(): void;
}

/** A fresh library has no pin in PWM yet, and then throws when asked for the duty. */
function isOn(gpio: PigpioGpio): boolean {
  return gpio.getMode() === OUTPUT && gpio.digitalRead() === 1;
}

function attempt<T>(pin: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new DriverError("pigpio", pin, (error as Error).message, "Choose another pin");
  }
}
