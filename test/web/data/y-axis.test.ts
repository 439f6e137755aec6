import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { nameFigure, nameYTicks, roomFor, yTicks } from "../../../web/data/model/y-axis.ts";

const names = (low: number, high: number): readonly string[] => nameYTicks(yTicks(low, high, 5));

describe("the height of a plot", () => {
  it("has a little room above and below, and a flat line in the middle", () => {
    expect(roomFor([0, 100])).toEqual([-8, 108]);
    expect(roomFor([2, 2])).toEqual([1.5, 2.5]);
    expect(roomFor([1000, 1000])).toEqual([950, 1050]);
    expect(roomFor([1e-6, 1e-6])).toEqual([0.5e-6, 1.5e-6]);
    expect(roomFor([1e15, 1e15 + 0.25])).toEqual([9.5e14, expect.closeTo(1.05e15, -2)]);
    expect(roomFor(null)).toEqual([0, 1]);
  });
});

describe("the ticks of a height", () => {
  it.each<[number, number, readonly string[]]>([
    [-1.2, 1.2, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]],
    [20.01, 20.06, ["20.01", "20.02", "20.03", "20.04", "20.05", "20.06"]],
    [1013.2, 1013.3, ["1013.20", "1013.22", "1013.24", "1013.26", "1013.28", "1013.30"]],
    [-5, 69, ["0", "20", "40", "60"]],
    [0, 25_000, ["0", "5000", "10000", "15000", "20000", "25000"]],
    [0, 2.5e9, ["0", "0.5e9", "1.0e9", "1.5e9", "2.0e9", "2.5e9"]],
    [-8e-7, 8e-7, ["−5e−7", "0", "5e−7"]],
    [1_234_567, 1_234_571, ["1234567", "1234568", "1234569", "1234570", "1234571"]],
    [-8e307, 8e307, ["−5e307", "0", "5e307"]],
  ])("from %d to %d are named apart, with the same decimals", (low, high, expected) => {
    expect(names(low, high)).toEqual(expected);
  });

  it("are few, inside, ascending and named apart, wherever the height is", () => {
    const size = fc.double({ min: -7e307, max: 7e307, noNaN: true });
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [low, high] = roomFor([Math.min(a, b), Math.max(a, b)]);
        const ticks = yTicks(low, high, 5);
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks.length).toBeLessThanOrEqual(10);
        const slack = (high - low) * 1e-6;
        for (const tick of ticks) expect(tick >= low - slack && tick <= high + slack).toBe(true);
        expect(new Set(nameYTicks(ticks)).size).toBe(ticks.length);
        expect(nameYTicks(ticks).join()).not.toMatch(/NaN|Infinity/);
      }),
    );
  });
});

describe("a figure beside a plot", () => {
  it.each<[number, number, string]>([
    [1013.25, 0, "1013.25"],
    [1013.25, 5, "1013.25"],
    [-273.15, 600, "−273.15"],
    [0.1 + 0.2, 1, "0.3"],
    [20.123456789, 1e-5, "20.12345679"],
    [101_325.25, 0.5, "101325.25"],
    [1_972_413_345.25, 2e9, "1972413345"],
    [0, 1, "0"],
    [1.7e308, 1e308, "1.7e308"],
    [-4.2e-7, 1e-7, "−4.2e−7"],
  ])("%d in a plot %d high is %s", (value, span, text) => {
    expect(nameFigure(value, span)).toBe(text);
  });
});
