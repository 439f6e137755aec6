/** Puts a backup in the place of what is in a data folder; that is kept aside. Called by `backup-commands.ts`. */
import {
  chmodSync,
  chownSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { makeFolder } from "#base/folder.ts";
import { StartError } from "#base/program.ts";
import { openSqliteFile, refuseInUse, type SqliteFileKind } from "../base/sqlite-file.ts";
import { AUDIT, BACKUP_FORMAT, MANIFEST } from "./backup.ts";
import { readTar, type TarEntry } from "./tar.ts";

/** What a data folder holds, by the names of the files. */
export type DataFiles = { readonly [name: string]: SqliteFileKind };

const DRAFT = "restore.tmp";
const FILE_MODE = 0o600;
const ROOT = 0;
/** What belongs to the hub and goes aside: its files with their logs, and all of the audit. */
const LOGS = ["", "-wal", "-shm", "-journal"];
const AUDIT_FILES = /^audit(\.\d+)?\.ndjson$/;

const manifestSchema = z.object({ format: z.number(), version: z.string(), at: z.number() });
export type Manifest = z.infer<typeof manifestSchema>;

export interface Restored {
  readonly manifest: Manifest;
  /** Where what was there is now; null when there was nothing. */
  readonly aside: string | null;
}

/**
 * @param now ms since the epoch, for the name of the folder of what was there
 * @throws StartError; then all is as before
 */
export async function restore(file: string, dir: string, files: DataFiles, now: number): Promise<Restored> {
  const entries = await readBackup(file, files);
  makeFolder(dir);
  for (const name of Object.keys(files)) refuseInUse(join(dir, name));
  const draft = join(dir, DRAFT);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  try {
    for (const entry of entries) await extract(file, entry, join(draft, entry.name));
    const manifest = readManifest(file, join(draft, MANIFEST));
    for (const { name } of entries) check(join(draft, name), files[name]);
    const aside = putAside(dir, files, now);
    for (const { name } of entries) if (name !== MANIFEST) renameSync(join(draft, name), join(dir, name));
    giveToOwner(dir, entries);
    return { manifest, aside };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function readBackup(file: string, files: DataFiles): Promise<readonly TarEntry[]> {
  const entries = await readTar(file).catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`Cannot read ${file} (${error.code}).`);
  });
  const known = [MANIFEST, AUDIT, ...Object.keys(files)];
  const names = entries?.map(({ name }) => name) ?? [];
  const isWhole = names[0] === MANIFEST && names.every((name, i) => known.includes(name) && names.indexOf(name) === i);
  if (entries === null || !isWhole) {
    throw new StartError(
      `${file} is no whole backup of Pharos. It may have been cut short: copy it again, or take another.`,
    );
  }
  return entries;
}

async function extract(file: string, { at, bytes }: TarEntry, path: string): Promise<void> {
  const target = createWriteStream(path, { mode: FILE_MODE });
  if (bytes === 0) {
    await new Promise<void>((resolve) => target.end(resolve));
    return;
  }
  await pipeline(createReadStream(file, { start: at, end: at + bytes - 1 }), target);
}

function readManifest(file: string, path: string): Manifest {
  const { data } = manifestSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (data === undefined) throw new StartError(`${file} is no backup of Pharos.`);
  if (data.format !== BACKUP_FORMAT) {
    throw new StartError(
      `${file} was made by another Pharos (${data.version}), which this one cannot read. Update Pharos.`,
    );
  }
  return data;
}

/** Opened as the hub will: what is damaged or newer is told now, not at its start. */
function check(path: string, kind: SqliteFileKind | undefined): void {
  if (kind === undefined) return;
  openSqliteFile(path, kind).close();
  chmodSync(path, FILE_MODE);
}

function putAside(dir: string, files: DataFiles, now: number): string | null {
  const own = Object.keys(files).flatMap((name) => LOGS.map((end) => name + end));
  const there = readdirSync(dir).filter((name) => own.includes(name) || AUDIT_FILES.test(name));
  if (there.length === 0) return null;
  const aside = join(dir, `before-restore-${new Date(now).toISOString().replace(/[-:]|\.\d+/g, "")}`);
  mkdirSync(aside, { mode: 0o700 });
  for (const name of there) renameSync(join(dir, name), join(aside, name));
  return aside;
}

/** What root made in it would be out of reach for the hub. */
function giveToOwner(dir: string, entries: readonly TarEntry[]): void {
  if (process.getuid?.() !== ROOT) return;
  const { uid, gid } = statSync(dir);
  for (const { name } of entries) if (name !== MANIFEST) chownSync(join(dir, name), uid, gid);
}
