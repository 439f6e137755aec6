import { describe, expect, it } from "@jest/globals";
import { readBoot } from "../../../pi-agent/reports/boot.ts";
import type { Entry } from "../../../pi-agent/reports/entry.ts";
import { ReportTimes } from "../../../pi-agent/reports/report-times.ts";
import { fakeClock } from "../../support/fake-clock.ts";

const NOON = Date.UTC(2026, 5, 1, 12);
const UNSET = Date.UTC(1970, 0, 1);

function bench(start = NOON, kept: readonly Partial<Entry>[] = []) {
  const clock = fakeClock(start);
  const boot = { id: "now", elapsed: () => 60_000 + clock.monotonic() };
  const entry = (part: Partial<Entry>): Entry => ({ number: 0, boot: "now", up: 0, at: null, text: "{}", ...part });
  const times = new ReportTimes(clock, boot, kept.map(entry));
  return {
    clock,
    times,
    make: () => entry(times.stamp()),
    timeOf: (part: Partial<Entry>) => times.timeOf(entry(part)),
  };
}

describe("the time of a report", () => {
  it("is that of its making, to the millisecond, however late it goes out", async () => {
    const { clock, times, make } = bench();
    const report = make();
    await clock.advance(3_600_000);
    clock.jump(NOON + 3_600_000 + 400);
    expect(times.timeOf(report)).toBe(NOON);
  });

  it("is corrected when the clock was set since", async () => {
    const { clock, times, make } = bench(Date.UTC(2025, 0, 1));
    const report = make();
    await clock.advance(10_000);
    clock.jump(NOON);
    expect(times.timeOf(report)).toBe(NOON - 10_000);
  });

  it("is corrected when there was no clock at all", async () => {
    const { clock, times, make } = bench(UNSET);
    const report = make();
    expect(report.at).toBeNull();
    await clock.advance(10_000);
    clock.jump(NOON);
    expect(times.timeOf(report)).toBe(NOON - 10_000);
  });

  it("is the hub's when this computer has none", async () => {
    const { clock, times, make } = bench(UNSET);
    const report = make();
    await clock.advance(10_000);
    times.hubSays(NOON);
    await clock.advance(500);
    expect(times.timeOf(report)).toBe(NOON - 10_000);
    expect(make().at).toBe(NOON + 500);
  });

  it("counts from the start of the computer, for the hub to map, while nobody knows better", async () => {
    const { clock, times, make } = bench(UNSET);
    await clock.advance(5_000);
    expect(times.timeOf(make())).toBe(65_000);
  });

  it("of an earlier start is its own", () => {
    const { timeOf } = bench(NOON, [{ boot: "old", up: 1_000, at: NOON - 90_000 }]);
    expect(timeOf({ boot: "old", up: 1_000, at: NOON - 90_000 })).toBe(NOON - 90_000);
  });

  it("of an earlier start is corrected by the last clock of that start", () => {
    const kept = [
      { boot: "old", up: 1_000, at: null },
      { boot: "old", up: 2_000, at: Date.UTC(2025, 0, 1) },
      { boot: "old", up: 11_000, at: NOON - 90_000 },
    ];
    const { timeOf } = bench(NOON, kept);
    expect(kept.map(timeOf)).toEqual([NOON - 100_000, NOON - 99_000, NOON - 90_000]);
  });

  it("of an earlier start that never had a clock is unknown", () => {
    const { timeOf } = bench(NOON, [{ boot: "old", up: 1_000, at: null }]);
    expect(timeOf({ boot: "old", up: 1_000, at: null })).toBeNull();
  });
});

describe("the start of the computer", () => {
  it("is known by the kernel's id, and its age never jumps", async () => {
    const clock = fakeClock();
    const boot = readBoot(clock);
    const before = boot.elapsed();
    await clock.advance(1_000);
    clock.jump(0);
    expect(boot.elapsed() - before).toBe(1_000);
    expect([boot.id, readBoot(clock).id]).toEqual([expect.stringMatching(/^[0-9a-f]{8}$/), boot.id]);
  });

  it("is that of the process where the kernel has no id", () => {
    expect(readBoot(fakeClock(), "/nowhere").id).toMatch(/^\d+-\d+$/);
  });
});
