/** The shape of the access file, `access.db`, version by version, forward only. Called when the file is made or opened. */
import type { SqliteFileKind } from "../../base/sqlite-file.ts";

export const ACCESS_FILE: SqliteFileKind = {
  /** "PHRA". */
  applicationId: 0x50_48_52_41,
  // A released one is never changed: add another. Times are ms since the epoch.
  migrations: [
    // 1: people, their browsers, and tokens; of secrets the hashes.
    `
    CREATE TABLE user (
      name TEXT PRIMARY KEY,
      role TEXT NOT NULL,
      password TEXT NOT NULL,
      created_at REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE session (
      hash TEXT PRIMARY KEY,
      user TEXT,
      created_at REAL NOT NULL,
      last_seen_at REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_user ON session (user);
    CREATE TABLE token (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      subject TEXT NOT NULL,
      role TEXT,
      hash TEXT NOT NULL,
      created_at REAL NOT NULL,
      expires_at REAL,
      last_used_at REAL
    ) STRICT, WITHOUT ROWID;
    `,
  ],
};
