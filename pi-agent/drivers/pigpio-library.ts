/** The npm package `pigpio`, as far as it is used: loading it, and saying what is missing. Called by pigpio.ts and select.ts. */
import { createRequire } from "node:module";
import { DriverError } from "./driver.ts";

export const INSTALL_PIGPIO = "Install it with: sudo apt install libpigpio-dev && npm rebuild pigpio";

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
  mode(mode: number): void;
  getMode(): number;
  pullUpDown(pull: number): void;
  digitalRead(): number;
  digitalWrite(level: 0 | 1): void;
  getPwmDutyCycle(): number;
  pwmFrequency(hertz: number): void;
  pwmRange(range: number): void;
  pwmWrite(duty: number): void;
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
    throw new DriverError("pigpio", null, "the npm package pigpio is not installed", INSTALL_PIGPIO);
  } finally {
    console.warn = warn;
  }
}

/** Says what is missing without starting the library; null when it could be started. */
export function whyPigpioIsNotInstalled(require: NodeJS.Require = createRequire(import.meta.url)): DriverError | null {
  try {
    require.resolve("pigpio");
  } catch {
    return new DriverError("pigpio", null, "the npm package pigpio is not installed", INSTALL_PIGPIO);
  }
  return hasAddon(require) ? null : withoutAddon();
}

/** The package installs without the C library too, and then has an empty addon, or one that cannot be loaded. */
function hasAddon(require: NodeJS.Require): boolean {
  try {
    const addon: unknown = require("pigpio/build/Release/pigpio.node");
    return typeof addon === "object" && addon !== null && "gpioInitialise" in addon;
  } catch {
    return false;
  }
}

export function withoutAddon(): DriverError {
  const reason = "the pigpio C library was missing when the npm package was installed";
  return new DriverError("pigpio", null, reason, INSTALL_PIGPIO);
}
