/** The folder for what lasts: writable, and with room. Called by diagnose.ts. */
import { resolve } from "node:path";
import { type Finding, note, ok } from "./finding.ts";
import { type Machine, nearestFolder, readText, statOf, whyNotWritable } from "./machine.ts";
import type { Subject } from "./subject.ts";

/** The agent needs a few megabytes; a card this full is about to stop other things. */
const LEAST_FREE_BYTES = 50_000_000;
const FIND_LARGE = "sudo du -xh / | sort -h | tail -20";

/** The agent works without it, and forgets at each start. */
export function checkData(machine: Machine, { dataDir, source }: Subject): readonly Finding[] {
  const folder = resolve(dataDir);
  const nearest = nearestFolder(machine, folder);
  if (statOf(machine, nearest)?.isDirectory() === false) {
    return [note("data", `${nearest} is a file, no folder`, `sudo mv ${nearest} ${nearest}.old`)];
  }
  const free = machine.freeBytes(nearest);
  if (isReadOnly(machine, nearest)) {
    const remedy =
      "sudo mount -o remount,rw / (if the Pi was made read-only: sudo raspi-config nonint disable_overlayfs)";
    return [note("data", `${folder} is on a disk that is read-only`, remedy)];
  }
  // The service has its folder from systemd, which also gives it the right to it.
  const fault = source === "service" ? null : whyNotWritable(machine, nearest);
  if (fault !== null) {
    const remedy = `sudo mkdir -p ${folder} && sudo chown ${machine.user.name} ${folder}`;
    return [note("data", `${machine.user.name} cannot write to ${folder} (${fault})`, remedy)];
  }
  if (free !== null && free < LEAST_FREE_BYTES) {
    return [note("data", `The disk of ${folder} is full: ${megabytes(free)} are left`, FIND_LARGE)];
  }
  return [ok("data", `${folder} can be written${free === null ? "" : `, ${megabytes(free)} are free`}`)];
}

/** By the mount that holds the folder. */
function isReadOnly(machine: Machine, folder: string): boolean {
  const mounts = (readText(machine, "/proc/mounts") ?? "").split("\n").map((line) => line.split(" "));
  const holding = mounts.filter(([, at = ""]) => at === "/" || folder === at || folder.startsWith(`${at}/`));
  // The longest, and of equals the last, which hides the others.
  const mount = holding.reduce<readonly string[]>(
    (best, one) => ((one[1]?.length ?? 0) >= (best[1]?.length ?? 0) ? one : best),
    [],
  );
  return mount[3]?.split(",").includes("ro") === true;
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.floor(bytes / 1e6)} MB`;
}
