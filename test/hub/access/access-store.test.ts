import { join } from "node:path";
import { describe, it } from "@jest/globals";
import type { Database } from "better-sqlite3";
import { MemoryAccessStore } from "../../../hub/access/memory-access-store.ts";
import { ACCESS_FILE } from "../../../hub/access/sqlite/access-file.ts";
import { SqliteAccessStore } from "../../../hub/access/sqlite/sqlite-access-store.ts";
import { openSqliteFile } from "../../../hub/base/sqlite-file.ts";
import { describeAccessStore, describeFullAccessStore } from "../../support/access-contract.ts";
import { smallDisk } from "../../support/small-disk.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();

describeAccessStore("the access store in an SQLite file", () => {
  const file = join(makeFolder(), "access.db");
  const openUnsynced = (path: string): Database => {
    const db = openSqliteFile(path, ACCESS_FILE);
    db.pragma("synchronous = OFF");
    return db;
  };
  return {
    open: () => new SqliteAccessStore({ file }),
    openQuick: () => new SqliteAccessStore({ file, open: openUnsynced }),
  };
});

describeAccessStore("the access store in memory", () => {
  const store = new MemoryAccessStore();
  return { open: () => store, openQuick: () => store };
});

describe("on a disk of its own", () => {
  const disk = smallDisk(makeFolder);
  describeFullAccessStore("the access store in an SQLite file", disk.it, () => ({
    open: () => new SqliteAccessStore({ file: join(disk.folder, "access.db") }),
    setFull: (isFull) => (isFull ? disk.fill() : disk.free()),
  }));
});

describeFullAccessStore("the access store in memory", it, () => {
  const store = new MemoryAccessStore();
  return { open: () => store, setFull: (isFull) => store.setWritable(!isFull) };
});
