/** A commit is told when the disk has it, and nobody else waits for the disk. */
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { LIMITS } from "../../../../hub/base/limits.ts";
import { openSqliteFile } from "../../../../hub/base/sqlite-file.ts";
import { DEVICE_FILE } from "../../../../hub/devices/sqlite/migrations.ts";
import { SqliteStore } from "../../../../hub/devices/sqlite/sqlite-store.ts";
import { fakeClock } from "../../../support/fake-clock.ts";
import { readStore } from "../../../support/store-files.ts";
import { commit, deviceRow } from "../../../support/store-rows.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();
/** PRAGMA synchronous. */
const FULL = 2;

/** A store whose disk answers when it is told to. */
function bench() {
  const file = join(makeFolder(), "devices.db");
  const clock = fakeClock();
  const asked: Array<{ resolve: () => void; reject: (error: Error) => void }> = [];
  const sync = (): Promise<void> => new Promise((resolve, reject) => asked.push({ resolve, reject }));
  const store = new SqliteStore({ file, clock, sync });
  store.load(clock.now());
  store.putDevice(deviceRow("a"));
  const put = (value: number): Promise<void> => {
    store.putDesired("a", "level", { value, by: "page", at: value });
    return store.committed();
  };
  return { file, clock, store, asked, put };
}

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => {
      settled = true;
    },
    () => {
      settled = true;
    },
  );
  for (let i = 0; i < 5; i++) await Promise.resolve();
  return settled;
}

describe("a wish", () => {
  it("is safe when the disk has synced it, not before", async () => {
    const { clock, store, asked, put } = bench();
    const kept = put(1);
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    expect(await isSettled(kept)).toBe(false);
    asked[0]?.resolve();
    await kept;
    store.close();
  });

  it("that comes while the disk is busy is written, and synced with all others of that time by one more sync", async () => {
    const { clock, store, asked, put } = bench();
    const first = put(1);
    await clock.advance(0);
    const others = [put(2)];
    await clock.advance(100);
    others.push(put(3));
    await clock.advance(100);
    expect(asked).toHaveLength(1);
    asked[0]?.resolve();
    await first;
    expect(asked).toHaveLength(2);
    expect(await isSettled(Promise.all(others).then(() => {}))).toBe(false);
    asked[1]?.resolve();
    await Promise.all(others);
    store.close();
  });

  it("asked about once more while its sync is under way waits for that one", async () => {
    const { clock, store, asked, put } = bench();
    const kept = put(1);
    await clock.advance(0);
    const again = store.committed();
    expect(await isSettled(again)).toBe(false);
    asked[0]?.resolve();
    await Promise.all([kept, again]);
    expect(asked).toHaveLength(1);
    store.close();
  });
});

describe("a disk that takes what is written and does not sync it", () => {
  it("is a fault for who waits and for the hub, until a sync succeeds again", async () => {
    const { clock, store, asked, put } = bench();
    const heard: boolean[] = [];
    store.onHealth((isWritable) => heard.push(isWritable));
    const lost = expect(put(1)).rejects.toMatchObject({ code: "STORAGE" });
    await clock.advance(0);
    asked[0]?.reject(Object.assign(new Error("i/o error"), { code: "EIO" }));
    await lost;
    expect(store.isWritable).toBe(false);
    await clock.advance(LIMITS.storeRetryFirstMs * 2);
    expect(asked).toHaveLength(2);
    expect(store.isWritable).toBe(false);
    asked[1]?.resolve();
    await clock.advance(0);
    expect(heard).toEqual([false, true]);
    store.close();
  });
});

describe("a file system that takes no write-ahead log", () => {
  it("makes each commit wait for the disk by itself", async () => {
    const file = join(makeFolder(), "devices.db");
    const clock = fakeClock();
    const db = openSqliteFile(file, DEVICE_FILE);
    db.pragma("journal_mode = DELETE");
    const sync = (): Promise<void> => Promise.reject(new Error("there is no log"));
    const store = new SqliteStore({ file, clock, sync, open: () => db });
    store.load(clock.now());
    for (const id of ["a", "b"]) {
      store.putDevice(deviceRow(id));
      await commit(store, clock);
    }
    expect(store.isWritable).toBe(true);
    expect(db.pragma("synchronous", { simple: true })).toBe(FULL);
    store.close();
  });
});

describe("the end", () => {
  it("keeps all that was put and tells who waits, though the disk was still busy", async () => {
    const { file, clock, store, asked, put } = bench();
    const first = put(1);
    await clock.advance(0);
    const second = put(2);
    await clock.advance(100);
    store.close();
    asked[0]?.reject(new Error("there is no such file"));
    await Promise.all([first, second]);
    expect(readStore(file).devices[0]?.desired.get("level")?.value).toBe(2);
  });
});
