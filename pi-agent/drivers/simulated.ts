/** A driver that drives nothing and says so: for machines without pins, demonstrations and tests. */
import { checkOpen, checkPin, checkStep, type PinDriver, type PinInput, type PinOutput, type Pull } from "./driver.ts";

/** As fine as pigpio at its usual frequency. */
const STEPS = 250;
const FADE_STEP_MS = 20;

export interface SimulatedDriver extends PinDriver {
  /** The power of a pin now, 0 to 1; 0 for one that was never driven. */
  powerOf(pin: number): number;
  /** Holds an input high or low, as a button does; with null its pull has it again. */
  hold(pin: number, high: boolean | null): void;
}

/** @param pins powers, 0 to 1, that the pins have before they are opened, as real ones do after a restart of the agent */
export function createSimulatedDriver(pins: ReadonlyMap<number, number> = new Map()): SimulatedDriver {
  const powers = new Map(pins);
  const held = new Map<number, boolean>();
  const open = new Map<number, { close(): Promise<void> }>();

  /** Takes the pin and gives the part of it that is the same for an output and an input. */
  function claim(pin: number) {
    checkPin("simulated", pin, open);
    const held = {
      pin,
      async close() {
        if (open.get(pin) === held) open.delete(pin);
      },
    };
    open.set(pin, held);
    return { held, check: () => checkOpen("simulated", pin, open.get(pin) === held) };
  }

  function openOutput(pin: number, steps: number): PinOutput {
    const { held, check } = claim(pin);
    return {
      ...held,
      steps,
      foundStep: Math.round((powers.get(pin) ?? 0) * steps),
      async set(step) {
        checkStep(step, steps);
        check();
        powers.set(pin, step / steps);
      },
    };
  }

  function openInput(pin: number, pull: Pull): PinInput {
    const { held: pinHeld, check } = claim(pin);
    powers.delete(pin);
    return {
      ...pinHeld,
      async read() {
        check();
        return held.get(pin) ?? pull === "up";
      },
    };
  }

  return {
    name: "simulated",
    title: "a simulated LED, no real pin moves",
    simulated: true,
    fadeStepMs: FADE_STEP_MS,
    powerOf: (pin) => powers.get(pin) ?? 0,
    hold(pin, high) {
      if (high === null) held.delete(pin);
      else held.set(pin, high);
    },
    openPwm: async (pin) => openOutput(pin, STEPS),
    openSwitch: async (pin) => openOutput(pin, 1),
    openInput: async (pin, pull) => openInput(pin, pull),
    // It always works, so it has no faults to tell of.
    probe: async () => {},
    watch: () => {},
    close: async () => open.clear(),
  };
}
