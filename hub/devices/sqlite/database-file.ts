/** Opens the device file, or says in one sentence why it cannot be used and what helps. Called by the store at start. */
import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";
import { StartError } from "#base/program.ts";
import { LIMITS } from "../../base/limits.ts";
import { APPLICATION_ID, migrate, NEWEST_VERSION, versionOf } from "./migrations.ts";

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
/** Where the header holds the id of the application (SQLite file format, 1.3). */
const APPLICATION_ID_AT = 68;

const ELSEWHERE = "choose another folder with --data-dir DIR";

/**
 * Opens the file, at the newest version and for this process alone; makes it when there is none.
 * A file that is damaged or not one of Pharos is not touched.
 * @throws StartError
 */
export function openDatabase(file: string): Database {
  try {
    if (!existsSync(file)) createFile(file);
    checkHeader(file);
    return openFile(file);
  } catch (error) {
    throw openFault(file, error);
  }
}

/** Under another name until it is whole: a file that is empty or cut short is then always a damaged one. */
function createFile(file: string): void {
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
    db.pragma(`application_id = ${APPLICATION_ID}`);
    migrate(db);
  } finally {
    db.close();
  }
  renameSync(draft, file);
}

/** Read without SQLite, which would write to a foreign file too. */
function checkHeader(file: string): void {
  if (statSync(file).isDirectory()) throw new StartError(`${file} is a folder. Move it aside, or ${ELSEWHERE}.`);
  const header = Buffer.alloc(HEADER_BYTES);
  const fd = openSync(file, "r+");
  try {
    readSync(fd, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(fd);
  }
  if (header.toString("latin1", 0, MAGIC.length) !== MAGIC) throw damaged(file, "it is no SQLite file");
  if (header.readUInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID) {
    throw new StartError(`${file} belongs to another program. Move it aside, or ${ELSEWHERE}.`);
  }
}

function openFile(file: string): Database {
  const db = new Sqlite(file, { fileMustExist: true, timeout: LIMITS.storeBusyMs });
  try {
    // Before the first access: a second hub on the same file would undo what this one writes.
    db.pragma("locking_mode = EXCLUSIVE");
    db.pragma("journal_mode = WAL");
    db.pragma("foreign_keys = ON");
    db.pragma("synchronous = FULL");
    db.pragma(`journal_size_limit = ${LIMITS.storeLogBytes}`);
    const check = db.pragma("quick_check(1)", { simple: true });
    if (check !== "ok") throw damaged(file, String(check).replaceAll("\n", " "));
    if (versionOf(db) > NEWEST_VERSION) {
      throw new StartError(
        `${file} was written by a newer Pharos (its version is ${versionOf(db)}, this one knows ${NEWEST_VERSION}). Update Pharos, or ${ELSEWHERE}.`,
      );
    }
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Why the file cannot be used, as a StartError where the user can mend it; else the error itself. */
export function openFault(file: string, error: unknown): unknown {
  if (error instanceof StartError) return error;
  if (error instanceof SyntaxError) return damaged(file, error.message);
  const { code, message } = describeFault(error);
  if (code.startsWith("SQLITE_BUSY")) {
    return new StartError(`Another hub uses ${file}. Stop it first, or ${ELSEWHERE}.`);
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

function damaged(file: string, why: string): StartError {
  return new StartError(
    `${file} is damaged (${why}). Put back a copy of it, move it and ${file}-wal aside to start without what it holds, or ${ELSEWHERE}.`,
  );
}
