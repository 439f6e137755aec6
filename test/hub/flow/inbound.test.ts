/** What devices say (protocol section 4): values, times, and hands on knobs. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { LIMITS } from "../../../hub/base/limits.ts";
import type { Session } from "../../../hub/flow/session.ts";
import type { FakeConnection } from "../../support/house.ts";
import { testHouse } from "../../support/house.ts";

const PROPERTIES = {
  brightness: { type: "number", minimum: 0, maximum: 100 },
  temperature: { type: "number", readOnly: true },
} as const;

describe("what a device says", () => {
  let here: ReturnType<typeof testHouse>;
  let session: Session;
  let connection: FakeConnection;

  beforeEach(async () => {
    here = testHouse();
    ({ session, connection } = await here.connect("lamp"));
    await here.arrivals.hello(session, { rooms: ["bench"], properties: PROPERTIES });
  });

  function report(values: object, time?: number): void {
    here.inbound.report(session, values as { [name: string]: number }, { time });
  }

  function reported(property: string) {
    return session.device.propertyState(property)?.reported;
  }

  function desired(property: string) {
    return session.device.propertyState(property)?.desired;
  }

  it("is a hand on the knob when it is the live report of a writable property", () => {
    report({ brightness: 30, temperature: 21, undeclared: 1 });
    expect(desired("brightness")).toMatchObject({ value: 30, by: "device", status: "applied" });
    expect([desired("temperature"), desired("undeclared")]).toEqual([null, null]);
  });

  it("is an answer, and no hand on the knob, while a value of the property is on its way", () => {
    void here.wishes.set({ device: "lamp", property: "brightness", value: 80, by: "page" });
    report({ brightness: 79 }, 5);
    expect(desired("brightness")).toMatchObject({ value: 80, by: "page", status: "applied" });
    expect(reported("brightness")).toMatchObject({ value: 79, deviceTime: 5 });
    report({ brightness: 20 });
    expect(desired("brightness")).toMatchObject({ value: 20, by: "device" });
  });

  it("stays applied although the frame that it answered is never acknowledged", async () => {
    void here.wishes.set({ device: "lamp", property: "brightness", value: 80, by: "page" });
    report({ brightness: 80 });
    await here.clock.advance(2 * LIMITS.lateAnswerMs);
    expect(desired("brightness")).toMatchObject({ value: 80, status: "applied" });
  });

  it("is called failed when it says nothing for good", async () => {
    void here.wishes.set({ device: "lamp", property: "brightness", value: 80, by: "page" });
    await here.clock.advance(LIMITS.lateAnswerMs);
    expect(desired("brightness")).toMatchObject({ value: 80, status: "failed", error: { code: "TIMEOUT" } });
  });

  it("keeps an answer that carries its transition, and refuses one that the property cannot have", async () => {
    connection.answer = async () => ({ brightness: 35, transition: 500 });
    const set = (value: number) =>
      here.wishes.set({ device: "lamp", property: "brightness", value, by: "rest" }).outcome;
    expect(await set(37)).toEqual({ applied: 35 });
    connection.answer = async () => ({ brightness: "hot" });
    expect(await set(38)).toMatchObject({ error: { code: "FAILED" } });
    expect(reported("brightness")).toMatchObject({ value: 35 });
  });

  it.each([null, undefined, "ok", 5, [], {}, { deep: { er: { x: 1 } } }])(
    "means that it took the value when it answers a set with %j",
    async (answer) => {
      connection.answer = async () => answer;
      const wish = { device: "lamp", property: "brightness", value: 37, by: "rest" };
      expect(await here.wishes.set(wish).outcome).toEqual({ applied: 37 });
    },
  );

  it("is kept whole or not at all", () => {
    expect(() => report({ temperature: 21, brightness: 101 })).toThrow("brightness");
    expect(reported("temperature")).toBeUndefined();
    expect(() =>
      here.inbound.reports(session, [
        [1, { temperature: 21 }],
        [2, { brightness: -1 }],
      ]),
    ).toThrow("brightness");
    expect(reported("temperature")).toBeUndefined();
  });

  it("proves life also when it is refused", async () => {
    await here.clock.advance(5_000);
    expect(() => report({ brightness: 101 })).toThrow();
    expect(session.device.lastSeen).toBe(here.clock.now());
  });

  it("fills no more than 64 properties, in one report, many, or a batch", () => {
    const many = (n: number, from = 0) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${from + i}`, i]));
    report(many(60));
    expect(() => report(many(10, 60))).toThrow("at most 64");
    expect(() =>
      here.inbound.reports(session, [
        [1, many(3, 60)],
        [2, many(3, 63)],
      ]),
    ).toThrow("at most 64");
    expect(session.device.state.size).toBe(60);
    report(many(64));
    expect(session.device.state.size).toBe(64);
  });

  describe("in a batch", () => {
    it("changes what is reported and never what is desired", () => {
      here.inbound.reports(session, [[1_000, { brightness: 10, temperature: 20 }]]);
      expect(reported("brightness")).toMatchObject({ value: 10, deviceTime: 1_000 });
      expect(desired("brightness")).toBeNull();
    });

    it("is placed in the past by the device's own counter, the newest sample at the time it came", () => {
      const now = here.clock.now();
      here.inbound.reports(session, [
        [1_000, { temperature: 20 }],
        [61_000, { brightness: 5 }],
      ]);
      expect(reported("temperature")?.at).toBe(now - 60_000);
      expect(reported("brightness")?.at).toBe(now);
    });

    it("is placed by the least delay seen on the connection, also by that of live reports", async () => {
      report({ temperature: 20 }, 10_000);
      const then = here.clock.now();
      await here.clock.advance(5_000);
      here.inbound.reports(session, [[12_000, { brightness: 5 }]]);
      expect(reported("brightness")?.at).toBe(then + 2_000);
    });

    it("is placed by what live reports said of a clock that is off, also before the hub was started anew", async () => {
      const hour = 3_600_000;
      report({ temperature: 20 }, here.clock.now() - hour);
      expect(reported("temperature")).toMatchObject({ at: here.clock.now(), deviceTime: here.clock.now() - hour });
      await here.clock.advance(60_000);
      here.inbound.reports(session, [[here.clock.now() - 20_000 - hour, { temperature: 21 }]]);
      const kept = reported("temperature");
      expect(kept).toMatchObject({ value: 21, at: here.clock.now() - 20_000 });

      const next = testHouse();
      next.clock.jump(here.clock.now());
      next.house.store.putDevice(session.device.row());
      if (kept) next.house.store.putReported("lamp", "temperature", kept);
      next.arrivals.takeUp();
      const again = (await next.connect("lamp")).session;
      next.inbound.reports(again, [[next.clock.now() - 10_000 - hour, { temperature: 22 }]]);
      expect(again.device.propertyState("temperature")?.reported).toMatchObject({
        value: 22,
        at: next.clock.now() - 10_000,
      });
    });

    it("never goes before what was reported since", async () => {
      report({ temperature: 22 });
      here.inbound.reports(session, [[here.clock.now() - 60_000, { temperature: 10 }]]);
      expect(reported("temperature")?.value).toBe(22);
      here.inbound.reports(session, [
        [here.clock.now() + 1, { temperature: 11 }],
        [here.clock.now() + 2, { temperature: 12 }],
      ]);
      expect(reported("temperature")?.value).toBe(12);
    });
  });

  it("goes as a message to the rooms it is in, or to the one it names", () => {
    here.inbound.message(session, "hi");
    here.inbound.message(session, { room: "attic", text: "up" });
    here.inbound.heartbeat(session, { rssi: -60 }, { text: "SOS" });
    expect(here.messages).toEqual([
      [["bench"], "hi"],
      [["attic"], "up"],
      [["bench"], "SOS"],
    ]);
    expect(session.device.vitals).toEqual({ rssi: -60 });
  });

  it("keeps the last vitals that a heartbeat leaves out, and the last 40 beats", async () => {
    for (let i = 0; i < 45; i++) {
      here.inbound.heartbeat(session, i === 0 ? { rssi: -60 } : { uptime: i }, {});
      await here.clock.advance(10);
    }
    expect(session.device.vitals).toEqual({ rssi: -60, uptime: 44 });
    expect(session.device.beats).toHaveLength(LIMITS.beatsShown);
  });

  it("joins and leaves rooms, up to 16", () => {
    for (let i = 1; i < 16; i++) here.inbound.membership(session, `r${i}`, true);
    expect(() => here.inbound.membership(session, "one-more", true)).toThrow("16 rooms");
    here.inbound.membership(session, "bench", false);
    here.inbound.membership(session, "one-more", true);
    expect(connection.rooms()).toHaveLength(16);
  });
});
