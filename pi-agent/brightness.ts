/** Brightness as a person sees it, 0 to 100, and the power of a light that looks so (CIE 1931 lightness). Pure; used by lamp.ts. */

/** Powers between which a lamp works, as parts of full power: 0 ≤ min < max ≤ 1. */
export interface PowerLimits {
  /** What the smallest brightness gets: some lamps are dark, or hum, below. */
  readonly minPower: number;
  /** What 100 gets. */
  readonly maxPower: number;
}

/** Lightness 0 to 100 → luminance 0 to 1, CIE 1931. */
export function luminance(lightness: number): number {
  return lightness <= 8 ? lightness / LINEAR : ((lightness + 16) / 116) ** 3;
}

/** The inverse of `luminance`. */
export function lightness(luminance: number): number {
  return luminance <= 8 / LINEAR ? luminance * LINEAR : 116 * Math.cbrt(luminance) - 16;
}

/** (29/3)³: makes the straight foot of the curve meet its cubic part at lightness 8. */
const LINEAR = (29 / 3) ** 3;

/**
 * The step of an output for a brightness. Whatever is above 0 gets at least one step, so a light that is on is never dark.
 * @param level 0 to 100
 */
export function stepOfLevel(level: number, steps: number, { minPower, maxPower }: PowerLimits): number {
  if (level <= 0) return 0;
  const power = minPower + (maxPower - minPower) * luminance(Math.min(level, 100));
  return Math.min(Math.max(Math.round(power * steps), 1), steps);
}

/** The brightness that a step looks like: a whole number where one gives this very step, else with one decimal. */
export function levelOfStep(step: number, steps: number, limits: PowerLimits): number {
  if (step <= 0) return 0;
  const { minPower, maxPower } = limits;
  const part = (step / steps - minPower) / (maxPower - minPower);
  const exact = lightness(Math.min(Math.max(part, 0), 1));
  const whole = Math.max(Math.round(exact), 1);
  return stepOfLevel(whole, steps, limits) === step ? whole : Math.max(Math.round(exact * 10) / 10, 0.1);
}
