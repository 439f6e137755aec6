/** The pins that are wanted, and which driver could give them. Called by diagnose.ts. */

import { join } from "node:path";
import { systemClock } from "#base/clock.ts";
import type { DriverName, PinUse } from "../drivers/driver.ts";
import type { DriverDiagnosis, Surroundings } from "../drivers/select.ts";
import { createSysfs } from "../drivers/sysfs.ts";
import { type BootLines, bootConfigOf } from "./boot-lines.ts";
import { type Finding, fail, note, ok } from "./finding.ts";
import { type Machine, readText } from "./machine.ts";
import type { Subject } from "./subject.ts";

export interface DriverFindings {
  readonly findings: readonly Finding[];
  /** The driver that the agent will use; null when none works. */
  readonly chosen: DriverName | null;
}

const USES: Readonly<Record<PinUse, string>> = {
  pwm: "a light",
  "hardware-pwm": "a light, by the chip's own PWM",
  switch: "a switch",
  input: "an input",
};

export function checkPins({ pins }: Subject): readonly Finding[] {
  if (pins.length === 0) return [note("pins", "No pin is named", "--pin 21")];
  return pins.map(({ name, pin, use }) => ok("pins", `${name}: GPIO${pin}, ${USES[use]}`));
}

/** @param isRoot whether the agent will run as root */
export async function checkDrivers(
  machine: Machine,
  boot: BootLines,
  subject: Subject,
  isRoot: boolean,
  diagnose: (here: Surroundings) => Promise<readonly DriverDiagnosis[]>,
): Promise<DriverFindings> {
  if (subject.driver === "simulated") {
    return { findings: [ok("drivers", "The driver is simulated: no real pin moves")], chosen: "simulated" };
  }
  const diagnoses = await diagnose(surroundingsOf(machine, boot, subject, isRoot));
  const isAsked = ({ driver }: DriverDiagnosis): boolean => subject.driver === "auto" || subject.driver === driver;
  const chosen = diagnoses.find((one) => isAsked(one) && one.fault === null)?.driver ?? null;
  const findings = diagnoses.map((one) => judge(one, chosen, isAsked(one)));
  return { findings: chosen === null ? [...findings, noDriver(machine, subject)] : findings, chosen };
}

function surroundingsOf(machine: Machine, boot: BootLines, subject: Subject, isRoot: boolean): Surroundings {
  const model = readText(machine, "/proc/device-tree/model");
  return {
    clock: systemClock(),
    wants: subject.pins,
    pigpiodHost: subject.pigpiodHost,
    pigpiodPort: subject.pigpiodPort,
    model: model?.startsWith("Raspberry Pi") ? model : null,
    isRoot,
    sysfs: createSysfs(join(machine.root, "sys")),
    release: machine.release,
    bootConfig: bootConfigOf(machine, boot),
  };
}

function judge({ driver, fault }: DriverDiagnosis, chosen: DriverName | null, isAsked: boolean): Finding {
  if (driver === chosen) return ok("drivers", `The driver ${driver} can drive these pins, and is the one used`);
  if (fault === null) return ok("drivers", `The driver ${driver} could drive these pins too`);
  const pin = fault.pin === null ? "" : `GPIO${fault.pin}: `;
  if (chosen !== null)
    return ok("drivers", `The driver ${driver} is not needed, and could not (${pin}${fault.reason})`);
  const what = `The driver ${driver} cannot: ${pin}${fault.reason}`;
  return isAsked
    ? fail("drivers", what, fault.remedy)
    : note("drivers", `${what}, and was not asked for`, fault.remedy);
}

function noDriver(machine: Machine, { driver }: Subject): Finding {
  const isPi = readText(machine, "/proc/device-tree/model")?.startsWith("Raspberry Pi") === true;
  const what = driver === "auto" ? "No driver can move these pins here" : `The driver ${driver} does not work here`;
  if (!isPi) return fail("drivers", what, "Without an LED: --driver simulated");
  return fail("drivers", what, driver === "auto" ? "Do what stands at one of the drivers above" : "--driver auto");
}
