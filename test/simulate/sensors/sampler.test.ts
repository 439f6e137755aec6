import { describe, expect, it } from "@jest/globals";
import type { Clock } from "#base/clock.ts";
import { Sampler } from "../../../simulate/sensors/sampler.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";

const START = Date.UTC(2026, 0, 1);

/** Timers fire `late` ms after they were due, and never within less than a millisecond. */
function coarse(clock: FakeClock, late: () => number): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (ms, run) => clock.after(Math.max(1, Math.round(ms)) + late(), run),
    every: (ms, run) => clock.every(ms, run),
  };
}

function start(intervalMs: number, late: () => number = () => 0) {
  const clock = fakeClock(START);
  const calls: { readonly times: readonly number[]; readonly isStalled: boolean }[] = [];
  const onDue = (times: readonly number[], isStalled: boolean): void => void calls.push({ times, isStalled });
  const sampler = new Sampler({ clock: coarse(clock, late), intervalMs, onDue });
  sampler.start();
  const times = (): readonly number[] => calls.flatMap((call) => call.times.map((time) => time - START));
  return { clock, sampler, calls, times };
}

function steps(times: readonly number[]): readonly number[] {
  return times.slice(1).map((time, i) => Math.round((time - (times[i] ?? 0)) * 1000) / 1000);
}

describe("the sampler", () => {
  it.each([
    [1000, 1],
    [100, 10],
    [10, 100],
    [1, 1000],
  ])("measures %i times a second on average, though timers are late", async (rateHz, intervalMs) => {
    let turn = 0;
    const { clock, times } = start(intervalMs, () => (turn++ % 3) * 4);
    await clock.advance(3_000);
    expect(times().length).toBeGreaterThanOrEqual(3 * rateHz - 18 / intervalMs);
    expect(times().length).toBeLessThanOrEqual(3 * rateHz + 1);
    expect(new Set(steps(times()))).toEqual(new Set([intervalMs]));
  });

  it("tells thirds of a millisecond apart", async () => {
    const { clock, times } = start(1000 / 300);
    await clock.advance(100);
    expect(times().slice(0, 4)).toEqual([0, 3.333, 6.667, 10].map((ms) => expect.closeTo(ms, 2)));
  });

  it("says that samples are late after a stall of more than a second, and goes on", async () => {
    let late = 0;
    const { clock, calls, times } = start(10, () => late);
    await clock.advance(100);
    late = 3_000;
    await clock.advance(20);
    late = 0;
    await clock.advance(3_100);
    const stalled = calls.filter(({ isStalled }) => isStalled);
    expect(stalled).toHaveLength(1);
    expect(stalled[0]?.times.length).toBeGreaterThan(290);
    expect(new Set(steps(times()))).toEqual(new Set([10]));
  });

  it("makes up for no more than a ring holds", async () => {
    const { clock, calls } = start(1, () => 1_000_000);
    await clock.advance(1_100_000);
    expect(calls.map(({ times }) => times.length)).toEqual([100_000]);
  });

  it("has no pause at a change of its interval that is longer than either", async () => {
    const { clock, sampler, times } = start(100);
    await clock.advance(1_055);
    sampler.setInterval(20);
    await clock.advance(205);
    sampler.setInterval(500);
    await clock.advance(2_000);
    const all = steps(times());
    expect(all.slice(0, 10)).toEqual(Array(10).fill(100));
    expect(all[10]).toBe(55);
    expect(all.slice(11, 21)).toEqual(Array(10).fill(20));
    expect(new Set(all.slice(21))).toEqual(new Set([500]));
  });

  it("goes on from the new time when the clock was set", async () => {
    const { clock, times } = start(100);
    await clock.advance(500);
    clock.jump(START + 3_600_000);
    await clock.advance(1_000);
    const [before, after] = [times().filter((time) => time < 1e6), times().filter((time) => time >= 3_600_000)];
    expect(before).toHaveLength(6);
    expect(after.length).toBeGreaterThanOrEqual(9);
    expect(times()).toHaveLength(before.length + after.length);
  });

  it("says nothing more when it was stopped", async () => {
    const { clock, sampler, calls } = start(10);
    await clock.advance(50);
    sampler.stop();
    const { length } = calls;
    await clock.advance(50);
    expect(calls).toHaveLength(length);
    expect(clock.timers).toBe(0);
  });
});
