/** Device files as a crash leaves them. Called by tests of the SQLite store. */
import { copyFileSync, existsSync } from "node:fs";
import { SqliteStore } from "../../hub/devices/sqlite/sqlite-store.ts";
import type { Loaded } from "../../hub/devices/store.ts";
import { fakeClock } from "./fake-clock.ts";

/** Copies the file and its log as they are now, as if the process that has them open were gone. */
export function copyAsCrashed(file: string, copy: string): void {
  for (const end of ["", "-wal"]) if (existsSync(`${file}${end}`)) copyFileSync(`${file}${end}`, `${copy}${end}`);
}

/** What a hub that starts now finds in the file. */
export function readStore(file: string, now = Date.UTC(2026, 1, 1)): Loaded {
  const store = new SqliteStore({ file, clock: fakeClock(now) });
  const loaded = store.load(now);
  store.close();
  return loaded;
}
