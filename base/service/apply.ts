/** Takes the steps of a plan. A file is replaced whole or not at all, also when the power is cut. */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { StartError } from "../program.ts";
import { describeStep, type Step } from "./step.ts";

/** What a command said and how it ended; `code` is null when it could not be run. */
export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}
export type Run = (command: readonly string[]) => Outcome;

/**
 * Takes the steps in order and stops at the first that fails.
 * @param root of the system they are for
 * @throws StartError naming the step and why
 */
export function applySteps(steps: readonly Step[], root: string, run: Run): void {
  for (const step of steps) {
    try {
      applyStep(step, root, run);
    } catch (error) {
      if (error instanceof StartError) throw error;
      throw new StartError(`Could not ${oneLine(describeStep(step))}: ${(error as Error).message}`);
    }
  }
}

function runStep({ command, mayFail }: Extract<Step, { kind: "run" }>, run: Run): void {
  const { code, output } = run(command);
  if (code === 0 || mayFail) return;
  const why = output.trim() || (code === null ? "it cannot be run" : `exit code ${code}`);
  throw new StartError(`\`${command.join(" ")}\` failed: ${why}`);
}

function applyStep(step: Step, root: string, run: Run): void {
  const path = join(root, step.kind === "run" ? "" : step.path);
  switch (step.kind) {
    case "run":
      runStep(step, run);
      break;
    case "folder":
      if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) makeFolders(path);
      chmodSync(path, step.mode);
      break;
    case "copy":
      replaceFile(path, readFileSync(step.from), step.mode);
      break;
    case "write":
      replaceFile(path, Buffer.from(step.text), step.mode);
      break;
    case "link":
      makeFolders(dirname(path));
      rmSync(`${path}.new`, { force: true });
      symlinkSync(step.to, `${path}.new`);
      renameSync(`${path}.new`, path);
      break;
    case "remove":
      rmSync(path, { recursive: true, force: true });
      break;
    case "remove-empty":
      if (readdirSync(path).length === 0) rmdirSync(path);
      break;
  }
}

/** The same for whoever installs: his umask is not asked. */
function makeFolders(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  makeFolders(dirname(path));
  mkdirSync(path);
  chmodSync(path, 0o755);
}

/** The temporary file is made for its owner alone, so a secret is never readable, not even for a moment. */
function replaceFile(path: string, bytes: Buffer, mode: number): void {
  makeFolders(dirname(path));
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  const file = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

function oneLine(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/ +/g, " ").replace(/:$/, "");
}
