import { describe, expect, it } from "@jest/globals";
import type { DeviceChange, HubInfo, Said, Update } from "#protocol/dashboard-events.ts";
import type { About, Link, PropertyState } from "#protocol/views.ts";
import { createKnob } from "../../web/model/knob.ts";
import { appendSaid, MAX_SAID, mergeUpdate } from "../../web/model/merge.ts";
import { createStore } from "../../web/model/store.ts";
import { fakePageClock } from "../support/page-clock.ts";

const HUB: HubInfo = { version: "1", open: null, addresses: [], heartbeatIntervalMs: 10_000, degraded: [] };
const NOTHING: PropertyState = { desired: null, reported: null, heldBy: null };

function about(part: Partial<About> = {}): About {
  return { name: "x", model: null, software: null, rooms: [], properties: {}, actions: {}, ...part };
}

function update(part: Partial<Update> = {}): Update {
  return { now: 0, devices: [], gone: [], said: [], ...part };
}

function reported(value: number): PropertyState {
  return { ...NOTHING, reported: { value, at: 0 } };
}

function line(seq: number): Said {
  return { seq, at: 0, from: "a", to: [], kind: "message", text: String(seq) };
}

function setUp() {
  const clock = fakePageClock();
  const store = createStore(
    (_device, _property, state) =>
      createKnob({
        clock,
        state,
        lost: { code: "LOST", message: "" },
        isOpen: () => true,
        send: async () => ({ desired: 0 }),
        hold() {},
      }),
    () => clock.now(),
  );
  function take(...updates: Update[]): void {
    for (const one of updates) store.take(one);
    store.flush();
  }
  const ids = () => store.groups.value.map(({ room, devices }) => [room, ...devices.map(({ id }) => id)]);
  return { clock, store, take, ids };
}

