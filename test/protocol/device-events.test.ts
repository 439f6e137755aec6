/** What the hub takes from a device (protocol section 4), and the limits of it. */
import { describe, expect, it } from "@jest/globals";
import { DEVICE_EVENTS, type DeviceEvent, isDeviceEvent } from "#protocol/device-events.ts";

function takes(event: DeviceEvent, data: unknown): boolean {
  return DEVICE_EVENTS[event].safeParse(data).success;
}

function many(n: number, value: unknown): object {
  return Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${i}`, value]));
}

const NUMBER = { type: "number" };

describe("the events of a device", () => {
  it.each(["hello", "heartbeat", "report", "reports", "log", "message", "join", "leave"])("know %s", (event) => {
    expect(isDeviceEvent(event)).toBe(true);
  });

  it.each(["set", "welcome", "HELLO", "", "constructor", "toString", "__proto__", "connect"])(
    "do not know %j",
    (event) => {
      expect(isDeviceEvent(event)).toBe(false);
    },
  );
});

describe("hello", () => {
  it.each([
    ["nothing", {}],
    [
      "all of it",
      { id: "a", name: "A", model: "m", software: "s", heartbeat: 3.25, sleeps: true, rooms: ["a"], adopt: true },
    ],
    ["an empty list of rooms", { rooms: [] }],
    ["16 rooms", { rooms: Array.from({ length: 16 }, (_, i) => `r${i}`) }],
    ["the smallest frame", { maxFrame: 256 }],
    ["64 properties", { properties: many(64, NUMBER) }],
    ["32 actions", { actions: many(32, {}) }],
    ["a state", { state: { brightness: 5, accel: { x: 1 } } }],
    ["words it does not know", { colour: "red", nested: { a: [1] } }],
  ])("may say %s", (_, data) => {
    expect(takes("hello", data)).toBe(true);
  });

  it.each([
    ["nothing at all", undefined],
    ["null", null],
    ["a list", []],
    ["text", "lamp"],
    ["a bad id", { id: "-a" }],
    ["a blank name", { name: "  " }],
    ["a name of 65", { name: "x".repeat(65) }],
    ["a heartbeat of 0", { heartbeat: 0 }],
    ["a heartbeat below 0", { heartbeat: -1 }],
    ["a heartbeat of more than a day", { heartbeat: 86_401 }],
    ["a heartbeat that never comes", { heartbeat: Number.POSITIVE_INFINITY }],
    ["17 rooms", { rooms: Array.from({ length: 17 }, (_, i) => `r${i}`) }],
    ["a bad room", { rooms: ["a b"] }],
    ["rooms as text", { rooms: "bench" }],
    ["a frame that is too small", { maxFrame: 255 }],
    ["a frame that is too large", { maxFrame: 1_048_577 }],
    ["half a byte", { maxFrame: 512.5 }],
    ["65 properties", { properties: many(65, NUMBER) }],
    ["33 actions", { actions: many(33, {}) }],
    ["a property with a dot", { properties: { "a.b": NUMBER } }],
    ["a property `transition`", { properties: { transition: NUMBER } }],
    ["a property of no type", { properties: { x: {} } }],
    ["a state of lists", { state: { x: [1] } }],
  ])("may not say %s", (_, data) => {
    expect(takes("hello", data)).toBe(false);
  });

  it("is without the blanks around a name", () => {
    expect(DEVICE_EVENTS.hello.parse({ name: "  Lamp " })).toEqual({ name: "Lamp" });
  });
});

describe("heartbeat", () => {
  it("may come without data and has vitals all the same", () => {
    for (const data of [undefined, null, {}]) expect(DEVICE_EVENTS.heartbeat.parse(data)).toEqual({});
    expect(
      DEVICE_EVENTS.heartbeat.parse({ rssi: -60, memory: 1, uptime: 2, voltage: 3.3, temperature: 40, x: 1 }),
    ).toEqual({
      rssi: -60,
      memory: 1,
      uptime: 2,
      voltage: 3.3,
      temperature: 40,
    });
  });

  it("takes no vitals that are no numbers", () => {
    for (const data of [{ rssi: "-60" }, { uptime: Number.NaN }, 5, "SOS", []])
      expect(takes("heartbeat", data)).toBe(false);
  });
});

describe("reports", () => {
  it("are up to 1000 pairs of a time and values", () => {
    const pair = [1, { x: 1 }];
    expect(takes("reports", [])).toBe(true);
    expect(
      takes(
        "reports",
        Array.from({ length: 1000 }, () => pair),
      ),
    ).toBe(true);
    expect(
      takes(
        "reports",
        Array.from({ length: 1001 }, () => pair),
      ),
    ).toBe(false);
  });

  it.each([[[1]], [["1", {}]], [[1, { x: [1] }]], [[1, {}, 2]], [{ x: 1 }], [[Number.NaN, {}]]])(
    "are not %j",
    (pair) => {
      expect(takes("reports", [pair])).toBe(false);
    },
  );
});

describe("log, message, join and leave", () => {
  it("take what the contract says", () => {
    expect(DEVICE_EVENTS.log.parse({ text: "hot" })).toEqual({ level: "info", text: "hot" });
    expect(takes("log", { level: "error", text: "x".repeat(4096) })).toBe(true);
    expect(takes("message", "")).toBe(true);
    expect(takes("message", "x".repeat(65_536))).toBe(true);
    expect(takes("message", { room: "bench", text: "hi" })).toBe(true);
    expect(takes("join", "bench")).toBe(true);
    expect(takes("leave", "bench")).toBe(true);
  });

  it("take nothing else", () => {
    expect(takes("log", { level: "fatal", text: "x" })).toBe(false);
    expect(takes("log", { text: "x".repeat(4097) })).toBe(false);
    expect(takes("log", "text")).toBe(false);
    expect(takes("message", "x".repeat(65_537))).toBe(false);
    expect(takes("message", { text: "hi" })).toBe(false);
    expect(takes("message", { room: "a b", text: "hi" })).toBe(false);
    expect(takes("message", 5)).toBe(false);
    expect(takes("join", ["bench"])).toBe(false);
    expect(takes("leave", "")).toBe(false);
  });
});
