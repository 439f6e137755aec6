/** The shape of the device file, version by version, forward only. Called when the file is made or opened. */
import type { SqliteFileKind } from "../../base/sqlite-file.ts";

/** "PHRS" in the header of the file tells that it is one of Pharos. */
const APPLICATION_ID = 0x50_48_52_53;

/** What leads from version n to n + 1, at index n. A released one is never changed: add another. Times are ms since the epoch. */
const MIGRATIONS: readonly string[] = [
  // 1: devices, their state and presence, and when the hub was down.
  `
  CREATE TABLE device (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT,
    named_by_hand INTEGER NOT NULL,
    model TEXT,
    software TEXT,
    rooms TEXT NOT NULL,
    rooms_by_hand INTEGER NOT NULL,
    properties TEXT NOT NULL,
    actions TEXT NOT NULL,
    beat_ms REAL,
    last_seen REAL NOT NULL
  ) STRICT;
  CREATE TABLE desired (
    device INTEGER NOT NULL REFERENCES device ON DELETE CASCADE,
    property TEXT NOT NULL,
    value TEXT NOT NULL,
    by TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (device, property)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE reported (
    device INTEGER NOT NULL REFERENCES device ON DELETE CASCADE,
    property TEXT NOT NULL,
    value TEXT NOT NULL,
    at REAL NOT NULL,
    device_time REAL,
    PRIMARY KEY (device, property)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE presence (
    device INTEGER NOT NULL REFERENCES device ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at REAL NOT NULL,
    presence TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (device, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE hub (one INTEGER PRIMARY KEY CHECK (one = 1), alive_at REAL NOT NULL) STRICT;
  CREATE TABLE hub_down (since REAL PRIMARY KEY, until REAL NOT NULL) STRICT, WITHOUT ROWID;
  `,
  // 2: actions that wait, and who asked what.
  `
  CREATE TABLE queued (
    device INTEGER NOT NULL REFERENCES device ON DELETE CASCADE,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    input TEXT,
    by TEXT NOT NULL,
    at REAL NOT NULL,
    expires_at REAL NOT NULL,
    PRIMARY KEY (device, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE audit (
    device INTEGER NOT NULL REFERENCES device ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at REAL NOT NULL,
    by TEXT NOT NULL,
    what TEXT NOT NULL,
    value TEXT NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (device, number)
  ) STRICT, WITHOUT ROWID;
  `,
  // 3: devices that the hub dials.
  `
  CREATE TABLE dial (
    id TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    mode TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];

/** The device file, `pharos.db`. */
export const DEVICE_FILE: SqliteFileKind = { applicationId: APPLICATION_ID, migrations: MIGRATIONS };
