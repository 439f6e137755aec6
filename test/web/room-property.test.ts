import { describe, expect, it } from "@jest/globals";
import { computed } from "@preact/signals";
import type { DeviceChange, HubInfo } from "#protocol/dashboard-events.ts";
import type { Property, Value } from "#protocol/values.ts";
import type { PropertyState, Wish } from "#protocol/views.ts";
import { createKnob } from "../../web/model/knob.ts";
import { roomState, sharedProperties, togetherOf } from "../../web/model/room-property.ts";
import { createStore } from "../../web/model/store.ts";
import { fakePageClock } from "../support/page-clock.ts";
import { BRIGHTNESS } from "../support/page-suite.ts";

const HUB: HubInfo = { version: "1", open: null, addresses: [], heartbeatIntervalMs: 10_000, degraded: [] };

interface Member {
  readonly properties?: { readonly [name: string]: Property };
  readonly state?: { readonly [name: string]: PropertyState };
}

function members(...list: Member[]) {
  const clock = fakePageClock();
  const store = createStore(
    (_device, _property, state) =>
      createKnob({
        clock,
        state,
        lost: { code: "LOST", message: "" },
        isOpen: () => true,
        send: async () => ({}),
        hold() {},
      }),
    () => clock.now(),
  );
  const devices: DeviceChange[] = list.map(({ properties = { brightness: BRIGHTNESS }, state = {} }, i) => ({
    id: String(i),
    about: { name: String(i), model: null, software: null, rooms: ["bench"], properties, actions: {} },
    state,
  }));
  store.take({ hub: HUB, now: 0, devices, gone: [], said: [] });
  store.flush();
  return [...store.devices.value.values()];
}

function wished(value: Value, status: Wish["status"], applied?: Value): { readonly brightness: PropertyState } {
  const desired: Wish = { value, by: "page", at: 0, status };
  const error = { code: "FAILED", message: "It is broken." };
  const reported = applied === undefined ? null : { value: applied, at: 0 };
  return { brightness: { desired: { ...desired, ...(status === "failed" && { error }) }, reported, heldBy: null } };
}

function together(...list: Member[]) {
  const parts = members(...list).map((device) => device.property("brightness"));
  const sum = computed(() => togetherOf(parts));
  return { sum: sum.value, state: roomState(sum).value };
}

describe("properties that a room shares", () => {
  const names = (...list: Member[]) =>
    sharedProperties(members(...list)).map(({ name, members: has }) => [name, has.length]);

  it("are those that more than half of its members declare alike, and at least two", () => {
    expect(names({}, {})).toEqual([["brightness", 2]]);
    expect(names({}, {}, { properties: {} })).toEqual([["brightness", 2]]);
    expect(names({}, {}, { properties: {} }, { properties: {} })).toEqual([]);
    expect(names({})).toEqual([]);
  });

  it("are not those that differ in range, or that no single control can stand for", () => {
    expect(names({}, { properties: { brightness: { ...BRIGHTNESS, maximum: 255 } } })).toEqual([]);
    for (const other of [{ ...BRIGHTNESS, readOnly: true }, { type: "number" }, { type: "string" }] as Property[])
      expect(names({ properties: { x: other } }, { properties: { x: other } })).toEqual([]);
  });
});

describe("a room's property", () => {
  it("is a wish of all while all share one", () => {
    const { sum, state } = together({ state: wished(40, "applied", 40) }, { state: wished(40, "sent", 10) });
    expect(sum.common).toBe(40);
    expect(state.desired).toMatchObject({ value: 40, status: "sent" });
    expect(state.reported).toBeNull();
    expect(sum.fates).toMatchObject({ applied: 1, requested: 1 });
  });

  it("has no value of its own where members differ, and none where one is unknown", () => {
    const differ = together({ state: wished(40, "applied", 40) }, { state: wished(60, "applied", 60) });
    expect([differ.sum.common, differ.state.desired]).toEqual([undefined, null]);
    expect(differ.sum.values).toEqual([40, 60]);
    const unknown = together({ state: wished(40, "applied", 40) }, {});
    expect([unknown.sum.common, unknown.state.reported]).toEqual([undefined, null]);
  });

  it("says on how many it failed, and why", () => {
    const { sum, state } = together({ state: wished(40, "failed") }, { state: wished(40, "waiting", 10) });
    expect(sum.fates).toMatchObject({ failed: 1, waiting: 1 });
    expect(sum.failure).toBe("It is broken.");
    expect(state.desired?.status).toBe("failed");
  });

  it("waits only when nobody has applied it", () => {
    expect(together({ state: wished(1, "waiting") }, { state: wished(1, "waiting") }).state.desired?.status).toBe(
      "waiting",
    );
    expect(together({ state: wished(1, "waiting") }, { state: wished(1, "applied", 1) }).state.desired?.status).toBe(
      "applied",
    );
  });
});
