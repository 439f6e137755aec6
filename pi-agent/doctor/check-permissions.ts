/** Whether the user of the agent may use the pins. Called by diagnose.ts. */
import type { DriverName } from "../drivers/driver.ts";
import { type Finding, fail, note, ok } from "./finding.ts";
import type { Identity } from "./identity.ts";
import { groupId, listFolder, type Machine, statOf } from "./machine.ts";
import { mayUseKernel, type Subject } from "./subject.ts";

const GROUP_MAY_WRITE = 0o020;

/** @param chosen the driver that works for the present user; null for none */
export function checkPermissions(
  machine: Machine,
  subject: Subject,
  identity: Identity,
  chosen: DriverName | null,
): readonly Finding[] {
  if (subject.source === "service") return checkService(machine, identity, chosen);
  const { title, isRoot, isInGpio } = identity;
  if (isRoot || isInGpio || !mayUseKernel(subject)) return [ok("permissions", title)];
  if (groupId(machine, "gpio") === null) {
    return [note("permissions", `${title}; there is no group gpio`, "sudo groupadd --system gpio")];
  }
  const { name } = machine.user;
  return [
    note("permissions", `${title}, who is not in the group gpio`, `sudo usermod -aG gpio ${name}, then log in again`),
  ];
}

function checkService(machine: Machine, identity: Identity, chosen: DriverName | null): readonly Finding[] {
  const { uid, groups } = machine.user;
  const gpio = groupId(machine, "gpio");
  if (identity.isRoot) return [ok("permissions", identity.title)];
  if (gpio === null) {
    const what = "The service cannot start: there is no group gpio";
    return [fail("permissions", what, "sudo groupadd --system gpio && sudo systemctl restart pharos-agent")];
  }
  const closed = chosen === "kernel" ? exportFiles(machine).filter((path) => !isOpenTo(machine, path, gpio)) : [];
  if (closed.length > 0) {
    const what = `The group gpio may not write ${closed.join(", ")}, and so the service cannot use the pins`;
    return [fail("permissions", what, "sudo pharos agent install && sudo reboot")];
  }
  if (uid === 0 || groups.includes(gpio)) return [ok("permissions", identity.title)];
  const what = `${identity.title}; ${machine.user.name} is not, and sees less than the service`;
  return [note("permissions", what, "sudo pharos agent doctor")];
}

function exportFiles(machine: Machine): readonly string[] {
  const chips = listFolder(machine, "/sys/class/pwm").map((name) => `/sys/class/pwm/${name}/export`);
  return ["/sys/class/gpio/export", ...chips].filter((path) => statOf(machine, path) !== null);
}

function isOpenTo(machine: Machine, path: string, group: number): boolean {
  const stat = statOf(machine, path);
  return stat !== null && stat.gid === group && (stat.mode & GROUP_MAY_WRITE) !== 0;
}
