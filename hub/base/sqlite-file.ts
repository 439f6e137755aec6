/** Opens an SQLite file of the hub, or says in one sentence why it cannot be used and what helps. Called by the stores at start. */
import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";
import { StartError } from "#base/program.ts";
import { PharosError } from "#protocol/errors.ts";
import { LIMITS } from "./limits.ts";

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
/** Where the header holds the id of the application (SQLite file format, 1.3). */
const APPLICATION_ID_AT = 68;

const ELSEWHERE = "choose another folder with --data-dir DIR";

/** What makes a file one of a kind. */
export interface SqliteFileKind {
  /** In the header of the file: tells it from those of other programs. */
  readonly applicationId: number;
  /** What leads from version n to n + 1, at index n. A released one is never changed: add another. */
  readonly migrations: readonly string[];
  /** Pragmas that only an empty file takes. */
  readonly born?: readonly string[];
  /** Tables to check at each start where the whole file is too large for that. */
  readonly vital?: readonly string[];
}

/** Pages of a copy in one turn: some milliseconds. */
const COPIED_PAGES = 250;

/** Files beyond this are checked by their vital tables: a card reads some 20 MB in a second. */
const CHECKED_BYTES = 32 * 1024 * 1024;

/**
 * Opens the file, at the newest version and for this process alone; makes it when there is none.
 * A file that is damaged or not one of this kind is not touched.
 * @throws StartError
 */
export function openSqliteFile(file: string, kind: SqliteFileKind): Database {
  try {
    if (!existsSync(file)) createFile(file, kind);
    checkHeader(file, kind);
    return openFile(file, kind);
  } catch (error) {
    throw openFault(file, error);
  }
}

/** Under another name until it is whole: a file that is empty or cut short is then always a damaged one. */
function createFile(file: string, kind: SqliteFileKind): void {
  // Left alone, it would be written over the new file.
  if (existsSync(`${file}-wal`)) {
    throw new StartError(
      `${file} is missing, but its log ${file}-wal is there. Put the file back, move the log aside, or ${ELSEWHERE}.`,
    );
  }
  const draft = `${file}.new`;
  for (const end of ["", "-journal"]) rmSync(`${draft}${end}`, { force: true });
  const db = new Sqlite(draft);
  try {
    for (const pragma of kind.born ?? []) db.pragma(pragma);
    db.pragma(`application_id = ${kind.applicationId}`);
    migrate(db, kind);
  } finally {
    db.close();
  }
  renameSync(draft, file);
}

