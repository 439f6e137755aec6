/** The people of a hub that does not run: its data folder, opened for one change. Called by `user-commands.ts`. */
import { chownSync, existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Clock } from "#base/clock.ts";
import { StartError } from "#base/program.ts";
import type { AuditRecord } from "#protocol/access.ts";
import { PharosError } from "#protocol/errors.ts";
import { AuditFile } from "../access/audit-file.ts";
import { Passwords } from "../access/passwords.ts";
import { People } from "../access/people.ts";
import { SqliteAccessStore } from "../access/sqlite/sqlite-access-store.ts";

const ACCESS = "access.db";
const AUDIT = "audit.ndjson";
/** What a hub of any version has left. */
const TRACES = ["pharos.db", ACCESS];
const ROOT = 0;

export interface Change<T> {
  /** For the audit log; null for who only looks. */
  readonly what: Pick<AuditRecord, "what" | "target"> | null;
  run(people: People): T | Promise<T>;
}

/** @throws StartError when the folder is none, a hub runs on it, or the change is none */
export async function changePeople<T>(dataDir: string, clock: Clock, change: Change<T>): Promise<T> {
  const dir = resolve(dataDir);
  findHub(dir);
  const store = new SqliteAccessStore({ file: join(dir, ACCESS) });
  const people = new People({ clock, store, passwords: new Passwords(), onEnd: () => {}, onSeen: () => {} });
  try {
    people.takeUp(store.load());
    const result = await change.run(people);
    if (change.what !== null) await note(dir, clock, change.what);
    return result;
  } catch (error) {
    throw error instanceof PharosError ? new StartError(error.message) : error;
  } finally {
    store.close();
    giveToOwner(dir);
  }
}

/** A folder without a hub's data is a wrong one: who is locked out would wonder why he still is. */
function findHub(dir: string): void {
  const elsewhere = "Say where the hub keeps its data with --data-dir DIR; as a service that is /var/lib/pharos-hub.";
  try {
    const names = readdirSync(dir);
    if (TRACES.some((name) => names.includes(name))) return;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES") throw new StartError(`This user may not read ${dir}: put sudo before the command.`);
    throw new StartError(`There is no folder ${dir} (${code}). ${elsewhere}`);
  }
  throw new StartError(`No hub keeps its data in ${dir}. ${elsewhere}`);
}

async function note(dir: string, clock: Clock, what: Pick<AuditRecord, "what" | "target">): Promise<void> {
  const audit = new AuditFile({ file: join(dir, AUDIT), clock });
  audit.write({ at: clock.now(), who: "command line", from: "-", ...what, result: "done" });
  await audit.close();
}

/** What root made in it would be out of reach for the hub. */
function giveToOwner(dir: string): void {
  if (process.getuid?.() !== ROOT) return;
  const { uid, gid } = statSync(dir);
  for (const name of [ACCESS, AUDIT]) if (existsSync(join(dir, name))) chownSync(join(dir, name), uid, gid);
}
