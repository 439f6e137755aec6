import { describe, expect, it } from "@jest/globals";
import { BRIGHTNESS } from "../../pi-agent/lamp.ts";
import { readSet } from "../../pi-agent/set-frame.ts";

const PROPERTIES = new Map([
  ["brightness", BRIGHTNESS],
  ["lamp", BRIGHTNESS],
]);
const read = (frame: unknown) => readSet(frame, PROPERTIES);

describe("a set frame", () => {
  it("has values of several outputs and a transition beside them", () => {
    expect(read({ brightness: 37, lamp: 0, transition: 500 })).toEqual({
      values: { brightness: 37, lamp: 0 },
      transitionMs: 500,
    });
  });

  it("may have no transition", () => {
    expect(read({ lamp: 100 })).toEqual({ values: { lamp: 100 }, transitionMs: undefined });
  });

  it.each([
    [null, "BAD_REQUEST", /object/],
    [[37], "BAD_REQUEST", /object/],
    ["37", "BAD_REQUEST", /object/],
    [{ brightness: 101 }, "INVALID_VALUE", /^brightness must be at most 100\.$/],
    [{ brightness: -1 }, "INVALID_VALUE", /^brightness must be at least 0\.$/],
    [{ brightness: "37" }, "INVALID_VALUE", /^brightness must be a number\.$/],
    [{ brightness: null }, "INVALID_VALUE", /^brightness must be a number\.$/],
    [{ brightness: Number.NaN }, "INVALID_VALUE", /^brightness must be a finite number\.$/],
    [{ brightness: 5, transition: -1 }, "INVALID_VALUE", /^transition/],
    [{ brightness: 5, transition: "fast" }, "INVALID_VALUE", /^transition/],
    [{ colour: 5 }, "NO_PROPERTY", /colour/],
    [{ brightness: 5, toString: 5 }, "NO_PROPERTY", /toString/],
  ])("%j is refused as a whole: %s", (frame, code, message) => {
    expect(read(frame)).toEqual({ error: { code, message: expect.stringMatching(message) } });
  });
});
