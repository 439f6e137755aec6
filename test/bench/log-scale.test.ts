import { describe, expect, it } from "@jest/globals";
import { logScale, named } from "../../bench/charts/log-scale.ts";

describe("a logarithmic axis", () => {
  it("begins and ends with a tick around all values", () => {
    expect(logScale([3, 12], 0, 100).ticks).toEqual([2, 5, 10, 20]);
    expect(logScale([0.1, 0.3], 0, 100).ticks).toEqual([0.1, 0.2, 0.5]);
  });

  it("names only powers of ten over many decades", () => {
    expect(logScale([100, 1_000_000], 0, 100).ticks).toEqual([100, 1_000, 10_000, 100_000, 1_000_000]);
  });

  it("puts ten times as much always as far", () => {
    const { place } = logScale([1, 100], 10, 210);
    expect([1, 10, 100].map(place)).toEqual([10, 110, 210]);
  });

  it("has two ticks around a single value, and none for what is not more than nothing", () => {
    expect(logScale([5], 0, 100).ticks).toEqual([5, 10]);
    expect(logScale([0, 5], 0, 100).ticks).toEqual([5, 10]);
  });

  it("names its ticks as people write them", () => {
    expect([10_000, 50, 0.05].map(named)).toEqual(["10,000", "50", "0.05"]);
  });
});
