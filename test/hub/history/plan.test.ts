import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { planAnswer } from "../../../hub/history/plan.ts";
import { PERIODS_MS } from "../../../hub/history/roll-ups.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 5, 1);
const ALL = { horizons: [0, 0, 0, 0], kept: [] };
const MANY = 10_000_000;

function levels(from: number, to: number, samples: number, coverage = ALL): readonly number[] {
  return planAnswer({ from, to, points: 1000, samples }, coverage).map(({ level }) => level);
}

describe("the plan of an answer", () => {
  it("takes raw samples while they are few, and the coarsest roll-up that is fine enough where they are many", () => {
    expect(levels(NOW - 365 * 24 * HOUR, NOW, 1000)).toEqual([0]);
    expect(levels(NOW - 365 * 24 * HOUR, NOW, MANY)).toEqual([3]);
    expect(levels(NOW - 30 * 24 * HOUR, NOW, MANY)).toEqual([2]);
    expect(levels(NOW - 24 * HOUR, NOW, MANY)).toEqual([1]);
    expect(levels(NOW - HOUR, NOW, MANY)).toEqual([0]);
  });

  it("takes coarser ones for what is no longer there in detail, and raw ones that a recording kept", () => {
    const horizons = [NOW - 7 * 24 * HOUR, NOW - 30 * 24 * HOUR, 0, 0];
    expect(levels(NOW - 60 * 24 * HOUR, NOW, 1000, { horizons, kept: [] })).toEqual([2, 1, 0]);
    const kept = [{ from: NOW - 40 * 24 * HOUR, to: NOW - 39 * 24 * HOUR }];
    expect(levels(NOW - 60 * 24 * HOUR, NOW, 1000, { horizons, kept } as never)).toEqual([2, 0, 2, 1, 0]);
  });

  it("has never more buckets of one kind than points, in whole periods, and leaves nothing out", () => {
    const time = fc.integer({ min: NOW - 1000 * 24 * HOUR, max: NOW });
    const range = fc.tuple(time, fc.integer({ min: 1, max: 400 * 24 * HOUR }));
    fc.assert(
      fc.property(range, fc.integer({ min: 1, max: 2000 }), fc.boolean(), ([from, span], points, isMuch) => {
        const samples = isMuch ? MANY : 10;
        const segments = planAnswer({ from, to: from + span, points, samples }, ALL);
        expect(segments).toHaveLength(1);
        for (const segment of segments) {
          const period = PERIODS_MS[segment.level] ?? 0;
          expect(segment.from).toBeLessThanOrEqual(from);
          expect(segment.to).toBe(from + span);
          expect(Math.ceil((segment.to - segment.from) / segment.width - 1e-6)).toBeLessThanOrEqual(points);
          if (period > 0) expect([segment.from % period, segment.width % period]).toEqual([0, 0]);
        }
      }),
    );
  });
});
