/** The access store in an SQLite file: changes are rare, so each is written at once. Made by `hub/main.ts` and by `pharos user`. */
import { chmodSync, existsSync, statSync } from "node:fs";
import type { Database } from "better-sqlite3";
import { PharosError } from "#protocol/errors.ts";
import { copyDatabase, describeFault, faultSentence, openFault, openSqliteFile } from "../../base/sqlite-file.ts";
import type { AccessRows, AccessStore, SessionRow, TokenRow, UserRow } from "../access-store.ts";
import { ACCESS_FILE } from "./access-file.ts";
import { prepare, readRows, type Statements } from "./statements.ts";

/** For nobody but the user of the hub. */
const FILE_MODE = 0o600;

export interface SqliteAccessStoreParts {
  /** Path of the file; it is made when there is none, in a folder that exists. */
  readonly file: string;
  /** How the file is opened; as an access file but for a test of its limits. */
  readonly open?: (file: string) => Database;
}

interface OpenFile {
  readonly db: Database;
  readonly does: Statements;
}

export class SqliteAccessStore implements AccessStore {
  readonly #file: string;
  readonly #open: (file: string) => Database;
  #opened: OpenFile | null = null;

  constructor({ file, open = (path) => openSqliteFile(path, ACCESS_FILE) }: SqliteAccessStoreParts) {
    this.#file = file;
    this.#open = open;
  }

  load(): AccessRows {
    const db = this.#open(this.#file);
    try {
      closeToOthers(this.#file);
      const rows = readRows(db);
      this.#opened = { db, does: prepare(db) };
      return rows;
    } catch (error) {
      db.close();
      throw openFault(this.#file, error);
    }
  }

  putUser(user: UserRow, keep?: string | null): void {
    this.#write(({ putUser, removeOtherSessions }) => {
      putUser.run(user);
      if (keep !== undefined) removeOtherSessions.run(user.name, keep);
    });
  }

  removeUser(name: string): void {
    this.#write(({ removeUser, removeSessionsOf }) => {
      removeUser.run(name);
      removeSessionsOf.run(name);
    });
  }

  putSession(session: SessionRow): void {
    this.#write(({ putSession }) => putSession.run(session));
  }

  removeSession(hash: string): void {
    this.#write(({ removeSession }) => removeSession.run(hash));
  }

  removeSessionsOf(user: string | null): void {
    this.#write(({ removeSessionsOf }) => removeSessionsOf.run(user));
  }

  putToken(token: TokenRow, insteadOf: string | null = null): void {
    this.#write(({ putToken, removeToken }) => {
      if (insteadOf !== null) removeToken.run(insteadOf);
      putToken.run(token);
    });
  }

  removeToken(id: string): void {
    this.#write(({ removeToken }) => removeToken.run(id));
  }

  touch({ sessions, tokens }: Parameters<AccessStore["touch"]>[0]): void {
    try {
      this.#write(({ touchSession, touchToken }) => {
        for (const [hash, at] of sessions) touchSession.run(at, hash);
        for (const [id, at] of tokens) touchToken.run(at, id);
      });
    } catch (error) {
      if (!(error instanceof PharosError)) throw error;
    }
  }

  /** @throws PharosError `STORAGE` */
  async copyTo(file: string): Promise<void> {
    if (this.#opened === null) throw new PharosError("SHUTDOWN");
    await copyDatabase(this.#opened.db, file);
  }

  close(): void {
    this.#opened?.db.close();
    this.#opened = null;
  }

  /** Wholly or not at all. @throws PharosError `STORAGE` */
  #write(run: (does: Statements) => void): void {
    if (this.#opened === null) throw new PharosError("STORAGE", "The hub is stopping: nothing was changed.");
    const { db, does } = this.#opened;
    try {
      db.transaction(() => run(does)).immediate();
    } catch (error) {
      if (!describeFault(error).code.startsWith("SQLITE_")) throw error;
      throw new PharosError("STORAGE", `${faultSentence(error)} Nothing was changed.`);
    }
  }
}

/** Also the log, which SQLite has made with the rights of the file before this. */
function closeToOthers(file: string): void {
  for (const path of [file, `${file}-wal`]) {
    if (existsSync(path) && (statSync(path).mode & 0o077) !== 0) chmodSync(path, FILE_MODE);
  }
}
