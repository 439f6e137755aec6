/** The computer as the installer sees and uses it; tests bring another. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import type { Run } from "./apply.ts";

export interface Machine {
  /** The folder that holds the program this runs from: a clone, an unpacked archive, or the installed place. */
  readonly source: string;
  readonly isRoot: boolean;
  readonly hasSystemd: boolean;
  /** The Node.js that runs this, by the path under which a service would start it. */
  readonly nodePath: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly run: Run;
  /** All of standard input. */
  readInput(): string;
  write(text: string): void;
}

/** Where Debian has Node.js, and where the units look for it. */
export const SYSTEM_NODE = "/usr/bin/node";

/** Longer than the slowest start that a unit allows. */
const RUN_TIMEOUT_MS = 240_000;

/** The real computer. */
export function thisMachine(source: string): Machine {
  return {
    source: realpathSync(source),
    isRoot: process.getuid?.() === 0,
    hasSystemd: existsSync("/run/systemd/system"),
    nodePath: realPath(SYSTEM_NODE) === realPath(process.execPath) ? SYSTEM_NODE : process.execPath,
    env: process.env,
    run([program = "", ...args]) {
      const { status, stdout, stderr, error } = spawnSync(program, args, {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        timeout: RUN_TIMEOUT_MS,
      });
      return { code: status, output: error === undefined ? `${stdout}${stderr}` : error.message };
    },
    readInput: () => readFileSync(0, "utf8"),
    write: (text) => void process.stdout.write(text),
  };
}

function realPath(path: string): string | null {
  return existsSync(path) ? realpathSync(path) : null;
}
