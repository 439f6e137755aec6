/** The brightnesses asked for last, in a small file that survives a power cut; written seldom, for the sake of SD cards. */
import { readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";
import type { Clock, Timer } from "#base/clock.ts";
import { makeFolder } from "#base/folder.ts";

/** At most one write in this time, however fast a slider moves. */
const WRITE_EVERY_MS = 2_000;
/** After a write that failed: the disk may have room again, and nobody may move the slider for weeks. */
const WRITE_RETRY_MS = 10_000;

const contents = z.record(z.string(), z.number().min(0).max(100));

export interface LastLevels {
  get(output: string): number | undefined;
  /** Keeps it, in the file after two seconds at most. */
  put(output: string, level: number): void;
  /** Writes what is not written yet. */
  close(): Promise<void>;
}

export interface LastLevelsParts {
  readonly clock: Clock;
  readonly path: string;
  /** A write failed; told once until one succeeds. */
  onFault(reason: Error): void;
}

/** Reads the file; one that is missing or damaged counts as empty. */
export function createLastLevels({ clock, path, onFault }: LastLevelsParts): LastLevels {
  const levels = new Map(Object.entries(readLevels(path)));
  let timer: Timer | null = null;
  let writing: Promise<void> = Promise.resolve();
  let isFaulty = false;
  let isClosed = false;

  async function write(): Promise<void> {
    try {
      await writeAtomically(path, JSON.stringify(Object.fromEntries(levels)));
      isFaulty = false;
    } catch (error) {
      if (!isFaulty) onFault(error as Error);
      isFaulty = true;
      if (!isClosed) timer ??= clock.after(WRITE_RETRY_MS, flush);
    }
  }

  function flush(): void {
    timer?.cancel();
    timer = null;
    writing = writing.then(write);
  }

  return {
    get: (output) => levels.get(output),
    put(output, level) {
      if (levels.get(output) === level) return;
      levels.set(output, level);
      timer ??= clock.after(WRITE_EVERY_MS, flush);
    },
    async close() {
      isClosed = true;
      if (timer !== null) flush();
      await writing;
    },
  };
}

/** For agents that keep nothing. */
export function createForgetfulLevels(): LastLevels {
  return { get: () => undefined, put: () => {}, close: async () => {} };
}

function readLevels(path: string): { readonly [output: string]: number } {
  try {
    return contents.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return {};
  }
}

/** A power cut leaves the old file or the new one, never half of one. */
async function writeAtomically(path: string, text: string): Promise<void> {
  makeFolder(dirname(path));
  const temporary = `${path}.new`;
  const file = await open(temporary, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Else a power cut could bring the old name back. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
