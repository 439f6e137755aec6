/** A driver that drives nothing and says so: for machines without pins, demonstrations and tests. */
import { checkPin, checkStep, DriverError, type PwmDriver, type PwmOutput } from "./driver.ts";

/** As fine as pigpio at its usual frequency. */
const STEPS = 250;

export interface SimulatedDriver extends PwmDriver {
  /** The power of a pin now, in steps; 0 for one that was never driven. */
  stepOf(pin: number): number;
}

/** @param pins powers that the pins have before they are opened, as real ones do after a restart of the agent */
export function createSimulatedDriver(pins: ReadonlyMap<number, number> = new Map()): SimulatedDriver {
  const powers = new Map(pins);
  const open = new Map<number, PwmOutput>();

  function openPin(pin: number): PwmOutput {
    checkPin("simulated", pin, open);
    const output: PwmOutput = {
      pin,
      steps: STEPS,
      foundStep: powers.get(pin) ?? 0,
      async set(step) {
        checkStep(step, STEPS);
        if (open.get(pin) !== output) throw new DriverError("simulated", pin, "the output is closed", "Open it again");
        powers.set(pin, step);
      },
      async close() {
        if (open.get(pin) === output) open.delete(pin);
      },
    };
    open.set(pin, output);
    return output;
  }

  return {
    name: "simulated",
    title: "a simulated LED, no real pin moves",
    simulated: true,
    stepOf: (pin) => powers.get(pin) ?? 0,
    open: async (pin) => openPin(pin),
    // It has no faults to tell of.
    watch: () => {},
    close: async () => open.clear(),
  };
}
