/** As whom the agent will run: the present user, or that of the service. Used by check-permissions.ts and check-drivers.ts. */
import { groupId, listFolder, type Machine, readText } from "./machine.ts";
import type { Subject } from "./subject.ts";

export interface Identity {
  /** For people. */
  readonly title: string;
  readonly isRoot: boolean;
  readonly isInGpio: boolean;
}

export const DROP_INS = "/etc/systemd/system/pharos-agent.service.d";

export function identityOf(machine: Machine, { source }: Subject): Identity {
  const gpio = groupId(machine, "gpio");
  if (source === "service") {
    const isRoot = listFolder(machine, DROP_INS).some((name) => /^User=root$/m.test(readDropIn(machine, name)));
    const title = isRoot
      ? "The service runs as root, by a drop-in"
      : "The service runs as a user of its own in the group gpio";
    return { title, isRoot, isInGpio: !isRoot && gpio !== null };
  }
  const { name, uid, groups } = machine.user;
  const isInGpio = gpio !== null && groups.includes(gpio);
  const title = `The agent would run as ${name}${isInGpio && uid !== 0 ? ", in the group gpio" : ""}`;
  return { title, isRoot: uid === 0, isInGpio };
}

/** Only files that systemd takes for drop-ins. */
export function readDropIn(machine: Machine, name: string): string {
  return name.endsWith(".conf") ? (readText(machine, `${DROP_INS}/${name}`) ?? "") : "";
}
