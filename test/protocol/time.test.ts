/** Times of devices (protocol 1.2, 3.3). */
import { describe, expect, it } from "@jest/globals";
import { epochMs, isCounter } from "#protocol/time.ts";

describe("a device's time", () => {
  it.each([0, 1, 4_294_967_295, 1e11 - 1, -5])("of %d is its own counter", (time) => {
    expect(isCounter(time)).toBe(true);
  });

  it.each([1e11, 1.7e12])("of %d is an epoch time", (time) => {
    expect(isCounter(time)).toBe(false);
  });
});

describe("a number in a free report", () => {
  it("is a time in the three customs, to the millisecond", () => {
    const at = Date.UTC(2026, 5, 1, 12);
    expect(epochMs(at)).toBe(at);
    expect(epochMs(at / 1000)).toBe(at);
    expect(epochMs((at - Date.UTC(2000, 0, 1)) / 1000)).toBe(at);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 0, 5.99e8, 9.41e8, 9.99e8, 4.11e9, 9.99e11, 4.11e12])(
    "of %d is none",
    (value) => {
      expect(epochMs(value)).toBeNull();
    },
  );

  it.each([undefined, null, "1700000000", {}, true])("is none when it is %j", (value) => {
    expect(epochMs(value)).toBeNull();
  });
});
