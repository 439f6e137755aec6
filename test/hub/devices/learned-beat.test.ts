/** The learned beat against bursts, hiccups and reports that merely happen (protocol 6.1). */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type BeatKind, declaredBeat, type LearnedBeat, taughtBeat } from "../../../hub/devices/learned-beat.ts";

const SEED = 20_260_101;

/** The beat after these intervals, in ms. */
function taught(intervals: readonly number[], kind: BeatKind = "heartbeat", from: LearnedBeat | null = null) {
  let now = from?.lastAt ?? 0;
  let beat = from ?? taughtBeat(null, now, kind);
  for (const interval of intervals) {
    now += interval;
    beat = taughtBeat(beat, now, kind);
  }
  return beat;
}

const times = (count: number, ms: number): number[] => Array<number>(count).fill(ms);

describe("a learned beat", () => {
  it("is unknown after one interval, and known after two alike, or three of reports", () => {
    expect(taught([1_000]).meanMs).toBe(0);
    expect(taught([1_000, 1_100]).meanMs).toBe(1_050);
    expect(taught([1_000, 1_000], "report").meanMs).toBe(0);
    expect(taught([1_000, 1_000, 1_000], "report").meanMs).toBe(1_000);
  });

  it("stays the same through a burst of any size and a lost beat", () => {
    const fault = fc.record({ beatMs: fc.constantFrom(1_000, 3_250, 60_000), burst: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(fault, fc.integer({ min: 0, max: 2 }), ({ beatMs, burst }, lost) => {
        const intervals = [...times(burst, 2), beatMs - 2 * burst, beatMs * (1 + lost), beatMs];
        expect(taught(intervals, "heartbeat", taught(times(5, beatMs))).meanMs).toBeCloseTo(beatMs, -2);
      }),
      { seed: SEED },
    );
  });

  it("is another after three intervals that are alike, slower or faster", () => {
    const slower = taught(times(3, 60_000), "heartbeat", taught(times(20, 1_000)));
    expect(slower.meanMs).toBe(60_000);
    expect(taught(times(3, 1_000), "heartbeat", slower).meanMs).toBe(1_000);
    expect(taught(times(12, 100), "heartbeat", taught(times(20, 1_000))).meanMs).toBe(100);
  });

  it("keeps what it learned when the same is declared again, and starts anew with another", () => {
    const learned = taught(times(4, 90_000), "heartbeat", declaredBeat(null, 30_000));
    expect(learned.meanMs).toBe(90_000);
    expect(declaredBeat(learned, 30_000)).toBe(learned);
    expect(declaredBeat(learned, 10_000).meanMs).toBe(10_000);
  });

  it("lies within the jitter of what it was taught, and its jitter within a quarter", () => {
    const part = fc.double({ min: 0.8, max: 1.2, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 500, max: 60_000 }),
        fc.array(part, { minLength: 2, maxLength: 200 }),
        (ms, parts) => {
          const { meanMs, jitterMs } = taught(parts.map((one) => one * ms));
          expect(meanMs).toBeGreaterThanOrEqual(0.8 * ms - 1);
          expect(meanMs).toBeLessThanOrEqual(1.2 * ms + 1);
          expect(jitterMs).toBeLessThanOrEqual(0.25 * meanMs + 1e-6);
        },
      ),
      { seed: SEED },
    );
  });

  it("is given up when reports come by chance after all", () => {
    const learned = taught(times(4, 10_000), "report");
    expect(taught([40_000, 900, 70_000, 3_000], "report", learned).meanMs).toBe(0);
  });
});
