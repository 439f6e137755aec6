/** A disk of one megabyte, for tests of what happens when it is full; only root can make one. */
import { spawnSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterAll, it } from "@jest/globals";

export interface SmallDisk {
  readonly folder: string;
  /** `it`, or `it.skip` where no disk can be made. */
  readonly it: typeof it | typeof it.skip;
  /** Leaves not a byte free. */
  fill(): void;
  free(): void;
  setReadOnly(isReadOnly: boolean): void;
}

/** Call it once at the top of a `describe`; the disk is gone when its tests end. */
export function smallDisk(makeFolder: () => string): SmallDisk {
  const folder = makeFolder();
  const run = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;
  const isMounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder);
  afterAll(() => {
    if (isMounted) run("umount", "-l", folder);
  });
  const filler = join(folder, "filler");
  return {
    folder,
    it: isMounted ? it : it.skip,
    fill: () => fillUp(filler),
    free: () => rmSync(filler, { force: true }),
    setReadOnly: (isReadOnly) => {
      if (!run("mount", "-o", `remount,${isReadOnly ? "ro" : "rw"}`, folder)) throw new Error("remount failed");
    },
  };
}

function fillUp(filler: string): void {
  const fd = openSync(filler, "a");
  try {
    for (;;) writeSync(fd, Buffer.alloc(4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(fd);
  }
}
