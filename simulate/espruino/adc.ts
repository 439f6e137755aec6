/** The ADC of a simulated board: each pin shows a slow wave, other on each board, so that there is something to plot. */
import type { Clock } from "#base/clock.ts";

const FIRST_PIN = 32;
const LAST_PIN = 39;
const STEPS = 4096;
const TIDE_MS = 60_000;
const RIPPLE_MS = 7_000;

/**
 * @param serial of the board, in hexadecimal
 * @returns what `analogRead` is there: 0 to 1 in 4,096 steps; -1 step for a pin without an ADC
 */
export function createAdc(clock: Clock, serial: string): (pin: unknown) => number {
  const phase = Number.parseInt(serial.slice(-4), 16) / 0x10000;
  return (pin) => {
    const number = Number(pin);
    if (!(number >= FIRST_PIN && number <= LAST_PIN)) return -1 / STEPS;
    const wave = (periodMs: number): number =>
      Math.sin(2 * Math.PI * (clock.monotonic() / periodMs + phase + number / 8));
    return Math.floor((0.5 + 0.35 * wave(TIDE_MS) + 0.05 * wave(RIPPLE_MS)) * STEPS) / STEPS;
  };
}
