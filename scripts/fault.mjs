/** How the scripts of this folder run and fail: one clear sentence, no stack. Node built-ins only, since it runs before anything is installed. */
import { mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A fault the user can mend; the message is the sentence that says how. */
export class Fault extends Error {}

/**
 * Runs a script's work and turns a Fault into its sentence and exit code 1; any other error keeps its stack.
 * @param {() => void | Promise<void>} work
 */
export async function runScript(work) {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  }
}

/** @param {unknown} error */
function describe(error) {
  if (error instanceof Fault) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Makes sure that files can be written in `folder`, by writing one: rights alone do not tell (root, read-only mounts).
 * @param {string} folder created if it is not there
 * @throws {Fault} with one sentence
 */
export function requireWritable(folder) {
  const probe = join(folder, `.write-probe-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new Fault(
      code === "ENOSPC"
        ? `The disk that holds ${folder} is full: make room and run the command again.`
        : `The folder ${folder} cannot be written (${code}): copy Pharos to a folder of your own, or change the owner of this one.`,
    );
  }
}

/**
 * Whether the module at `url` is the script that Node was started with.
 * @param {string} url `import.meta.url`
 */
export function isMain(url) {
  const script = process.argv[1];
  return script !== undefined && realpathSync(script) === fileURLToPath(url);
}

/**
 * The time since `start`, for people.
 * @param {number} start of `performance.now()`
 */
export function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
