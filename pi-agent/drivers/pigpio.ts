/**
 * Pins through the C library of pigpio in this process: needs root, a Raspberry Pi 0 to 4, and no pigpio daemon beside
 * it. The npm package is optional and loaded only here; its traps are handled below.
 */
import { checkPin, checkStep, DriverError, type PwmDriver, type PwmOutput } from "./driver.ts";

/** As in pigpiod.ts: 800 Hz, and a range of what the library really tells apart there. */
const FREQUENCY_HZ = 800;
const RANGE = 250;

const INSTALL = "Install it with: sudo apt install libpigpio-dev && npm rebuild pigpio";

/** What is used of the npm package `pigpio`. */
export interface PigpioLibrary {
  readonly DISABLE_FIFO_IF: number;
  readonly DISABLE_SOCK_IF: number;
  configureInterfaces(flags: number): void;
  initialize(): void;
  terminate(): void;
  readonly Gpio: new (pin: number) => PigpioGpio;
}

export interface PigpioGpio {
  getMode(): number;
  digitalRead(): number;
  digitalWrite(level: 0 | 1): void;
  getPwmDutyCycle(): number;
  pwmFrequency(hertz: number): void;
  pwmRange(range: number): void;
  pwmWrite(duty: number): void;
}

/** The part of `process` that holds signal handlers. */
export interface Signals {
  listeners(signal: NodeJS.Signals): readonly NodeJS.SignalsListener[];
  on(signal: NodeJS.Signals, listener: NodeJS.SignalsListener): unknown;
  off(signal: NodeJS.Signals, listener: NodeJS.SignalsListener): unknown;
}

/** Loads the npm package. @throws DriverError when it is not installed */
export async function loadPigpio(): Promise<PigpioLibrary> {
  const { warn } = console;
  try {
    // Without the C library the package loads as an empty one and prints thirty lines; our error says it in one.
    console.warn = () => {};
    const name = "pigpio";
    return ((await import(name)) as { default: PigpioLibrary }).default;
  } catch {
    throw new DriverError("pigpio", null, "the npm package pigpio is not installed", INSTALL);
  } finally {
    console.warn = warn;
  }
}

/**
 * Initialises the library.
 * @throws DriverError when the C library is missing, when this is no Pi that it knows, or when a pigpio daemon runs
 */
export function createPigpioDriver(library: PigpioLibrary, signals: Signals = process): PwmDriver {
  initialise(library);
  rearm(signals);
  const open = new Map<number, PwmOutput>();
  let closed = false;
  return {
    name: "pigpio",
    title: "pigpio in this process",
    simulated: false,
    open: async (pin) => openPin(library, pin, open),
    // The library works or the process is gone: it has no faults to tell of later.
    watch: () => {},
    async close() {
      if (closed) return;
      closed = true;
      for (const output of [...open.values()]) await output.close();
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
      throw new DriverError(
        "pigpio",
        null,
        "the pigpio C library was missing when the npm package was installed",
        INSTALL,
      );
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

function openPin(library: PigpioLibrary, pin: number, open: Map<number, PwmOutput>): PwmOutput {
  checkPin("pigpio", pin, open);
  const gpio = attempt(pin, () => new library.Gpio(pin));
  const foundStep = attempt(pin, () => readStep(gpio));
  attempt(pin, () => {
    gpio.pwmFrequency(FREQUENCY_HZ);
    gpio.pwmRange(RANGE);
  });
  let power = foundStep;
  const output: PwmOutput = {
    pin,
    steps: RANGE,
    foundStep,
    async set(step) {
      checkStep(step, RANGE);
      if (open.get(pin) !== output) throw new DriverError("pigpio", pin, "the output is closed", "Open it again");
      attempt(pin, () => gpio.pwmWrite(step));
      power = step;
    },
    async close() {
      if (open.get(pin) !== output) return;
      open.delete(pin);
      // The pulses end with the process, at a level that nobody chose: only off and full can stay.
      attempt(pin, () => gpio.digitalWrite(power === RANGE ? 1 : 0));
    },
  };
  open.set(pin, output);
  return output;
}

/** A fresh library has no pin in PWM yet, and then throws when asked for the duty. */
function readStep(gpio: PigpioGpio): number {
  const OUTPUT = 1;
  return gpio.getMode() === OUTPUT && gpio.digitalRead() === 1 ? RANGE : 0;
}

function attempt<T>(pin: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new DriverError("pigpio", pin, (error as Error).message, "Choose another pin with --pin");
  }
}
