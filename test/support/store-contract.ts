/** What every device store does, whatever it writes to. Called by the test of each store. */
import { describe, expect, it } from "@jest/globals";
import { LIMITS } from "../../hub/base/limits.ts";
import type { DeviceStore, LoadedDevice } from "../../hub/devices/store.ts";
import type { FakeClock } from "./fake-clock.ts";
import { commit, deviceRow } from "./store-rows.ts";

export interface StoreBench {
  readonly clock: FakeClock;
  /** A store on what the one before left, which is closed. */
  open(): DeviceStore;
}

/** The devices that the next store on the same place finds. */
async function reload(bench: StoreBench, store: DeviceStore): Promise<readonly LoadedDevice[]> {
  await commit(store, bench.clock);
  store.close();
  const next = bench.open();
  const { devices } = next.load(bench.clock.now());
  next.close();
  return devices;
}

function openLoaded(bench: StoreBench): DeviceStore {
  const store = bench.open();
  store.load(bench.clock.now());
  return store;
}

export function describeStore(name: string, makeBench: () => StoreBench): void {
  describe(name, () => {
    describeDevices(makeBench);
    describeLists(makeBench);
    describeDials(makeBench);
    describeDownTimes(makeBench);
  });
}

function describeDevices(makeBench: () => StoreBench): void {
  it("is empty at first", () => {
    const bench = makeBench();
    const store = bench.open();
    expect(store.load(bench.clock.now())).toEqual({ devices: [], hubDown: [], dials: [] });
    store.close();
  });

  it("gives back a device as it was put, sorted by id", async () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    const bare = { name: null, namedByHand: false, model: null, rooms: [], properties: {}, actions: {}, beatMs: null };
    store.putDevice(deviceRow("b", bare));
    store.putDevice(deviceRow("a"));
    const nothing = { desired: new Map(), reported: new Map(), log: [], audit: [], queued: [] };
    expect(await reload(bench, store)).toEqual([
      { ...deviceRow("a"), ...nothing },
      { ...deviceRow("b", bare), ...nothing },
    ]);
  });

  it("keeps the newest of each property, of every kind of value", async () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    store.putDevice(deviceRow("a"));
    store.putDesired("a", "level", { value: 1, by: "page", at: 1 });
    await commit(store, bench.clock);
    store.putDesired("a", "level", { value: 2, by: "page", at: 2 });
    store.putDesired("a", "level", { value: 0.1, by: "rest", at: 3 });
    store.putDesired("a", "on", { value: false, by: "rest", at: 4 });
    store.putReported("a", "text", { value: "a\0b\ud800", at: 5, deviceTime: 7.5 });
    store.putReported("a", "colour", { value: { r: 1, g: 0 }, at: 6 });
    const [device] = await reload(bench, store);
    expect(Object.fromEntries(device?.desired ?? [])).toEqual({
      level: { value: 0.1, by: "rest", at: 3 },
      on: { value: false, by: "rest", at: 4 },
    });
    expect(Object.fromEntries(device?.reported ?? [])).toEqual({
      text: { value: "a\0b\ud800", at: 5, deviceTime: 7.5 },
      colour: { value: { r: 1, g: 0 }, at: 6 },
    });
  });

  it("changes the row of a device and leaves its state", async () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    store.putDevice(deviceRow("a"));
    store.putDesired("a", "level", { value: 1, by: "page", at: 1 });
    await commit(store, bench.clock);
    store.putDevice(deviceRow("a", { name: "other" }));
    const [device] = await reload(bench, store);
    expect(device).toMatchObject({ name: "other", desired: new Map([["level", { value: 1, by: "page", at: 1 }]]) });
  });

  it("drops what is put for a device that has no row", async () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    store.putDesired("a", "level", { value: 1, by: "page", at: 1 });
    store.addPresence("a", { at: 1, presence: "online", reason: "connected" });
    await commit(store, bench.clock);
    store.putDevice(deviceRow("a"));
    expect(await reload(bench, store)).toMatchObject([{ desired: new Map(), log: [] }]);
  });

  it.each(["at once", "after a commit"])("removes a device with all it had, %s", async (when) => {
    const bench = makeBench();
    const store = openLoaded(bench);
    store.putDevice(deviceRow("a"));
    store.putDevice(deviceRow("b"));
    store.putDesired("a", "level", { value: 1, by: "page", at: 1 });
    store.addPresence("a", { at: 1, presence: "online", reason: "connected" });
    if (when === "after a commit") await commit(store, bench.clock);
    store.removeDevice("a");
    store.putDesired("a", "level", { value: 2, by: "page", at: 2 });
    expect((await reload(bench, store)).map(({ id }) => id)).toEqual(["b"]);
    const again = openLoaded(bench);
    again.putDevice(deviceRow("a"));
    expect((await reload(bench, again))[0]).toMatchObject({ id: "a", desired: new Map(), log: [] });
  });

  it("takes a removed device anew within the same commit, without what it had", async () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    store.putDevice(deviceRow("a"));
    store.putDesired("a", "level", { value: 1, by: "page", at: 1 });
    await commit(store, bench.clock);
    store.removeDevice("a");
    store.putDevice(deviceRow("a"));
    store.putReported("a", "on", { value: true, at: 2 });
    const [device] = await reload(bench, store);
    expect(device).toMatchObject({ desired: new Map(), reported: new Map([["on", { value: true, at: 2 }]]) });
  });
}

