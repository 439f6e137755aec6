/** The real clock, and the one whose hands tests turn: both must keep the same contract. */
import { describe, expect, it } from "@jest/globals";
import { delay, systemClock } from "#base/clock.ts";
import { eventually } from "../support/eventually.ts";
import { fakeClock } from "../support/fake-clock.ts";

describe("the system clock", () => {
  it("tells the time of day and a time that never goes back", () => {
    const clock = systemClock();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
    const before = clock.monotonic();
    expect(clock.monotonic()).toBeGreaterThanOrEqual(before);
  });

  it("fires once after a wait, and again and again every interval until it is cancelled", async () => {
    const clock = systemClock();
    let once = 0;
    let often = 0;
    clock.after(1, () => {
      once += 1;
    });
    const timer = clock.every(1, () => {
      often += 1;
      if (often === 3) timer.cancel();
    });
    await eventually(() => often === 3);
    await delay(clock, 10);
    expect([once, often]).toEqual([1, 3]);
  });

  it("fires nothing that was cancelled, and cancels twice without harm", async () => {
    const clock = systemClock();
    let fired = 0;
    const timer = clock.after(1, () => {
      fired += 1;
    });
    timer.cancel();
    timer.cancel();
    await delay(clock, 10);
    expect(fired).toBe(0);
  });

  it("waits at least as long as it was told", async () => {
    const clock = systemClock();
    const before = clock.monotonic();
    await delay(clock, 20);
    expect(clock.monotonic() - before).toBeGreaterThanOrEqual(19);
  });
});

describe("the fake clock", () => {
  it("fires in order of time, and never early", async () => {
    const clock = fakeClock();
    const fired: string[] = [];
    clock.after(20, () => fired.push("b"));
    clock.after(10, () => fired.push("a"));
    clock.every(15, () => fired.push("e"));
    await clock.advance(9);
    expect(fired).toEqual([]);
    await clock.advance(21);
    expect(fired).toEqual(["a", "e", "b", "e"]);
  });

  it("lets a promise go on before the next timer fires", async () => {
    const clock = fakeClock();
    const seen: number[] = [];
    void delay(clock, 5).then(() => {
      seen.push(clock.monotonic());
      clock.after(5, () => seen.push(clock.monotonic()));
    });
    await clock.advance(20);
    expect(seen).toEqual([5, 10]);
  });

  it("jumps the wall clock and leaves the monotonic one", () => {
    const clock = fakeClock(1_000);
    clock.jump(5);
    expect([clock.now(), clock.monotonic()]).toEqual([5, 0]);
  });
});
