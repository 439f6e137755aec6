import { join } from "node:path";
import { describe, it } from "@jest/globals";
import { MemoryAccessStore } from "../../../hub/access/memory-access-store.ts";
import { SqliteAccessStore } from "../../../hub/access/sqlite/sqlite-access-store.ts";
import { describeAccessStore, describeFullAccessStore } from "../../support/access-contract.ts";
import { smallDisk } from "../../support/small-disk.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();

describeAccessStore("the access store in an SQLite file", () => {
  const file = join(makeFolder(), "access.db");
  return { open: () => new SqliteAccessStore({ file }) };
});

describeAccessStore("the access store in memory", () => {
  const store = new MemoryAccessStore();
  return { open: () => store };
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
