/**
 * Two files of lines that only grow, for the ring: the current one and the one before it. What was appended survives a
 * power cut; what a cut left of a last line is a line of its own that means nothing.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "#base/folder.ts";

export interface Segments {
  /** The lines of each file as far as they are there. @throws Error of the file system */
  load(): { readonly before: readonly string[]; readonly current: readonly string[] };
  /** Appends whole lines, all or none, and resolves when they are safe. @throws Error of the file system */
  append(text: string): Promise<void>;
  /** The current file becomes the one before; the one that was it goes. @throws Error of the file system */
  rotate(): Promise<void>;
  /** Removes both. @throws Error of the file system */
  clear(): Promise<void>;
}

/** @param maxBytes of a file: what an older part of a larger one holds is not read */
export function createSegments(folder: string, maxBytes: number): Segments {
  const before = join(folder, "reports.before.ndjson");
  const current = join(folder, "reports.ndjson");
  /** The file may end within a line, so the next write begins a new one. */
  let mayBeTorn = true;

  return {
    load: () => ({ before: readLines(before, maxBytes), current: readLines(current, maxBytes) }),
    async append(text) {
      makeFolder(folder);
      const file = await open(current, "a");
      try {
        await appendWhole(file, mayBeTorn ? `\n${text}` : text);
        mayBeTorn = false;
      } catch (error) {
        mayBeTorn = true;
        throw error;
      } finally {
        await file.close();
      }
    },
    async rotate() {
      await rename(current, before);
      await syncFolder(folder);
      mayBeTorn = false;
    },
    async clear() {
      // The older one first: of two files, the current one tells what is done.
      await rm(before, { force: true });
      await rm(current, { force: true });
      mayBeTorn = false;
    },
  };
}

/** What does not fit on the disk is taken back, so that a part of it never counts. */
async function appendWhole(file: FileHandle, text: string): Promise<void> {
  const { size } = await file.stat();
  try {
    await file.writeFile(size === 0 ? text.replace(/^\n/, "") : text);
    await file.datasync();
  } catch (error) {
    await file.truncate(size).catch(() => {});
    throw error;
  }
}

/** A renamed file keeps its new name through a power cut only when its folder is safe too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The end of the file; empty when there is none. */
function readLines(path: string, maxBytes: number): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  try {
    const { size } = fstatSync(descriptor);
    const part = Buffer.alloc(Math.min(size, maxBytes));
    const read = readSync(descriptor, part, 0, part.length, size - part.length);
    return part
      .toString("utf8", 0, read)
      .split("\n")
      .filter((line) => line !== "");
  } finally {
    closeSync(descriptor);
  }
}
