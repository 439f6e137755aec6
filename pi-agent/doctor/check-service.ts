/** The service: installed, enabled, running, and whole. Called by diagnose.ts. */
import { type Finding, fail, note, ok } from "./finding.ts";
import { DROP_INS, identityOf, readDropIn } from "./identity.ts";
import { exists, listFolder, type Machine, readText, statOf } from "./machine.ts";
import type { Subject } from "./subject.ts";

const UNIT = "pharos-agent.service";
const UNITS = [`/etc/systemd/system/${UNIT}`, `/usr/lib/systemd/system/${UNIT}`, `/lib/systemd/system/${UNIT}`];
const WANTED = `/etc/systemd/system/multi-user.target.wants/${UNIT}`;
/** Processes of the service, with the one hierarchy of control groups or the older way. */
const PROCESSES = ["/sys/fs/cgroup", "/sys/fs/cgroup/systemd"].map(
  (path) => `${path}/system.slice/${UNIT}/cgroup.procs`,
);
const PROGRAM = "/usr/lib/pharos-agent/bin/pharos.js";
const NODE = "/usr/bin/node";
const OPTIONS = "/etc/pharos/agent.json";
const TOKEN = "/etc/pharos/agent.token";
const READABLE_BY_ALL = 0o004;

/** None where there is no systemd. */
export function checkService(machine: Machine, subject: Subject): readonly Finding[] {
  const { source, hub } = subject;
  if (!exists(machine, "/run/systemd/system")) return [];
  if (!UNITS.some((path) => exists(machine, path))) {
    const what = "The agent is not installed as a service, and does not start with the Pi";
    return [note("service", what, `sudo ./pharos agent install --hub ${hub}`)];
  }
  if (!exists(machine, OPTIONS)) {
    return [note("service", "The service has no options yet", `sudo pharos agent install --hub ${hub}`)];
  }
  const missing = source === "service" ? [...unreadableOptions(machine, subject), ...missingParts(machine)] : [];
  if (missing.length > 0) return missing;
  if (!exists(machine, WANTED)) {
    const what = "The service is installed, but does not start with the Pi";
    return [note("service", what, "sudo systemctl enable --now pharos-agent")];
  }
  if (!PROCESSES.some((path) => (readText(machine, path) ?? "") !== "")) {
    const remedy = "sudo systemctl restart pharos-agent; journalctl -u pharos-agent -n 30";
    return [note("service", "The service is installed and does not run", remedy)];
  }
  return [ok("service", "The service is installed, starts with the Pi, and runs")];
}

/** Without one of these systemd cannot start it. */
function missingParts(machine: Machine): readonly Finding[] {
  const dropIns = listFolder(machine, DROP_INS).map((name) => readDropIn(machine, name));
  const needsNode = !dropIns.some((text) => /^ExecStart=./m.test(text));
  const missing = (path: string, remedy: string): readonly Finding[] =>
    exists(machine, path) ? [] : [fail("service", `The service cannot start: there is no ${path}`, remedy)];
  return [
    ...missing(PROGRAM, "sudo ./pharos agent install"),
    ...(needsNode ? missing(NODE, "sudo apt install -y nodejs") : []),
    ...missing(TOKEN, `sudo install -m 600 /dev/null ${TOKEN} && sudo systemctl restart pharos-agent`),
  ];
}

/** The service runs as a user of its own; an editor that root used may have shut the file. */
function unreadableOptions(machine: Machine, subject: Subject): readonly Finding[] {
  const mode = statOf(machine, OPTIONS)?.mode ?? READABLE_BY_ALL;
  if ((mode & READABLE_BY_ALL) !== 0 || identityOf(machine, subject).isRoot) return [];
  const remedy = `sudo chmod 644 ${OPTIONS} && sudo systemctl restart pharos-agent`;
  return [fail("service", `The service cannot start: it may not read ${OPTIONS}`, remedy)];
}
