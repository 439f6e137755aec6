import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { Database } from "better-sqlite3";
import { LIMITS } from "../../../../hub/base/limits.ts";
import { openSqliteFile } from "../../../../hub/base/sqlite-file.ts";
import { DEVICE_FILE } from "../../../../hub/devices/sqlite/migrations.ts";
import { SqliteStore } from "../../../../hub/devices/sqlite/sqlite-store.ts";
import { type FakeClock, fakeClock } from "../../../support/fake-clock.ts";
import { smallDisk } from "../../../support/small-disk.ts";
import { readStore } from "../../../support/store-files.ts";
import { commit, deviceRow } from "../../../support/store-rows.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();
const LONG = "x".repeat(4000);

interface Bench {
  readonly clock: FakeClock;
  readonly store: SqliteStore;
  readonly file: string;
  readonly heard: Array<readonly [boolean, string | null]>;
}

async function bench(folder: string, open?: (file: string) => Database): Promise<Bench> {
  const file = join(folder, "devices.db");
  const clock = fakeClock();
  const store = new SqliteStore({ file, clock, ...(open && { open }) });
  const heard: Array<readonly [boolean, string | null]> = [];
  store.onHealth((isWritable, fault) => heard.push([isWritable, fault]));
  store.load(clock.now());
  store.putDevice(deviceRow("a"));
  store.putDevice(deviceRow("gone"));
  await commit(store, clock);
  return { clock, store, file, heard };
}

/** On a file that may not grow: its database, to lift that. */
async function cappedBench(): Promise<Bench & { readonly db: Database }> {
  const folder = makeFolder();
  const db = openSqliteFile(join(folder, "devices.db"), DEVICE_FILE);
  const parts = await bench(folder, () => db);
  db.pragma("max_page_count = 1");
  return { ...parts, db };
}

/** Puts more than a full disk takes, newest last. */
function putMuch(store: SqliteStore): void {
  for (let i = 0; i < 64; i++) store.putReported("a", `p${i}`, { value: `${LONG}${i}`, at: i });
  store.putDesired("a", "level", { value: 1, by: "page", at: 1 });
}

/** What holds of any disk that fills up and is freed. */
async function endures({ clock, store, file, heard }: Bench, free: () => void): Promise<void> {
  putMuch(store);
  const lost = expect(store.committed()).rejects.toMatchObject({ code: "STORAGE", name: "PharosError" });
  await clock.advance(100);
  await lost;
  expect(store.isWritable).toBe(false);
  expect(heard).toEqual([[false, "The disk is full: make room on it."]]);
  store.putDesired("a", "level", { value: 2, by: "page", at: 2 });
  await expect(store.committed()).rejects.toMatchObject({ code: "STORAGE" });
  store.putDevice(deviceRow("b"));
  store.putDesired("b", "level", { value: 3, by: "page", at: 3 });
  store.removeDevice("gone");
  await clock.advance(60_000);
  expect(store.isWritable).toBe(false);
  free();
  await clock.advance(LIMITS.storeRetryMaxMs);
  expect(store.isWritable).toBe(true);
  expect(heard.slice(1)).toEqual([[true, null]]);
  await commit(store, clock);
  store.close();
  const [a, b, ...others] = readStore(file).devices;
  expect(a?.desired.get("level")?.value).toBe(2);
  expect(a?.reported.get("p63")?.value).toBe(`${LONG}63`);
  expect(b?.desired.get("level")?.value).toBe(3);
  expect(others).toEqual([]);
}

describe("the SQLite store on a full disk", () => {
  const disk = smallDisk(makeFolder);

  disk.it("goes on, says so, and writes the newest when there is room again", async () => {
    const parts = await bench(disk.folder);
    disk.fill();
    await endures(parts, disk.free);
  });

  it("goes on likewise when the file may not grow", async () => {
    const { db, ...parts } = await cappedBench();
    await endures(parts, () => db.pragma("max_page_count = 100000"));
  });

  it("tries again at growing intervals", async () => {
    const { db, clock, store } = await cappedBench();
    putMuch(store);
    await clock.advance(1000);
    expect(store.isWritable).toBe(false);
    let tries = 0;
    db.function("seen", () => ++tries);
    db.exec("CREATE TEMP TRIGGER counted BEFORE INSERT ON desired BEGIN SELECT seen(); END");
    await clock.advance(100_000);
    // 0.5, 1, 2, 4, 8, then 10 s, each less up to a half.
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(30);
    store.close();
  });

  it("keeps no more than the newest in memory, and closes in time", async () => {
    const { db, clock, store, file, heard } = await cappedBench();
    putMuch(store);
    await clock.advance(1000);
    for (let i = 0; i < 10_000; i++) {
      store.addPresence("a", { at: i, presence: "late", reason: "silent" });
      store.putQueued("a", { id: `${i}`, name: "blink", input: LONG, by: "rest", at: i, expiresAt: i });
      store.removeQueued("a", `${i}`);
      store.putDevice(deviceRow(`passing-${i}`));
      store.removeDevice(`passing-${i}`);
    }
    db.pragma("max_page_count = 100000");
    const written: string[] = [];
    db.function("note", (text) => written.push(String(text)));
    db.exec("CREATE TEMP TRIGGER noted BEFORE INSERT ON presence BEGIN SELECT note('presence'); END");
    db.exec("CREATE TEMP TRIGGER queued BEFORE INSERT ON queued BEGIN SELECT note('queued'); END");
    db.exec("CREATE TEMP TRIGGER device BEFORE INSERT ON device BEGIN SELECT note('device'); END");
    store.close();
    expect(written).toEqual(Array.from({ length: LIMITS.presenceRowsPerDevice }, () => "presence"));
    expect(heard.at(-1)).toEqual([true, null]);
    expect(readStore(file).devices[0]?.log.at(-1)?.at).toBe(9999);
  });

  it("rejects who waits when it closes on a full disk", async () => {
    const { store } = await cappedBench();
    putMuch(store);
    const lost = expect(store.committed()).rejects.toMatchObject({ code: "STORAGE" });
    store.close();
    await lost;
    await expect(store.committed()).rejects.toMatchObject({ code: "STORAGE" });
  });
});
