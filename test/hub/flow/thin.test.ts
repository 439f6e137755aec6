import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { concat, limit, thin } from "../../../hub/flow/thin.ts";

const of = (...pairs: ReadonlyArray<readonly [number, number]>): Float64Array => Float64Array.from(pairs.flat());
const pairs = (samples: Float64Array): Array<[number, number]> =>
  Array.from({ length: samples.length / 2 }, (_, i) => [samples[2 * i] ?? 0, samples[2 * i + 1] ?? 0]);

describe("thinned samples", () => {
  it("are all of them where a stretch has two or fewer", () => {
    const few = of([0, 5], [3, 1], [10, 2], [25, 4]);
    expect(thin(few, 10)).toEqual(few);
    expect(thin(of(), 10)).toEqual(of());
  });

  it("are the lowest and the highest of each stretch, in the order of their times", () => {
    expect(thin(of([0, 5], [2, 9], [4, 1], [9, 3], [10, 7], [11, 7], [12, 7]), 10)).toEqual(
      of([2, 9], [4, 1], [10, 7], [12, 7]),
    );
  });

  it("are sorted, also where a batch of old ones came after newer ones", () => {
    expect(thin(of([30, 1], [10, 2], [20, 3]), 1)).toEqual(of([10, 2], [20, 3], [30, 1]));
  });

  const samples = fc.array(fc.tuple(fc.nat(10_000), fc.integer({ min: -99, max: 99 })), { minLength: 1 });

  it("keep the extremes, and add nothing that was not there", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 2_000 }), (given, width) => {
        const kept = pairs(thin(of(...given), width));
        const values = given.map(([, value]) => value);
        expect(Math.min(...kept.map(([, value]) => value))).toBe(Math.min(...values));
        expect(Math.max(...kept.map(([, value]) => value))).toBe(Math.max(...values));
        for (const pair of kept) expect(given).toContainEqual(pair);
        expect(kept.map(([time]) => time)).toEqual(kept.map(([time]) => time).sort((a, b) => a - b));
      }),
    );
  });

  it("are no more than the limit, but for the edges of its stretches", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 2, max: 50 }), (given, most) => {
        expect(limit(of(...given), most).length / 2).toBeLessThanOrEqual(Math.max(most + 2, 4));
      }),
    );
  });

  it("of one moment are its extremes", () => {
    expect(limit(of([5, 3], [5, 1], [5, 2], [5, 9]), 2)).toEqual(of([5, 1], [5, 9]));
  });

  it("are put together in their order", () => {
    expect(concat([of([1, 2]), of(), of([3, 4])])).toEqual(of([1, 2], [3, 4]));
  });
});
