/** What every way of driving a pin has in common: `select.ts` chooses one, the parts of the agent use it, one contract suite holds them alike. */

export const DRIVER_CHOICES = ["auto", "kernel", "pigpiod", "pigpio", "simulated"] as const;
/** What a user may ask for; `auto` is the first real one that works. */
export type DriverChoice = (typeof DRIVER_CHOICES)[number];
export type DriverName = Exclude<DriverChoice, "auto">;

/** What a pin is for: pulses of the driver, pulses of the chip's own PWM (GPIO12, 13, 18, 19), on and off, or listening. */
export type PinUse = "pwm" | "hardware-pwm" | "switch" | "input";

/** What holds an input while nothing drives it. */
export type Pull = "up" | "down" | "none";

/** One pin that gives power, in whole steps from 0 (off) to `steps` (always on), linear in duty. A switch has one step. */
export interface PinOutput {
  readonly pin: number;
  /** How many powers above 0 the output can tell apart. */
  readonly steps: number;
  /** The power that the pin had when it was opened; opening changes nothing, so nothing flashes. */
  readonly foundStep: number;
  /**
   * Sets the power; resolves when the driver has taken it.
   * @throws RangeError for a step that is not a whole number from 0 to `steps`
   * @throws DriverError when the driver cannot do it now; one that recovers applies the newest step by itself
   */
  set(step: number): Promise<void>;
  /** Lets go of the pin, leaving its power as it is where the driver can (`pigpio` cannot). Closing twice does nothing. */
  close(): Promise<void>;
}

/** One pin that listens. */
export interface PinInput {
  readonly pin: number;
  /** Whether the pin is high now. @throws DriverError when the driver cannot tell */
  read(): Promise<boolean>;
  /** Closing twice does nothing. */
  close(): Promise<void>;
}

export interface PinDriver {
  readonly name: DriverName;
  /** For people: what exactly drives the pins. */
  readonly title: string;
  /** No real pin moves. */
  readonly simulated: boolean;
  /** Ms between two steps of a fade: as smooth as the driver can do cheaply. */
  readonly fadeStepMs: number;
  /** @throws DriverError when the pin cannot be driven so or is open already */
  openPwm(pin: number, use?: "pwm" | "hardware-pwm"): Promise<PinOutput>;
  /** A pin that is on or off: `steps` is 1. @throws DriverError as `openPwm` */
  openSwitch(pin: number): Promise<PinOutput>;
  /** @throws DriverError when the pin cannot be read, is open already, or cannot be pulled so by this driver */
  openInput(pin: number, pull: Pull): Promise<PinInput>;
  /** Resolves when the driver answers: what the watchdog asks. @throws DriverError when it does not */
  probe(): Promise<void>;
  /** Calls `listener` with the fault when the driver stops working, and with null when it works again. */
  watch(listener: (fault: DriverError | null) => void): void;
  /** Closes every pin, then the driver. Closing twice does nothing. */
  close(): Promise<void>;
}

/** A fault of a driver: names the driver, the pin if there is one, what is wrong and what to do about it. */
export class DriverError extends Error {
  readonly driver: DriverName;
  readonly pin: number | null;
  readonly reason: string;
  readonly remedy: string;

  /** @param reason and @param remedy are sentences without a full stop */
  constructor(driver: DriverName, pin: number | null, reason: string, remedy: string) {
    super(`${driver}${pin === null ? "" : `, GPIO${pin}`}: ${reason}. ${remedy}.`);
    this.name = "DriverError";
    this.driver = driver;
    this.pin = pin;
    this.reason = reason;
    this.remedy = remedy;
  }
}

/** @throws RangeError unless `step` is a whole number from 0 to `steps` */
export function checkStep(step: number, steps: number): void {
  if (Number.isInteger(step) && step >= 0 && step <= steps) return;
  throw new RangeError(`A step is a whole number from 0 to ${steps}, not ${step}.`);
}

/** @throws DriverError when `pin` is not on the header or is in `open` */
export function checkPin(driver: DriverName, pin: number, open: ReadonlyMap<number, unknown>): void {
  if (!Number.isInteger(pin) || pin < 2 || pin > 27) {
    throw new DriverError(driver, pin, "this is no GPIO that can be driven", "Choose one from 2 to 27");
  }
  if (open.has(pin))
    throw new DriverError(driver, pin, "the pin is in use", "Give each output and input a pin of its own");
}

/** @throws DriverError for something done with a pin after its end */
export function checkOpen(driver: DriverName, pin: number, isOpen: boolean): void {
  if (!isOpen) throw new DriverError(driver, pin, "the pin is closed", "Open it again");
}
