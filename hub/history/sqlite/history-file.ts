/** The shape of the history's file, version by version, forward only. Called by the engine when it opens the file. */
import type { SqliteFileKind } from "../../base/sqlite-file.ts";

/** Small pages: a chunk fills several, and wastes half of the last. */
const PAGE_BYTES = 2048;

export const HISTORY_FILE: SqliteFileKind = {
  /** "PHRH". */
  applicationId: 0x50_48_52_48,
  born: [`page_size = ${PAGE_BYTES}`, "auto_vacuum = INCREMENTAL"],
  vital: ["meta", "series", "recording", "journal"],
  migrations: [
    // 1. Times are ms since the epoch. `horizons`: by level, what is not older is all there.
    `
    CREATE TABLE meta (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      next_series INTEGER NOT NULL,
      next_recording INTEGER NOT NULL,
      alive_at REAL NOT NULL,
      horizons TEXT NOT NULL
    ) STRICT;
    CREATE TABLE series (
      number INTEGER PRIMARY KEY,
      device TEXT NOT NULL,
      property TEXT NOT NULL,
      first REAL NOT NULL,
      last REAL NOT NULL,
      samples INTEGER NOT NULL,
      journal_until INTEGER NOT NULL,
      UNIQUE (device, property)
    ) STRICT;
    CREATE TABLE removed_series (number INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE journal (number INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
    CREATE TABLE chunk (
      number INTEGER PRIMARY KEY,
      series INTEGER NOT NULL,
      first REAL NOT NULL,
      last REAL NOT NULL,
      samples INTEGER NOT NULL,
      data BLOB NOT NULL
    ) STRICT;
    CREATE INDEX chunk_by_time ON chunk (series, first, last, samples);
    CREATE INDEX chunk_by_age ON chunk (last);
    CREATE TABLE roll_up (
      series INTEGER NOT NULL,
      level INTEGER NOT NULL,
      block INTEGER NOT NULL,
      data BLOB NOT NULL,
      PRIMARY KEY (series, level, block)
    ) STRICT;
    CREATE INDEX roll_up_by_age ON roll_up (level, block);
    CREATE TABLE recording (number INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
    `,
  ],
};