describe("store", () => {
  it("shows nothing before it is flushed", () => {
    const { store } = setUp();
    store.take(update({ hub: HUB, devices: [{ id: "a", about: about() }] }));
    expect(store.devices.value.size).toBe(0);
    store.flush();
    expect([...store.devices.value.keys()]).toEqual(["a"]);
  });

  it("keeps parts that an update does not mention", () => {
    const { store, take } = setUp();
    take(update({ hub: HUB, devices: [{ id: "a", about: about({ name: "Lamp" }), state: { x: reported(1) } }] }));
    take(update({ devices: [{ id: "a", state: { y: reported(2) } }] }));
    const device = store.devices.value.get("a");
    expect(device?.about.value.name).toBe("Lamp");
    expect(device?.names.value).toEqual(["x", "y"]);
    expect(device?.property("x").state.value.reported?.value).toBe(1);
  });

  it("starts over with the first update of a connection and keeps who is still there", () => {
    const { store, take } = setUp();
    take(update({ hub: HUB, devices: [{ id: "a", state: { x: reported(1) } }, { id: "b" }], said: [line(1)] }));
    const before = store.devices.value.get("a");
    take(update({ hub: HUB, devices: [{ id: "a", about: about() }] }));
    expect([...store.devices.value.keys()]).toEqual(["a"]);
    expect(store.devices.value.get("a")).toBe(before);
    expect(before?.property("x").state.value).toEqual(NOTHING);
    expect(store.said.value).toEqual([]);
  });

  it("forgets a device that is gone, and takes it anew when it comes back in the same frame", () => {
    const { store, take } = setUp();
    take(update({ hub: HUB, devices: [{ id: "a", state: { x: reported(1) } }] }));
    take(update({ gone: ["a"] }), update({ devices: [{ id: "a", about: about() }] }));
    expect(store.devices.value.get("a")?.names.value).toEqual([]);
    take(update({ gone: ["a"] }));
    expect(store.devices.value.size).toBe(0);
  });

  it("orders by room, then by name with its numbers, and devices without a room last", () => {
    const { take, ids } = setUp();
    const device = (id: string, name: string, rooms: string[]): DeviceChange => ({ id, about: about({ name, rooms }) });
    take(
      update({
        hub: HUB,
        devices: [
          device("1", "zz", []),
          device("2", "Lamp 10", ["lab"]),
          device("3", "lamp 9", ["lab"]),
          device("4", "x", ["Attic", "lab"]),
        ],
      }),
    );
    expect(ids()).toEqual([
      ["Attic", "4"],
      ["lab", "3", "2"],
      ["", "1"],
    ]);
  });

  it("names a device as a guest in all its rooms but the first", () => {
    const { store, take } = setUp();
    const device = (id: string, rooms: string[]): DeviceChange => ({ id, about: about({ name: id, rooms }) });
    take(update({ hub: HUB, devices: [device("a", ["lab", "bench"]), device("b", ["bench"])] }));
    const guests = store.groups.value.map(({ room, guests }) => [room, ...guests.map(({ id }) => id)]);
    expect(guests).toEqual([["bench", "a"], ["lab"]]);
  });

  it("keeps the details of a device until a connection starts over", () => {
    const { store, take } = setUp();
    const detail = { log: [], audit: [], queued: [] };
    take(update({ hub: HUB, devices: [{ id: "a" }] }));
    const device = store.devices.value.get("a");
    expect(device?.detail.value).toBeNull();
    take(update({ devices: [{ id: "a", detail }] }), update({ devices: [{ id: "a", about: about() }] }));
    expect(device?.detail.value).toBe(detail);
    take(update({ hub: HUB, devices: [{ id: "a" }] }));
    expect(device?.detail.value).toBeNull();
  });

  it("does not reorder when values or presence change", () => {
    const { store, take } = setUp();
    take(update({ hub: HUB, devices: [{ id: "a" }, { id: "b" }] }));
    const before = store.groups.value;
    take(update({ devices: [{ id: "b", state: { x: reported(1) }, link: { presence: "late" } as Link }] }));
    expect(store.groups.value).toBe(before);
  });

  it("lists declared properties first, in their order", () => {
    const { store, take } = setUp();
    const properties = { z: { type: "number" }, a: { type: "number" } } as const;
    take(
      update({
        hub: HUB,
        devices: [{ id: "a", about: about({ properties }), state: { b: reported(1), a: reported(2) } }],
      }),
    );
    expect(store.devices.value.get("a")?.names.value).toEqual(["z", "a", "b"]);
  });

  it("takes the least delayed reading of the hub's clock, and believes a jump", () => {
    const { store, take, clock } = setUp();
    const offset = (ms: number): number => {
      take(update({ now: clock.now() + ms }));
      return store.clockOffset.value;
    };
    take(update({ hub: HUB, now: clock.now() + 500 }));
    expect([offset(400), offset(520), offset(100), offset(90_000)]).toEqual(
      [520, 520, 520, 90_000].map((n, i) => (i === 0 ? 500 : n)),
    );
  });
});

describe("merging updates", () => {
  it("keeps the newest of each part", () => {
    const first = mergeUpdate(null, update({ devices: [{ id: "a", state: { x: reported(1), y: reported(1) } }] }));
    const second = mergeUpdate(first, update({ now: 5, devices: [{ id: "a", state: { x: reported(2) } }] }));
    expect(second.devices.get("a")?.state).toEqual({ x: reported(2), y: reported(1) });
    expect(second.now).toBe(5);
  });

  it("forgets what waited when a connection starts over", () => {
    const first = mergeUpdate(null, update({ devices: [{ id: "a" }], said: [line(1)] }));
    const second = mergeUpdate(first, update({ hub: HUB, devices: [{ id: "b" }] }));
    expect([...second.devices.keys()]).toEqual(["b"]);
    expect(second.said).toEqual([]);
  });

  it("keeps the newest messages up to its limit", () => {
    const many = Array.from({ length: MAX_SAID + 5 }, (_, i) => line(i));
    const kept = appendSaid([], many);
    expect(kept).toHaveLength(MAX_SAID);
    expect(kept.at(-1)?.seq).toBe(MAX_SAID + 4);
  });
});
