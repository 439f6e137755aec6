/** Names and their limits (protocol 1.1). */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { deviceId, hubGivenId, isId, isPropertyName, propertyName, roomName } from "#protocol/names.ts";

describe("the id of a device or room", () => {
  it.each(["a", "A", "7", "esp32-01", "a.b_c-d", "X".repeat(64), "1", "lamp..", "constructor"])("may be %j", (id) => {
    expect(isId(id)).toBe(true);
    expect(deviceId.safeParse(id).success).toBe(true);
    expect(roomName.safeParse(id).success).toBe(true);
  });

  it.each([
    "",
    "X".repeat(65),
    "-a",
    ".a",
    "_a",
    "a b",
    "a/b",
    "ä",
    "a\n",
    "a\u0000",
    "__proto__",
    "a:b",
    "a@b",
    "лампа",
  ])("may not be %j", (id) => {
    expect(isId(id)).toBe(false);
    expect(deviceId.safeParse(id).success).toBe(false);
    expect(roomName.safeParse(id).success).toBe(false);
  });

  it("is text", () => {
    for (const id of [5, null, ["a"], { toString: () => "a" }]) expect(deviceId.safeParse(id).success).toBe(false);
  });
});

describe("the name of a property", () => {
  it.each([
    "brightness",
    "a",
    "_x",
    "7up",
    "соль",
    "CO2 level",
    "a-b",
    "-a",
    "temp(C)",
    "a/b",
    "x".repeat(64),
    "transitions",
    "温度",
  ])("may be %j", (name) => {
    expect(isPropertyName(name)).toBe(true);
    expect(propertyName.safeParse(name).success).toBe(true);
  });

  it.each(["", "a.b", ".", "transition", "__proto__", "__x", " a", "x".repeat(65), "a\n", "a\u0000"])(
    "may not be %j",
    (name) => {
      expect(isPropertyName(name)).toBe(false);
      expect(propertyName.safeParse(name).success).toBe(false);
    },
  );

  it("is told alike by the schema and by the test, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(propertyName.safeParse(name).success).toBe(isPropertyName(name));
      }),
    );
  });
});

describe("the id that the hub gives", () => {
  it.each([
    ["192.168.1.7", "ws-192.168.1.7-50123"],
    ["::ffff:192.168.1.7", "ws-192.168.1.7-50123"],
    ["::FFFF:10.0.0.1", "ws-10.0.0.1-50123"],
    ["::1", "ws---1-50123"],
    ["fe80::1%eth0", "ws-fe80--1-eth0-50123"],
    ["2001:db8:85a3:8d3:1319:8a2e:370:7348", "ws-2001-db8-85a3-8d3-1319-8a2e-370-7348-50123"],
    ["", "ws--50123"],
  ])("of a client at %j is %j", (address, id) => {
    expect(hubGivenId("ws", address, 50123)).toBe(id);
  });

  it("names the door", () => {
    expect(hubGivenId("tcp", "10.0.0.1", 1)).toBe("tcp-10.0.0.1-1");
  });

  it("is an id, and another one for another port, whatever the address", () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), port, port, (address, one, other) => {
        expect(isId(hubGivenId("ws", address, one))).toBe(true);
        fc.pre(one !== other);
        expect(hubGivenId("tcp", address, one)).not.toBe(hubGivenId("tcp", address, other));
      }),
    );
  });
});
