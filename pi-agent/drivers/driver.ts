/** What every way of driving a pin has in common: `select.ts` chooses one, `lamp.ts` uses it, one contract suite holds them alike. */

export type DriverName = "pigpiod" | "pigpio" | "simulated";

/** One pin under PWM. A power is a whole number of steps, 0 (off) to `steps` (always on), linear in duty. */
export interface PwmOutput {
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

export interface PwmDriver {
  readonly name: DriverName;
  /** For people: what exactly drives the pins. */
  readonly title: string;
  /** No real pin moves. */
  readonly simulated: boolean;
  /** @throws DriverError when the pin cannot be driven or is open already */
  open(pin: number): Promise<PwmOutput>;
  /** Calls `listener` with the fault when the driver stops working, and with null when it works again. */
  watch(listener: (fault: DriverError | null) => void): void;
  /** Closes every output, then the driver. Closing twice does nothing. */
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
    throw new DriverError(driver, pin, "this is no GPIO that can be driven", "Choose one from 2 to 27 with --pin");
  }
  if (open.has(pin)) throw new DriverError(driver, pin, "the pin is in use", "Give each output a pin of its own");
}