function describeLists(makeBench: () => StoreBench): void {
  it("keeps the newest entries of presence and audit, oldest first, in the order of adding", async () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    store.putDevice(deviceRow("a"));
    const rows = LIMITS.presenceRowsPerDevice + 30;
    for (let i = 0; i < rows; i++) {
      // The wall clock was set back halfway.
      store.addPresence("a", { at: i < 100 ? 1000 + i : i, presence: "late", reason: "silent" });
      store.addAudit("a", { at: i, by: "page", what: "set level", value: String(i), result: "applied" });
      if (i % 50 === 0) await commit(store, bench.clock);
    }
    const [device] = await reload(bench, store);
    expect(device?.log).toHaveLength(LIMITS.presenceRowsPerDevice);
    expect(device?.log[0]).toEqual({ at: 1030, presence: "late", reason: "silent" });
    expect(device?.log.at(-1)?.at).toBe(rows - 1);
    expect(device?.audit.map(({ value }) => Number(value))).toEqual(
      Array.from({ length: LIMITS.auditRowsPerDevice }, (_, i) => rows - LIMITS.auditRowsPerDevice + i),
    );
  });

  it("keeps the actions that wait, and forgets those that were taken out before or after a commit", async () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    const action = (id: string, input: unknown) => ({ id, name: "blink", input, by: "rest", at: 1, expiresAt: 2 });
    store.putDevice(deviceRow("a"));
    store.putQueued("a", action("1", { times: [1, null] }));
    store.putQueued("a", action("2", undefined));
    await commit(store, bench.clock);
    store.removeQueued("a", "2");
    store.putQueued("a", action("3", null));
    store.putQueued("a", action("4", 4));
    store.removeQueued("a", "4");
    store.putQueued("a", action("5", undefined));
    const [device] = await reload(bench, store);
    expect(device?.queued).toEqual([action("1", { times: [1, null] }), action("3", null), action("5", undefined)]);
  });
}

function describeDials(makeBench: () => StoreBench): void {
  const lamp = { id: "lamp", host: "192.168.1.7", port: 10_000, mode: "lines" } as const;
  const wars = { id: "a.wars", host: "fe80::1", port: 23, mode: "stream" } as const;

  function dialsAfter(bench: StoreBench, store: DeviceStore): unknown {
    store.close();
    const next = bench.open();
    const { dials } = next.load(bench.clock.now());
    next.close();
    return dials;
  }

  it("keeps whom to dial, the newest of an id, whether or not there is such a device", async () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    store.putDial({ ...lamp, port: 1 });
    await commit(store, bench.clock);
    store.putDial(wars);
    store.putDial(lamp);
    expect(dialsAfter(bench, store)).toEqual([wars, lamp]);
  });

  it("forgets a dial that was removed before or after a commit, and not with the device", async () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    store.putDevice(deviceRow("lamp"));
    for (const id of ["lamp", "old"]) store.putDial({ ...lamp, id });
    await commit(store, bench.clock);
    store.removeDial("old");
    store.putDial(wars);
    store.removeDial(wars.id);
    store.removeDevice("lamp");
    expect(dialsAfter(bench, store)).toEqual([lamp]);
  });
}

function describeDownTimes(makeBench: () => StoreBench): void {
  const down = (bench: StoreBench) => {
    const store = bench.open();
    const { hubDown } = store.load(bench.clock.now());
    return { store, hubDown };
  };

  it("tells when the hub was down, for a week", async () => {
    const bench = makeBench();
    const first = down(bench);
    expect(first.hubDown).toEqual([]);
    await bench.clock.advance(5_000);
    first.store.touch(bench.clock.now());
    first.store.close();
    const from = bench.clock.now();
    await bench.clock.advance(60_000);
    const second = down(bench);
    expect(second.hubDown).toEqual([{ from, to: from + 60_000 }]);
    second.store.close();
    await bench.clock.advance(LIMITS.hubDownKeptMs);
    const third = down(bench);
    const week = { from: from + 60_000, to: bench.clock.now() };
    expect(third.hubDown).toEqual([{ from, to: from + 60_000 }, week]);
    third.store.close();
    await bench.clock.advance(1);
    const fourth = down(bench);
    expect(fourth.hubDown).toEqual([week, { from: week.to, to: week.to + 1 }]);
    fourth.store.close();
  });

  it("counts no down time when the wall clock was set back", () => {
    const bench = makeBench();
    down(bench).store.close();
    bench.clock.jump(bench.clock.now() - 3_600_000);
    const { store, hubDown } = down(bench);
    expect(hubDown).toEqual([]);
    store.close();
  });

  it("keeps so many down times, the newest", () => {
    const bench = makeBench();
    down(bench).store.close();
    for (let i = 0; i < LIMITS.hubDownRows + 2; i++) {
      bench.clock.jump(bench.clock.now() + 10);
      down(bench).store.close();
    }
    bench.clock.jump(bench.clock.now() + 10);
    const { store, hubDown } = down(bench);
    expect(hubDown).toHaveLength(LIMITS.hubDownRows);
    expect(hubDown.at(-1)?.to).toBe(bench.clock.now());
    store.close();
  });
}
