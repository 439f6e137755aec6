/** Which light course pages drive, what they are told of it and when, under a fake clock. */
import { describe, expect, it } from "@jest/globals";
import { CourseLight } from "../../../hub/outputs/course-light.ts";
import { settle } from "../../support/fake-clock.ts";
import { type FakeConnection, testHouse } from "../../support/house.ts";

const DIMMER = { properties: { brightness: { type: "number" as const, minimum: 0, maximum: 100 } } };

function bench(device = "") {
  const rest = testHouse();
  const light = new CourseLight({ house: rest.house, wishes: rest.wishes, device });
  const told: Array<readonly [number, string | null]> = [];
  const corrected: Array<readonly [number, string]> = [];
  light.events.on("level", (level, except) => told.push([level, except]));
  light.events.on("correction", (level, only) => corrected.push([level, only]));
  light.start();

  /** A device that takes what it is sent, or what `take` makes of it. */
  async function lamp(id: string, hello: object = DIMMER, take = (level: number): number => level) {
    const { session, connection } = await rest.connect(id);
    connection.answer = async (_, data) => ({ brightness: take((data as { brightness: number }).brightness) });
    await rest.arrivals.hello(session, hello);
    return { session, connection };
  }
  return { ...rest, light, told, corrected, lamp };
}

function asked({ asked }: FakeConnection): unknown[] {
  return asked.map(([, data]) => (data as { brightness: unknown }).brightness);
}

describe("without a device, the course's light", () => {
  it("is dark at first, and then what was last asked", async () => {
    const { light, told } = bench();
    expect(light.level).toBe(0);
    expect(await light.set(40, "page")).toBe(40);
    expect(light.level).toBe(40);
    expect(told).toEqual([[40, "page"]]);
  });

  it("tells others of every word, also one that changes nothing", async () => {
    const { light, told } = bench();
    await light.set(0, "page");
    await light.set(0, null);
    expect(told).toEqual([
      [0, "page"],
      [0, null],
    ]);
  });

  it("does not drive a device that comes later, which nobody asked for anything", async () => {
    const { light, lamp } = bench();
    await light.set(40, "page");
    const { connection } = await lamp("lamp");
    expect(asked(connection)).toEqual([]);
    expect(light.level).toBe(40);
  });
});

describe("the device of the course's light", () => {
  it("is the first that came with a brightness that can be set", async () => {
    const { light, lamp } = bench();
    const others = [
      await lamp("a-thermometer", { properties: { temperature: { type: "number" } } }),
      await lamp("b-meter", { properties: { brightness: { type: "number", readOnly: true } } }),
      await lamp("c-words", { properties: { brightness: { type: "string" } } }),
    ];
    const { connection } = await lamp("z-lamp");
    others.push(await lamp("d-lamp"));
    await light.set(30, "page");
    expect(asked(connection)).toEqual([30]);
    for (const other of others) expect(asked(other.connection)).toEqual([]);
  });

  it("stays the same when it goes and another is there", async () => {
    const { light, lamp, arrivals } = bench();
    const first = await lamp("lamp-1");
    const second = await lamp("lamp-2");
    arrivals.disconnect(first.session, "closed");
    await light.set(30, "page");
    expect(asked(second.connection)).toEqual([]);
    const back = await lamp("lamp-1");
    arrivals.restore(back.session, {});
    expect(asked(back.connection)).toEqual([30]);
  });

  it("is one that is here rather than one that was only kept from an earlier day", async () => {
    const { light, lamp, house, wishes, told } = bench();
    const kept = wishes.createDevice("an-old-lamp", 0);
    kept.properties = new Map(Object.entries(DIMMER.properties));
    house.registry.add(kept);
    await light.set(20, "page");
    expect(kept.desired()).toEqual({ brightness: 20 });
    const { connection } = await lamp("lamp", { ...DIMMER, state: { brightness: 60 } });
    expect(told.at(-1)).toEqual([60, null]);
    await light.set(30, "page");
    expect(asked(connection)).toEqual([30]);
    expect(kept.desired()).toEqual({ brightness: 20 });
  });

  it("is another when it was removed, or has the property no more", async () => {
    const { light, lamp, arrivals, register } = bench();
    const first = await lamp("lamp-1");
    const second = await lamp("lamp-2");
    const third = await lamp("lamp-3");
    register.remove("lamp-1");
    await light.set(1, null);
    await arrivals.hello(second.session, { properties: {} });
    await light.set(2, null);
    expect([first, second, third].map(({ connection }) => asked(connection))).toEqual([[], [1], [2]]);
  });

  it("is the one that was named, and no other", async () => {
    const { light, lamp } = bench("pinned");
    const other = await lamp("lamp");
    await light.set(20, "page");
    expect(asked(other.connection)).toEqual([]);
    expect(light.level).toBe(20);
    const { connection } = await lamp("pinned");
    await light.set(30, "page");
    expect(asked(connection)).toEqual([30]);
  });

  it("that counts in whole numbers gets whole ones, in the range that it has", async () => {
    const { light, lamp } = bench();
    const brightness = { type: "integer", minimum: 10, maximum: 90 };
    const { connection } = await lamp("lamp", { properties: { brightness } });
    expect(await light.set(33.4, "page")).toBe(33);
    expect(await light.set(100, "page")).toBe(90);
    await settle();
    expect(await light.set(0, "page")).toBe(10);
    await settle();
    expect(asked(connection)).toEqual([33, 90, 10]);
  });
});

