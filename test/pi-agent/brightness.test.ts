import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { levelOfStep, lightness, luminance, type PowerLimits, stepOfLevel } from "../../pi-agent/brightness.ts";

const FULL: PowerLimits = { minPower: 0, maxPower: 1 };
const level = fc.double({ min: 0, max: 100, noNaN: true });
const steps = fc.integer({ min: 1, max: 40_000 });
const limits = fc
  .tuple(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }))
  .map(([min, gap]): PowerLimits => ({ minPower: min, maxPower: min + gap * (1 - min) }));

describe("brightness", () => {
  it.each([
    [0, 0],
    [8, 0.008856],
    [50, 0.184187],
    [100, 1],
  ])("%d is the CIE 1931 luminance %d", (lightness, expected) => {
    expect(luminance(lightness)).toBeCloseTo(expected, 6);
  });

  it("is read back from its luminance", () => {
    fc.assert(fc.property(level, (l) => expect(lightness(luminance(l))).toBeCloseTo(l, 6)));
  });

  it("never makes a light darker when it rises", () => {
    fc.assert(
      fc.property(level, level, steps, limits, (a, b, n, between) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(stepOfLevel(low, n, between)).toBeLessThanOrEqual(stepOfLevel(high, n, between));
      }),
    );
  });

  it("above 0 gets at least one step, and none gets more than there are", () => {
    fc.assert(
      fc.property(level, steps, limits, (l, n, between) => {
        const step = stepOfLevel(l, n, between);
        expect(Number.isInteger(step)).toBe(true);
        expect(step).toBeGreaterThanOrEqual(l > 0 ? 1 : 0);
        expect(step).toBeLessThanOrEqual(n);
        if (l === 0) expect(step).toBe(0);
      }),
    );
  });

  it("stays between the least and the greatest power", () => {
    fc.assert(
      fc.property(level, steps, limits, (l, n, between) => {
        fc.pre(l > 0);
        const step = stepOfLevel(l, n, between);
        expect(step).toBeGreaterThanOrEqual(Math.min(Math.floor(between.minPower * n), n));
        expect(step).toBeLessThanOrEqual(Math.max(Math.ceil(between.maxPower * n), 1));
      }),
    );
  });

  it("found on an output is one that gives the same step, whatever the powers", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), limits, (l, between) => {
        const step = stepOfLevel(l, 250, between);
        expect(stepOfLevel(levelOfStep(step, 250, between), 250, between)).toBe(step);
      }),
    );
  });

  it.each([
    [0, 0],
    [1, 4],
    [24, 37],
    [250, 100],
  ])("of a light found at step %d of 250 is %d", (step, level) => {
    expect(levelOfStep(step, 250, FULL)).toBe(level);
  });
});
