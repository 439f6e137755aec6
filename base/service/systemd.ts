/** What systemd knows about a service, and what it is to do after files of it changed. Called by the commands. */
import type { Run } from "./apply.ts";
import { type Places, type Product, placesOf } from "./product.ts";
import type { Step } from "./step.ts";

export interface ServiceState {
  /** `active`, `activating`, `failed`, `inactive` … */
  readonly active: string;
  /** `enabled`, `disabled`, or empty for no unit. */
  readonly enabled: string;
  readonly since: string;
  /** What the service says that it does. */
  readonly says: string;
  /** How often systemd has started it again. */
  readonly restarts: number;
  readonly result: string;
  readonly needsReload: boolean;
}

const PROPERTIES = [
  "ActiveState",
  "UnitFileState",
  "ActiveEnterTimestamp",
  "StatusText",
  "NRestarts",
  "Result",
  "NeedDaemonReload",
];

export function readState(product: Product, run: Run): ServiceState {
  const { service } = placesOf(product);
  const { output } = run(["systemctl", "show", service, `--property=${PROPERTIES.join(",")}`]);
  const values = new Map(
    output.split("\n").map((line): [string, string] => {
      const end = line.indexOf("=");
      return [line.slice(0, end), line.slice(end + 1)];
    }),
  );
  const get = (name: string): string => values.get(name) ?? "";
  return {
    active: get("ActiveState") || "unknown",
    enabled: get("UnitFileState"),
    since: get("ActiveEnterTimestamp"),
    says: get("StatusText"),
    restarts: Number(get("NRestarts")) || 0,
    result: get("Result"),
    needsReload: get("NeedDaemonReload") === "yes",
  };
}

/** The last words of the service, oldest first. */
export function readLog(product: Product, run: Run, lines: number): readonly string[] {
  const { service } = placesOf(product);
  const { code, output } = run([
    "journalctl",
    "--unit",
    service,
    "--lines",
    String(lines),
    "--no-pager",
    "--quiet",
    "--output=short-iso",
  ]);
  return code === 0 ? output.split("\n").filter((line) => line !== "") : [];
}

/** What makes the files of an installation work: nothing when none of them changes and the service runs. */
export function planActivation(product: Product, changes: readonly Step[], state: ServiceState): readonly Step[] {
  const places = placesOf(product);
  const commands: string[][] = [];
  if (touches(changes, [places.rules])) {
    commands.push(
      ["udevadm", "control", "--reload"],
      ["udevadm", "trigger", "--subsystem-match=gpio", "--subsystem-match=pwm"],
    );
    commands.push(["udevadm", "settle", "--timeout=10"]);
  }
  const reload = state.needsReload || touches(changes, unitPaths(places));
  const steps = commands.map((command): Step => ({ kind: "run", command, mayFail: true }));
  if (reload) steps.push({ kind: "run", command: ["systemctl", "daemon-reload"] });
  if (reload || changes.length > 0 || state.active !== "active") {
    steps.push({ kind: "run", command: ["systemctl", "restart", places.service], mayFail: true });
  }
  return steps;
}

/** Before the files go, and after. */
export function planDeactivation(
  product: Product,
  changes: readonly Step[],
  state: ServiceState,
): readonly [readonly Step[], readonly Step[]] {
  const places = placesOf(product);
  const isGone = state.active === "inactive" || state.active === "unknown";
  const stop: Step = { kind: "run", command: ["systemctl", "stop", places.service] };
  const after: Step[] = [];
  if (touches(changes, unitPaths(places))) after.push({ kind: "run", command: ["systemctl", "daemon-reload"] });
  if (state.active === "failed")
    after.push({ kind: "run", command: ["systemctl", "reset-failed", places.service], mayFail: true });
  if (touches(changes, [places.rules]))
    after.push({ kind: "run", command: ["udevadm", "control", "--reload"], mayFail: true });
  return [isGone ? [] : [stop], after];
}

function unitPaths({ unit, wants, dropIns }: Places): readonly string[] {
  return [unit, wants, dropIns];
}

function touches(steps: readonly Step[], paths: readonly string[]): boolean {
  return steps.some(
    (step) => step.kind !== "run" && paths.some((path) => step.path === path || step.path.startsWith(`${path}/`)),
  );
}
