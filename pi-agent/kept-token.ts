/** The token that the hub gave this agent when somebody approved it (protocol 7.9), in a file that only its user reads. Called by main.ts. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "#base/folder.ts";

const FILE_MODE = 0o600;
/** A longer file is none of ours. */
const MOST_CHARS = 512;

/** Null where there is none. */
export function readToken(path: string): string | null {
  try {
    const text = readFileSync(path, "utf8").trim();
    return text === "" || text.length > MOST_CHARS ? null : text;
  } catch {
    return null;
  }
}

/** On disk when it returns: without it the agent would have to be approved anew. @throws Error of the file system */
export function keepToken(path: string, token: string): void {
  makeFolder(dirname(path));
  const draft = `${path}.new`;
  const file = openSync(draft, "w", FILE_MODE);
  try {
    writeSync(file, `${token}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}