/** Read without SQLite, which would write to a foreign file too. */
function checkHeader(file: string, { applicationId }: SqliteFileKind): void {
  if (statSync(file).isDirectory()) throw new StartError(`${file} is a folder. Move it aside, or ${ELSEWHERE}.`);
  const header = Buffer.alloc(HEADER_BYTES);
  const fd = openSync(file, "r+");
  try {
    readSync(fd, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(fd);
  }
  if (header.toString("latin1", 0, MAGIC.length) !== MAGIC) throw damaged(file, "it is no SQLite file");
  if (header.readUInt32BE(APPLICATION_ID_AT) !== applicationId) {
    throw new StartError(`${file} belongs to another program. Move it aside, or ${ELSEWHERE}.`);
  }
}

function openFile(file: string, kind: SqliteFileKind): Database {
  const db = new Sqlite(file, { fileMustExist: true, timeout: LIMITS.storeBusyMs });
  try {
    // Before the first access: a second hub on the same file would undo what this one writes.
    db.pragma("locking_mode = EXCLUSIVE");
    db.pragma("journal_mode = WAL");
    db.pragma("foreign_keys = ON");
    db.pragma("synchronous = FULL");
    db.pragma(`journal_size_limit = ${LIMITS.storeLogBytes}`);
    checkPages(db, file, kind);
    if (versionOf(db) > kind.migrations.length) {
      throw new StartError(
        `${file} was written by a newer Pharos (its version is ${versionOf(db)}, this one knows ${kind.migrations.length}). Update Pharos, or ${ELSEWHERE}.`,
      );
    }
    migrate(db, kind);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function checkPages(db: Database, file: string, { vital }: SqliteFileKind): void {
  const isLarge = vital !== undefined && statSync(file).size > CHECKED_BYTES;
  for (const what of isLarge ? vital : ["1"]) {
    const check = db.pragma(`quick_check(${what})`, { simple: true });
    if (check !== "ok") throw damaged(file, String(check).replaceAll("\n", " "));
  }
}

export function versionOf(db: Database): number {
  return db.pragma("user_version", { simple: true }) as number;
}

/** Why a file cannot be opened while another process has it. */
export class InUseError extends StartError {}

/** Opens nothing that lasts: whether another process has the file. What else may be wrong with it is passed over. @throws InUseError */
export function refuseInUse(file: string): void {
  if (!existsSync(file)) return;
  let db: Database | null = null;
  try {
    db = new Sqlite(file, { fileMustExist: true, timeout: LIMITS.storeBusyMs });
    db.pragma("locking_mode = EXCLUSIVE");
    db.prepare("SELECT count(*) FROM sqlite_schema").get();
  } catch (error) {
    const fault = openFault(file, error);
    if (fault instanceof InUseError) throw fault;
  } finally {
    db?.close();
  }
}

/**
 * Copies an open file as it is when the copy ends, in turns: all else goes on meanwhile, also writing to it.
 * @throws PharosError `STORAGE`
 */
export async function copyDatabase(db: Database, copy: string): Promise<void> {
  try {
    await db.backup(copy, { progress: () => COPIED_PAGES });
  } catch (error) {
    if (!describeFault(error).code.startsWith("SQLITE_")) throw error;
    throw new PharosError("STORAGE", faultSentence(error));
  }
}

/** Brings the file to `version`, step by step, each wholly or not at all; one that is there already is left as it is. */
export function migrate(db: Database, { migrations }: SqliteFileKind, version = migrations.length): void {
  for (let next = versionOf(db) + 1; next <= version; next++) {
    db.transaction(() => {
      db.exec(migrations[next - 1] ?? "");
      db.pragma(`user_version = ${next}`);
    }).immediate();
  }
}

/** Why the file cannot be used, as a StartError where the user can mend it; else the error itself. */
export function openFault(file: string, error: unknown): unknown {
  if (error instanceof StartError) return error;
  if (error instanceof SyntaxError) return damaged(file, error.message);
  const { code, message } = describeFault(error);
  if (code.startsWith("SQLITE_BUSY")) {
    return new InUseError(`Another hub uses ${file}. Stop it first, or ${ELSEWHERE}.`);
  }
  if (/^(SQLITE_FULL|SQLITE_IOERR\w*|ENOSPC|EDQUOT|EIO)$/.test(code)) {
    return new StartError(`The disk does not take ${file} (${code}). Make room on it, or ${ELSEWHERE}.`);
  }
  if (/^(SQLITE_(CANTOPEN|READONLY|PERM)\w*|EACCES|EPERM|EROFS)$/.test(code)) {
    return new StartError(`Cannot write to ${file} (${code}). Give this user the right to, or ${ELSEWHERE}.`);
  }
  if (/^SQLITE_(CORRUPT\w*|NOTADB|ERROR)$/.test(code)) return damaged(file, message);
  return error;
}

/** Of an error of SQLite or the file system; without a code it is neither. */
export function describeFault(error: unknown): { readonly code: string; readonly message: string } {
  const { code = "", message = String(error) } = error as { readonly code?: string; readonly message?: string };
  return { code, message };
}

/** Why a commit failed, for the log. */
export function faultSentence(error: unknown): string {
  const { code, message } = describeFault(error);
  if (code === "SQLITE_FULL") return "The disk is full: make room on it.";
  return `The disk takes nothing: ${message}${code && ` (${code})`}.`;
}

function damaged(file: string, why: string): StartError {
  return new StartError(
    `${file} is damaged (${why}). Put back a copy of it, move it and ${file}-wal aside to start without what it holds, or ${ELSEWHERE}.`,
  );
}
