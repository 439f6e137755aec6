import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { MemoryStore } from "../../../hub/devices/memory-store.ts";
import { SqliteStore } from "../../../hub/devices/sqlite/sqlite-store.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { describeStore } from "../../support/store-contract.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();

describeStore("the store in an SQLite file", () => {
  const clock = fakeClock();
  const file = join(makeFolder(), "devices.db");
  return { clock, open: () => new SqliteStore({ file, clock }) };
});

describeStore("the store in memory", () => {
  const store = new MemoryStore();
  return { clock: fakeClock(), open: () => store };
});

describe("the store in memory", () => {
  it("fails as a full disk does when it is told to", async () => {
    const store = new MemoryStore();
    const heard: boolean[] = [];
    store.onHealth((isWritable) => heard.push(isWritable));
    store.setWritable(false);
    await expect(store.committed()).rejects.toMatchObject({ code: "STORAGE" });
    store.setWritable(true);
    await store.committed();
    expect(heard).toEqual([false, true]);
  });
});
