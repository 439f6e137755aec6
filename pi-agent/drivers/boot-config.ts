/**
 * The lines of the Pi's config.txt that give the kernel a pin: which pin needs which line, and whether it is there. The
 * kernel driver's remedies and the doctor name them; nothing here writes the file.
 */
import { readFileSync } from "node:fs";
import type { Pull } from "./driver.ts";

export interface BootConfig {
  readonly path: string;
  /** The lines that are in force, without comments and spaces. */
  readonly lines: readonly string[];
}

/** Since Raspberry Pi OS bookworm, and before it. */
const PATHS = ["/boot/firmware/config.txt", "/boot/config.txt"] as const;

const PULLS: Readonly<Record<Pull, string>> = { up: "pu", down: "pd", none: "pn" };

/** The number of the pin's PWM function, as the overlay calls it on every model: 4 is Alt0, 2 is Alt5. */
const HARDWARE_FUNCTIONS: ReadonlyMap<number, number> = new Map([
  [12, 4],
  [13, 4],
  [18, 2],
  [19, 2],
]);

/** The pins that have PWM of the chip, on every model. */
export const HARDWARE_PWM_PINS: readonly number[] = [...HARDWARE_FUNCTIONS.keys()];

/** The line that makes pulses of the kernel on any pin; there may be several, one for each pin. */
export function pwmGpioLine(pin: number): string {
  return `dtoverlay=pwm-gpio,gpio=${pin}`;
}

/** The line that makes pulses of the chip on one pin or on two of `HARDWARE_PWM_PINS`. */
export function hardwarePwmLine(pin: number, second?: number): string {
  const func = HARDWARE_FUNCTIONS.get(pin);
  if (second === undefined) return `dtoverlay=pwm,pin=${pin},func=${func}`;
  return `dtoverlay=pwm-2chan,pin=${pin},func=${func},pin2=${second},func2=${HARDWARE_FUNCTIONS.get(second)}`;
}

/** The line that holds an input while nothing drives it: through /sys the kernel driver cannot. */
export function pullLine(pin: number, pull: Pull): string {
  return `gpio=${pin}=ip,${PULLS[pull]}`;
}

/** Reads the config.txt of this Pi; one that cannot be read has no lines. */
export function readBootConfig(paths: readonly string[] = PATHS): BootConfig {
  for (const path of paths) {
    try {
      const lines = readFileSync(path, "utf8").split("\n");
      return {
        path,
        lines: lines.map((line) => line.replace(/#.*/, "").replace(/\s/g, "")).filter((line) => line !== ""),
      };
    } catch {
      // The next place may have one.
    }
  }
  return { path: paths[0] ?? PATHS[0], lines: [] };
}

/** What to do so that `line` comes into force, as a sentence without a full stop. */
export function addLine({ path, lines }: BootConfig, line: string): string {
  return lines.includes(line)
    ? `The line ${line} is in ${path} but not in force: restart the Pi (sudo reboot); if it was restarted, see: sudo vclog --msg`
    : `Add the line ${line} to ${path} and restart the Pi (sudo reboot)`;
}
