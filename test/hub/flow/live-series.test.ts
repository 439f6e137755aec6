/** What is told of series that are watched, turn by turn. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { LIMITS } from "../../../hub/base/limits.ts";
import { LiveSeries } from "../../../hub/flow/live-series.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";

describe("a series that is watched", () => {
  let clock: FakeClock;
  let live: LiveSeries;
  let told: number[][];
  const listen = (samples: Float64Array): void => void told.push([...samples]);
  const put = (value: number | boolean, at: number, deviceTime?: number): void =>
    live.put({ device: "lab", property: "light", value, at, ...(deviceTime !== undefined && { deviceTime }) });

  beforeEach(() => {
    clock = fakeClock();
    live = new LiveSeries(clock);
    told = [];
  });

  it("is told at the end of a turn, all samples together", async () => {
    live.watch("lab", "light", listen);
    const now = clock.now();
    put(1, now);
    put(true, now + 20);
    expect(told).toEqual([]);
    await clock.advance(LIMITS.plotTurnMs);
    expect(told).toEqual([[now, 1, now + 20, 1]]);
    await clock.advance(1_000);
    expect(told).toHaveLength(1);
  });

  it("is told by the device's own time where that is one of day, as the history keeps it", async () => {
    live.watch("lab", "light", listen);
    const now = clock.now();
    put(1, now, now - 7);
    put(2, now, 12_345);
    await clock.advance(LIMITS.plotTurnMs);
    expect(told).toEqual([[now - 7, 1, now, 2]]);
  });

  it("is told by the hub's time where the device's clock is off", async () => {
    live.watch("lab", "light", listen);
    const now = clock.now();
    live.put({ device: "lab", property: "light", value: 1, at: now, deviceTime: now + 3_600_000, clock: "off" });
    await clock.advance(LIMITS.plotTurnMs);
    expect(told).toEqual([[now, 1]]);
  });

  it("is made once for all who watch, at most eight samples a turn, extremes among them", async () => {
    const others: Float64Array[] = [];
    const firsts: Float64Array[] = [];
    live.watch("lab", "light", (samples) => void firsts.push(samples));
    live.watch("lab", "light", (samples) => void others.push(samples));
    const start = Math.ceil(clock.now() / LIMITS.plotTurnMs) * LIMITS.plotTurnMs;
    for (let i = 0; i < 50; i++) put(i === 33 ? -1_000 : i, start + i);
    await clock.advance(LIMITS.plotTurnMs);
    expect(firsts[0]).toBe(others[0]);
    expect((firsts[0]?.length ?? 0) / 2).toBeLessThanOrEqual(8);
    expect(firsts[0]).toContain(-1_000);
    expect(firsts[0]).toContain(49);
  });

  it("keeps no more than fits, however much comes in a turn", async () => {
    live.watch("lab", "light", listen);
    for (let i = 0; i < 100_000; i++) put(i === 777 ? -5 : i % 100, clock.now() + i);
    await clock.advance(LIMITS.plotTurnMs);
    expect(told[0]?.length).toBeLessThan(2 * (LIMITS.plotTurnSamples + 2 * LIMITS.plotPending));
    expect(told[0]).toContain(-5);
  });

  it("costs nothing when nobody watches any more, also for what was gathered", async () => {
    const end = live.watch("lab", "light", listen);
    expect(live.isWatched("lab")).toBe(true);
    put(1, clock.now());
    end();
    end();
    expect(live.isWatched("lab")).toBe(false);
    await clock.advance(1_000);
    expect(told).toEqual([]);
  });

  it("may be left and watched anew in one turn", async () => {
    live.watch("lab", "light", listen)();
    live.watch("lab", "light", listen);
    put(1, clock.now());
    await clock.advance(LIMITS.plotTurnMs);
    expect(told).toHaveLength(1);
  });

  it("is not told what cannot be kept, or belongs to another", async () => {
    live.watch("lab", "light", listen);
    put(Number.NaN, clock.now());
    live.put({ device: "lab", property: "sound", value: 1, at: clock.now() });
    live.put({ device: "hall", property: "light", value: 1, at: clock.now() });
    await clock.advance(1_000);
    expect(told).toEqual([]);
  });
});
