import { describe, expect, it } from "@jest/globals";
import { parseOnDisconnect, parseRestore, startLevel } from "../../pi-agent/policies.ts";

describe("the brightness after a start", () => {
  it.each([
    ["last", "last"],
    ["off", "off"],
    ["0", 0],
    ["62.5", 62.5],
  ])("is written %s", (text, restore) => {
    expect(parseRestore(text)).toBe(restore);
  });

  it.each(["", "on", "101", "-1", "NaN", "last "])("is not written %p", (text) => {
    expect(parseRestore(text)).toBeNull();
  });

  it("is the last one, off, the one that was given, or as it was found", () => {
    expect([startLevel("last", 37), startLevel("off", 37), startLevel(80, 37), startLevel("last", undefined)]).toEqual([
      37,
      0,
      80,
      null,
    ]);
  });
});

describe("the light without a hub", () => {
  it.each([
    ["hold", "hold"],
    ["fade-off", { level: 0, afterMs: 10_000, fadeMs: 2_000 }],
    ["fade-off@0", { level: 0, afterMs: 0, fadeMs: 2_000 }],
    ["20@60", { level: 20, afterMs: 60_000, fadeMs: 0 }],
  ])("is written %s", (text, policy) => {
    expect(parseOnDisconnect(text)).toEqual(policy);
  });

  it.each(["", "off", "20", "20@", "@5", "101@5", "fade-off@-1", "fade-off@x"])("is not written %p", (text) => {
    expect(parseOnDisconnect(text)).toBeNull();
  });
});