describe("of the device behind the course's light", () => {
  it("pages hear every other hand: a dashboard, and the knob", async () => {
    const { light, lamp, told, wishes, inbound } = bench();
    const { session } = await lamp("lamp");
    wishes.set({ device: "lamp", property: "brightness", value: 70, by: "page" });
    await settle();
    expect(told).toEqual([[70, null]]);
    inbound.report(session, { brightness: 12 }, {});
    expect(told).toEqual([
      [70, null],
      [12, null],
    ]);
    expect(light.level).toBe(12);
  });

  it("pages hear at its arrival what it is", async () => {
    const { lamp, told } = bench();
    await lamp("lamp", { ...DIMMER, state: { brightness: 55 } });
    expect(told).toEqual([[55, null]]);
  });

  it("pages hear nothing while nothing changes, and levels from 0 to 100 only", async () => {
    const { lamp, told, inbound } = bench();
    const { session } = await lamp("lamp", { properties: { brightness: { type: "number" } } });
    inbound.report(session, { brightness: 255 }, {});
    inbound.report(session, { brightness: 255 }, {});
    inbound.heartbeat(session, {}, {});
    expect(told).toEqual([[100, null]]);
  });

  it("the wishes go through its setter: one at a time, and the last one last", async () => {
    const { light, lamp } = bench();
    const { connection } = await lamp("lamp");
    for (let level = 1; level <= 50; level++) void light.set(level, "page");
    await settle();
    expect(asked(connection)).toEqual([1, 50]);
  });

  it("the wish is the device's desired value, signed by the course", async () => {
    const { light, lamp, house } = bench();
    const { session } = await lamp("lamp");
    await light.set(25, "page");
    expect(session.device.desired()).toEqual({ brightness: 25 });
    expect(house.device("lamp").propertyState("brightness")?.desired).toMatchObject({ value: 25, by: "course" });
  });
});

describe("the page that drags", () => {
  it("is not told what became of its wishes while it drags; the others are at once", async () => {
    const { light, lamp, told, corrected, clock } = bench();
    await lamp("lamp", DIMMER, (level) => Math.round(level));
    for (const level of [10.4, 11.4, 12.4]) {
      await light.set(level, "page");
      await settle();
      await clock.advance(300);
    }
    expect(told).toEqual([
      [10.4, "page"],
      [10, "page"],
      [11.4, "page"],
      [11, "page"],
      [12.4, "page"],
      [12, "page"],
    ]);
    expect(corrected).toEqual([]);
  });

  it("is told once, when it rests, if the device did not take what it asked", async () => {
    const { light, lamp, corrected, clock } = bench();
    await lamp("lamp", DIMMER, (level) => Math.min(50, level));
    await light.set(80, "page");
    await light.set(90, "page");
    await clock.advance(900);
    expect(corrected).toEqual([]);
    await clock.advance(200);
    expect(corrected).toEqual([[50, "page"]]);
    await clock.advance(10_000);
    expect(corrected).toHaveLength(1);
  });

  it("is told nothing when it got what it asked, or has gone", async () => {
    const { light, lamp, corrected, clock } = bench();
    await lamp("lamp", DIMMER, (level) => Math.min(50, level));
    await light.set(40, "page");
    await clock.advance(2_000);
    await light.set(90, "page");
    light.release("page");
    await clock.advance(2_000);
    expect(corrected).toEqual([]);
  });

  it("is told of another hand at once, and then not corrected", async () => {
    const { light, lamp, told, corrected, wishes, clock } = bench();
    await lamp("lamp");
    await light.set(40, "page");
    await settle();
    wishes.set({ device: "lamp", property: "brightness", value: 70, by: "page" });
    expect(told.at(-1)).toEqual([70, null]);
    await clock.advance(2_000);
    expect(corrected).toEqual([]);
  });

  it("is told by another course page's hand", async () => {
    const { light, told } = bench();
    await light.set(40, "one");
    await light.set(50, "two");
    expect(told).toEqual([
      [40, "one"],
      [50, "two"],
    ]);
  });
});
