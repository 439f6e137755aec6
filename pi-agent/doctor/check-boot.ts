/** What config.txt says about the pins: overlays, pulls, and other users of them. Called by diagnose.ts. */

import { HARDWARE_PWM_PINS, hardwarePwmLine, pullLine, pwmGpioLine } from "../drivers/boot-config.ts";
import type { DriverName } from "../drivers/driver.ts";
import { addCommand, type BootLines } from "./boot-lines.ts";
import { type Finding, note, ok } from "./finding.ts";
import { bootTime, exists, type Machine, statOf } from "./machine.ts";
import { mayUseKernel, type Subject, type SubjectPin } from "./subject.ts";

/** Lines that give pins to something else. */
const OTHER_USERS: readonly { readonly line: RegExp; readonly pins: readonly number[]; readonly what: string }[] = [
  { line: /^dtparam=i2c_arm=on$/, pins: [2, 3], what: "I2C" },
  { line: /^dtparam=spi=on$/, pins: [7, 8, 9, 10, 11], what: "SPI" },
  { line: /^enable_uart=1$/, pins: [14, 15], what: "the serial port" },
  { line: /^dtparam=i2s=on$/, pins: [18, 19, 20, 21], what: "I2S sound" },
  { line: /^dtoverlay=hifiberry/, pins: [18, 19, 20, 21], what: "a sound card" },
  { line: /^dtoverlay=w1-gpio$/, pins: [4], what: "1-Wire" },
];

/**
 * None where there is no config.txt, or where the kernel's driver is not the one.
 * @param chosen the driver that works; null for none
 */
export function checkBootConfig(
  machine: Machine,
  boot: BootLines,
  subject: Subject,
  chosen: DriverName | null,
): readonly Finding[] {
  if (boot.path === null || subject.driver === "simulated") return [];
  const isKernel = mayUseKernel(subject) && (chosen === null || chosen === "kernel");
  const needed = isKernel ? linesFor(subject.pins) : [];
  return [
    ...needed.map((need) => checkLine(machine, boot, need)),
    ...subject.pins.flatMap((pin) => checkOtherUsers(boot, pin)),
    ...checkSound(boot, subject),
  ];
}

interface Need {
  readonly line: string;
  /** What it is for. */
  readonly purpose: string;
  /** The overlay that it names. */
  readonly overlay: string | null;
}

function linesFor(pins: readonly SubjectPin[]): readonly Need[] {
  return [...pins.filter(({ use }) => use === "pwm").map(pulseLine), ...chipLines(pins), ...pins.flatMap(pullLines)];
}

function pulseLine({ pin }: SubjectPin): Need {
  return { line: pwmGpioLine(pin), purpose: `pulses of the kernel on GPIO${pin}`, overlay: "pwm-gpio" };
}

/** One line for one pin or for two. */
function chipLines(pins: readonly SubjectPin[]): readonly Need[] {
  const [first, second] = pins
    .filter(({ use, pin }) => use === "hardware-pwm" && HARDWARE_PWM_PINS.includes(pin))
    .sort((a, b) => placeOf(a) - placeOf(b));
  if (first === undefined) return [];
  const purpose = `pulses of the chip on GPIO${[first, second].flatMap((one) => one?.pin ?? []).join(" and GPIO")}`;
  return [{ line: hardwarePwmLine(first.pin, second?.pin), purpose, overlay: second ? "pwm-2chan" : "pwm" }];
}

/** The overlay gives its first place to GPIO12 or GPIO18, its second to GPIO13 or GPIO19. */
function placeOf({ pin }: SubjectPin): number {
  return pin === 12 || pin === 18 ? 0 : 1;
}

function pullLines({ pin, pull }: SubjectPin): readonly Need[] {
  if (pull === undefined || pull === "none") return [];
  return [{ line: pullLine(pin, pull), purpose: `the pull-${pull} of the input GPIO${pin}`, overlay: null }];
}

function checkLine(machine: Machine, boot: BootLines, { line, purpose, overlay }: Need): Finding {
  const folder = String(boot.path).replace(/[^/]*$/, "overlays/");
  if (overlay !== null && !exists(machine, `${folder}${overlay}.dtbo`)) {
    const remedy = "sudo apt update && sudo apt full-upgrade -y && sudo reboot";
    return note("config.txt", `There is no ${folder}${overlay}.dtbo for ${purpose}`, remedy);
  }
  if (boot.lines.includes(line)) {
    const startedAt = bootTime(machine);
    const changedAt = statOf(machine, String(boot.path))?.mtimeMs;
    const isNew = startedAt !== null && changedAt !== undefined && changedAt > startedAt;
    if (!isNew) return ok("config.txt", `${boot.path} has ${line}, for ${purpose}`);
    return note("config.txt", `${boot.path} with ${line} was changed since the start of the Pi`, "sudo reboot");
  }
  const heading = boot.elsewhere.get(line);
  if (heading === undefined)
    return note("config.txt", `${boot.path} has no line for ${purpose}`, addCommand(boot, line));
  const what = `${boot.path} has ${line} under ${heading}, which is not for this model`;
  return note("config.txt", what, `Move it under [all] (sudo nano ${boot.path}), then: sudo reboot`);
}

function checkOtherUsers({ path, lines }: BootLines, { name, pin }: SubjectPin): readonly Finding[] {
  return OTHER_USERS.flatMap(({ line, pins, what }) => {
    const found = lines.find((one) => line.test(one));
    if (found === undefined || !pins.includes(pin)) return [];
    const remedy = `Use another pin for ${name}, or: sudo sed -i '/^${found}/d' ${path} && sudo reboot`;
    return [note("config.txt", `GPIO${pin} (${name}) is also a pin of ${what}: ${found}`, remedy)];
  });
}

/** Sound of the jack is made by the same chip. */
function checkSound({ path, lines }: BootLines, { pins }: Subject): readonly Finding[] {
  if (!pins.some(({ use }) => use === "hardware-pwm") || !lines.includes("dtparam=audio=on")) return [];
  const remedy = `sudo sed -i 's/^dtparam=audio=on/dtparam=audio=off/' ${path} && sudo reboot`;
  return [note("config.txt", "Sound of the jack disturbs the pulses of the chip: dtparam=audio=on", remedy)];
}
