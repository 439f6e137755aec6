/** Which steps of a plan are still to be taken: what makes a second installation change nothing. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { Step } from "./step.ts";

/** The steps whose outcome is not there yet. @param root of the system they are for */
export function outstanding(steps: readonly Step[], root: string): readonly Step[] {
  const gone = new Set<string>();
  return steps.filter((step) => {
    if (isDone(step, root, gone)) return false;
    if (step.kind === "remove") gone.add(step.path);
    return true;
  });
}

/** @param gone what earlier steps remove */
function isDone(step: Step, root: string, gone: ReadonlySet<string>): boolean {
  const path = join(root, step.kind === "run" ? "" : step.path);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  switch (step.kind) {
    case "run":
      return false;
    case "folder":
      return stat?.isDirectory() === true && hasMode(stat, step.mode);
    case "copy":
      return hasFile(stat, path, readFileSync(step.from), step.mode);
    case "write":
      return hasFile(stat, path, Buffer.from(step.text), step.mode);
    case "link":
      return stat?.isSymbolicLink() === true && readlinkSync(path) === step.to;
    case "remove":
      return stat === undefined;
    case "remove-empty":
      return !stat?.isDirectory() || readdirSync(path).some((name) => !gone.has(`${step.path}/${name}`));
  }
}

function hasMode(stat: Stats, mode: number): boolean {
  return (stat.mode & 0o7777) === mode;
}

function hasFile(stat: Stats | undefined, path: string, bytes: Buffer, mode: number): boolean {
  return (
    stat?.isFile() === true && hasMode(stat, mode) && stat.size === bytes.length && bytes.equals(readFileSync(path))
  );
}
