import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { LIMITS } from "../../../../hub/base/limits.ts";
import { SqliteStore } from "../../../../hub/devices/sqlite/sqlite-store.ts";
import { type FakeClock, fakeClock } from "../../../support/fake-clock.ts";
import { copyAsCrashed, readStore } from "../../../support/store-files.ts";
import { commit, deviceRow } from "../../../support/store-rows.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();

interface Bench {
  readonly clock: FakeClock;
  readonly store: SqliteStore;
  readonly file: string;
  /** The level that would be read after a crash right now. */
  readonly level: (kind: "desired" | "reported") => unknown;
  readonly logBytes: () => number;
}

/** A loaded store with the device `a`, committed, and nothing due. */
async function bench(): Promise<Bench> {
  const folder = makeFolder();
  const file = join(folder, "devices.db");
  const clock = fakeClock();
  const store = new SqliteStore({ file, clock });
  store.load(clock.now());
  store.putDevice(deviceRow("a"));
  await commit(store, clock);
  await clock.advance(1000);
  let crashes = 0;
  return {
    clock,
    store,
    file,
    level: (kind) => {
      const copy = join(folder, `crash-${++crashes}.db`);
      copyAsCrashed(file, copy);
      return readStore(copy).devices[0]?.[kind].get("level")?.value;
    },
    logBytes: () => statSync(`${file}-wal`).size,
  };
}

describe("the SQLite store", () => {
  it("commits at once after a pause, with all that was put in the same turn", async () => {
    const { clock, store, level } = await bench();
    store.putDesired("a", "level", { value: 1, by: "page", at: 1 });
    const first = store.committed();
    store.putDesired("a", "level", { value: 2, by: "page", at: 2 });
    const second = store.committed();
    await clock.advance(0);
    await Promise.all([first, second]);
    expect(level("desired")).toBe(2);
    store.close();
  });

  it("gathers what comes after that into one commit, within 100 ms", async () => {
    const { clock, store, level, logBytes } = await bench();
    store.putDesired("a", "level", { value: 1, by: "page", at: 1 });
    const first = store.committed();
    await clock.advance(0);
    await first;
    const before = logBytes();
    const waits: Promise<void>[] = [];
    for (let value = 2; value < 10; value++) {
      store.putDesired("a", "level", { value, by: "page", at: value });
      waits.push(store.committed());
      await clock.advance(5);
    }
    expect(logBytes()).toBe(before);
    await clock.advance(60);
    await Promise.all(waits);
    expect(level("desired")).toBe(9);
    const oneCommit = logBytes() - before;
    expect(oneCommit).toBeLessThan(8 * 4200);
    store.close();
  });

  it("has nothing to wait for when nothing was put", async () => {
    const { store } = await bench();
    await store.committed();
    store.close();
  });

  it("writes reported values within a second, and at most so often", async () => {
    const { clock, store, level, logBytes } = await bench();
    const sizes = new Set<number>();
    for (let value = 1; value <= 300; value++) {
      store.putReported("a", "level", { value, at: value });
      await clock.advance(10);
      sizes.add(logBytes());
    }
    // Once each LIMITS.storeLazyMs in 3 s, and the size before the first.
    expect(sizes.size).toBe(1 + Math.floor(3000 / LIMITS.storeLazyMs));
    expect(level("reported")).toBeGreaterThanOrEqual(200);
    await clock.advance(1000);
    expect(level("reported")).toBe(300);
    store.close();
  });

  it("writes a wish that nobody waits for within a second too", async () => {
    const { clock, store, level } = await bench();
    store.putDesired("a", "level", { value: 1, by: "page", at: 1 });
    expect(level("desired")).toBeUndefined();
    await clock.advance(1000);
    expect(level("desired")).toBe(1);
    store.close();
  });

  it("writes what is left when it closes, and settles who waits", async () => {
    const { clock, store, file } = await bench();
    await clock.advance(5000);
    store.putReported("a", "level", { value: 7, at: 1 });
    const committed = store.committed();
    store.close();
    await committed;
    const { devices, hubDown } = readStore(file, clock.now() + 60_000);
    expect(devices[0]?.reported.get("level")?.value).toBe(7);
    expect(hubDown.at(-1)).toEqual({ from: clock.now(), to: clock.now() + 60_000 });
  });

  it("takes the last touch before a crash as the beginning of the down time", async () => {
    const { clock, store, file } = await bench();
    store.touch(clock.now());
    const touched = clock.now();
    await clock.advance(4000);
    copyAsCrashed(file, `${file}.crashed`);
    store.close();
    expect(readStore(`${file}.crashed`, clock.now()).hubDown).toEqual([{ from: touched, to: clock.now() }]);
  });
});
