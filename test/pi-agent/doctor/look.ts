/** What the doctor finds on a made-up computer, with the real checks of the drivers. */
import { diagnose, willWork } from "../../../pi-agent/doctor/diagnose.ts";
import type { Finding } from "../../../pi-agent/doctor/finding.ts";
import type { Subject } from "../../../pi-agent/doctor/subject.ts";
import { type MadeUpMachine, SUBJECT } from "./made-up-machine.ts";

export interface Look {
  readonly findings: readonly Finding[];
  readonly works: boolean;
  of(check: string): Finding[];
}

/** @param subject what is asked about, where it differs from a light on GPIO21 */
export async function look(machine: MadeUpMachine, subject: Partial<Subject> = {}): Promise<Look> {
  const findings = await diagnose(machine, { ...SUBJECT, ...subject });
  return { findings, of: (check) => findings.filter((one) => one.check === check), works: willWork(findings) };
}

/** What is not well, of one check. */
export async function trouble(
  check: string,
  machine: MadeUpMachine,
  subject: Partial<Subject> = {},
): Promise<Finding[]> {
  return (await look(machine, subject)).of(check).filter(({ verdict }) => verdict !== "ok");
}

export const input = (pull: "up" | "down" | "none") => ({ name: "button", pin: 16, use: "input" as const, pull });
export const chip = (pin: number) => ({ name: `lamp${pin}`, pin, use: "hardware-pwm" as const });
