/** All that the doctor looks at, in the order in which it is told. Called by doctor-program.ts. */
import { type DriverDiagnosis, diagnoseDrivers, type Surroundings } from "../drivers/select.ts";
import { readBootLines } from "./boot-lines.ts";
import { checkBootConfig } from "./check-boot.ts";
import { checkKernelRelease, checkModel, checkNode, checkPower, checkSystem } from "./check-computer.ts";
import { checkData } from "./check-data.ts";
import { checkDrivers, checkPins } from "./check-drivers.ts";
import { checkClock, checkHub } from "./check-hub.ts";
import { checkPermissions } from "./check-permissions.ts";
import { checkService } from "./check-service.ts";
import type { Finding } from "./finding.ts";
import { identityOf } from "./identity.ts";
import type { Machine } from "./machine.ts";
import type { Subject } from "./subject.ts";

export type DiagnoseDrivers = (here: Surroundings) => Promise<readonly DriverDiagnosis[]>;

/** Changes nothing: no pin moves, no file is written. */
export async function diagnose(
  machine: Machine,
  subject: Subject,
  drivers: DiagnoseDrivers = diagnoseDrivers,
): Promise<readonly Finding[]> {
  const boot = readBootLines(machine);
  const identity = identityOf(machine, subject);
  const [found, hub] = await Promise.all([
    checkDrivers(machine, boot, subject, identity.isRoot, drivers),
    checkHub(machine, subject.hub),
  ]);
  return [
    checkModel(machine, subject),
    checkSystem(machine),
    checkKernelRelease(machine, subject),
    checkNode(machine),
    ...checkPower(machine),
    ...checkPins(subject),
    ...found.findings,
    ...checkBootConfig(machine, boot, subject, found.chosen),
    ...checkPermissions(machine, subject, identity, found.chosen),
    ...hub.findings,
    ...checkClock(machine, hub.clockDifferenceMs),
    ...checkService(machine, subject),
    ...checkData(machine, subject),
  ];
}

/** Whether the agent will work: some driver gives all pins, and the hub answers. */
export function willWork(findings: readonly Finding[]): boolean {
  return findings.every(({ verdict }) => verdict !== "fail");
}
