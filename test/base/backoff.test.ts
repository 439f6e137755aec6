/** How long to wait before the next try. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createBackoff } from "#base/backoff.ts";

describe("a back-off", () => {
  it("doubles up to its longest wait", () => {
    const backoff = createBackoff(100, 1_000, () => 0.999999);
    expect(Array.from({ length: 6 }, () => backoff.next())).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  it("starts from the beginning after a success", () => {
    const backoff = createBackoff(100, 1_000, () => 0.999999);
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).toBe(100);
  });

  it("waits between half and the whole of each step, whatever the dice say", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(20), (dice, tries) => {
        const backoff = createBackoff(250, 30_000, () => dice);
        for (let i = 0; i < tries; i++) {
          const step = Math.min(250 * 2 ** i, 30_000);
          const wait = backoff.next();
          expect(wait).toBeGreaterThanOrEqual(step / 2);
          expect(wait).toBeLessThanOrEqual(step);
        }
      }),
    );
  });

  it("tells devices apart that start together", () => {
    const waits = new Set(Array.from({ length: 20 }, () => createBackoff(100_000, 100_000).next()));
    expect(waits.size).toBeGreaterThan(10);
  });
});
