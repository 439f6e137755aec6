import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { PharosError } from "#protocol/errors.ts";
import { readLevel } from "../../../hub/outputs/course-level.ts";

describe("the level of a course page", () => {
  it.each<[unknown, number]>([
    [37, 37],
    ["37", 37],
    [37.25, 37.25],
    ["37.25", 37.25],
    [" 37 ", 37],
    [".5", 0.5],
    ["5.", 5],
    ["+5", 5],
    ["1e1", 10],
    ["007", 7],
    [0, 0],
    [-0, 0],
    ["-0", 0],
    [-1, 0],
    ["-0.1", 0],
    [100, 100],
    [100.1, 100],
    ["1000", 100],
    [1e308, 100],
  ])("%j is %d", (level, expected) => {
    expect(Object.is(readLevel({ level }), expected)).toBe(true);
  });

  it.each<unknown>([
    undefined,
    null,
    true,
    "",
    " ",
    "bright",
    "5 apples",
    "1,5",
    "0x10",
    "Infinity",
    "-Infinity",
    "NaN",
    "1e999",
    "--5",
    "5-",
    ".",
    "٣",
    "1".repeat(33),
    [],
    [5],
    {},
    { valueOf: 5 },
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])("%j is none", (level) => {
    expect(() => readLevel({ level })).toThrow(PharosError);
  });

  it.each<unknown>([undefined, null, 37, "37", [], [37], true, {}])("is not found in %j", (data) => {
    expect(() => readLevel(data)).toThrow(PharosError);
  });

  it("is from 0 to 100, or refused, whatever comes", () => {
    fc.assert(
      fc.property(fc.anything(), (level) => {
        try {
          const read = readLevel({ level });
          expect(read >= 0 && read <= 100).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(PharosError);
        }
      }),
    );
  });
});
