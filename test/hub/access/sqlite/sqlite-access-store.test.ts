import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import Sqlite, { type Database } from "better-sqlite3";
import { StartError } from "#base/program.ts";
import { ACCESS_FILE } from "../../../../hub/access/sqlite/access-file.ts";
import { SqliteAccessStore } from "../../../../hub/access/sqlite/sqlite-access-store.ts";
import { migrate, openSqliteFile, versionOf } from "../../../../hub/base/sqlite-file.ts";
import { DEVICE_FILE } from "../../../../hub/devices/sqlite/migrations.ts";
import { sessionRow, tokenRow, userRow } from "../../../support/access-contract.ts";
import { copyAsCrashed } from "../../../support/store-files.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();

function newFile(): string {
  return join(makeFolder(), "access.db");
}

function load(file: string): ReturnType<SqliteAccessStore["load"]> {
  const store = new SqliteAccessStore({ file });
  try {
    return store.load();
  } finally {
    store.close();
  }
}

/** What the programs of each version wrote, as they wrote it; a version adds to the one before. */
const WRITTEN: readonly string[] = [
  `
  INSERT INTO user VALUES ('ann', 'operator', 'scrypt$1$2$3$salt$of ann', 1000.5);
  INSERT INTO session VALUES ('h', 'ann', 2000, 3000);
  INSERT INTO token VALUES ('a', 'device', 'lamp «a»', NULL, 'hash of a', 4000, NULL, NULL);
  `,
];

describe("the access file", () => {
  it("is for nobody but its user, with its log", () => {
    const file = newFile();
    const store = new SqliteAccessStore({ file });
    store.load();
    store.putUser(userRow("ann"));
    const modes = readdirSync(dirname(file)).map((name) => [name, statSync(join(dirname(file), name)).mode & 0o777]);
    expect(modes).toEqual([
      ["access.db", 0o600],
      ["access.db-wal", 0o600],
    ]);
    store.close();
  });

  it("has on the disk what was put when the call returns", () => {
    const file = newFile();
    const store = new SqliteAccessStore({ file });
    store.load();
    store.putUser(userRow("ann"));
    store.putToken(tokenRow("a"));
    const copy = newFile();
    copyAsCrashed(file, copy);
    store.close();
    expect(load(copy)).toMatchObject({ users: [userRow("ann")], tokens: [tokenRow("a")] });
  });

  it("is written with a sync each time", () => {
    const file = newFile();
    let opened: Database | null = null;
    const store = new SqliteAccessStore({
      file,
      open: (path) => {
        opened = openSqliteFile(path, ACCESS_FILE);
        return opened;
      },
    });
    store.load();
    const FULL = 2;
    expect((opened as Database | null)?.pragma("synchronous", { simple: true })).toBe(FULL);
    store.close();
  });

  it("is for one at a time: the second is told to stop the first", () => {
    const file = newFile();
    const first = new SqliteAccessStore({ file });
    first.load();
    expect(() => load(file)).toThrow(StartError);
    expect(() => load(file)).toThrow(/Stop it first/);
    first.close();
    expect(load(file).users).toEqual([]);
  });

  it("is left as it is when it is another's, damaged, or newer", () => {
    const foreign = newFile();
    openSqliteFile(foreign, DEVICE_FILE).close();
    const torn = newFile();
    writeFileSync(torn, "no database at all");
    const newer = newFile();
    load(newer);
    const db = new Sqlite(newer);
    db.pragma(`user_version = ${ACCESS_FILE.migrations.length + 1}`);
    db.close();
    for (const [file, sentence] of [
      [foreign, /belongs to another program/],
      [torn, /is damaged/],
      [newer, /newer Pharos/],
    ] as const) {
      const before = readFileSync(file);
      expect(() => load(file)).toThrow(StartError);
      expect(() => load(file)).toThrow(sentence);
      expect(readFileSync(file).equals(before)).toBe(true);
    }
  });

  it("takes nothing when it is closed, which is told as STORAGE", () => {
    const store = new SqliteAccessStore({ file: newFile() });
    store.load();
    store.close();
    store.close();
    expect(() => store.putUser(userRow("ann"))).toThrow(expect.objectContaining({ code: "STORAGE" }));
    store.touch({ sessions: new Map([["h", 1]]), tokens: new Map() });
  });

  it.each(WRITTEN.map((_, index) => index + 1))("keeps what a file of version %i holds", (version) => {
    expect(WRITTEN).toHaveLength(ACCESS_FILE.migrations.length);
    const file = newFile();
    const db = new Sqlite(file);
    db.pragma(`application_id = ${ACCESS_FILE.applicationId}`);
    migrate(db, ACCESS_FILE, version);
    for (const sql of WRITTEN.slice(0, version)) db.exec(sql);
    expect(versionOf(db)).toBe(version);
    db.close();
    expect(load(file)).toEqual({ users: [userRow("ann")], sessions: [sessionRow("h")], tokens: [tokenRow("a")] });
  });
});
