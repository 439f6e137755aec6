/** The machine that a bench runs on, in the words of `docs/performance.md`: what decides its figures, and nothing that names it. */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";

/** `Intel Xeon, 2 cores; Node.js 20.20.2; Mosquitto 2.0.11` */
export function describeMachine(): string {
  const cores = cpus();
  const model = (cores[0]?.model ?? "unknown")
    .replace(/\((R|TM)\)/g, "")
    .replace(/\s+/g, " ")
    .trim();
  const processor = `${model}, ${cores.length} ${cores.length === 1 ? "core" : "cores"}`;
  return [processor, `Node.js ${process.versions.node}`, ...mosquitto()].join("; ");
}

/** Nothing where it is not installed. */
function mosquitto(): readonly string[] {
  const { stdout } = spawnSync("/usr/sbin/mosquitto", ["-h"], { encoding: "utf8" });
  const version = /mosquitto version (\S+)/.exec(stdout ?? "")?.[1];
  return version === undefined ? [] : [`Mosquitto ${version}`];
}
