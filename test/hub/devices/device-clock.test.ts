/** What the hub learns of a device's clock by its reports (protocol 1.2). */
import { beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { DeviceClock } from "../../../hub/devices/device-clock.ts";

const NOW = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

describe("the clock of a device", () => {
  let clock: DeviceClock;
  beforeEach(() => {
    clock = new DeviceClock();
  });

  it("is believed while nobody knows, and within five seconds of the hub's", () => {
    expect([clock.isOff, clock.offset]).toEqual([false, 0]);
    for (const offset of [0, 40, 4_900, -4_900]) clock.hear(NOW - offset, NOW);
    expect([clock.isOff, clock.offset]).toEqual([false, 0]);
  });

  it.each([-HOUR_MS, YEAR_MS, -6_000, 6_000])("is off when a live report is %d ms away, by the least delay", (off) => {
    clock.hear(NOW - off - 300, NOW);
    clock.hear(NOW + 1_000 - off - 20, NOW + 1_000);
    clock.hear(NOW + 2_000 - off - 900, NOW + 2_000);
    expect([clock.isOff, clock.offset]).toEqual([true, off + 20]);
  });

  it("is right again with the first report after it was set, from before or from after", () => {
    for (const off of [-HOUR_MS, YEAR_MS]) {
      clock.hear(NOW - off, NOW);
      clock.hear(NOW + 10, NOW + 50);
      expect(clock.isOff).toBe(false);
    }
  });

  it("is off at once when it goes wrong forwards, or by more than any report waits", () => {
    for (const off of [-HOUR_MS, YEAR_MS]) {
      clock.hear(NOW, NOW);
      clock.hear(NOW - off, NOW);
      expect(clock.offset).toBe(off);
    }
  });

  it("stays right while live reports that waited for the link come together", () => {
    clock.hear(NOW, NOW);
    const back = NOW + 60_000;
    for (let i = 1; i <= 60; i++) {
      clock.hear(NOW + i * 1_000, back + i * 20);
      expect(clock.isOff).toBe(false);
    }
  });

  it("is off when it was set back, once reports stay as late for five seconds", () => {
    clock.hear(NOW, NOW);
    for (let i = 0; i < 5; i++) clock.hear(NOW + i * 1_000 - HOUR_MS - 30, NOW + i * 1_000);
    expect(clock.isOff).toBe(false);
    clock.hear(NOW + 5_000 - HOUR_MS - 10, NOW + 5_000);
    expect(clock.offset).toBe(HOUR_MS + 10);
  });

  it("does not waver at the edge of what is right", () => {
    clock.hear(NOW + 5_010, NOW);
    for (let i = 1; i < 20; i++) {
      clock.hear(NOW + i * 1_000 + 5_010 - (i % 5) * 20, NOW + i * 1_000);
      expect(clock.offset).toBe(-5_010);
    }
  });

  it("learns of a batch no more than that it is not of the future", () => {
    clock.hearBatch(NOW - YEAR_MS, NOW);
    clock.hearBatch(NOW + 4_000, NOW);
    expect(clock.isOff).toBe(false);
    clock.hearBatch(NOW + HOUR_MS, NOW);
    expect(clock.offset).toBe(-HOUR_MS);
    clock.hearBatch(NOW + HOUR_MS - 60_000, NOW);
    expect(clock.offset).toBe(-HOUR_MS);
  });

  it("is believed in a batch by which what was remembered cannot be", () => {
    clock.hear(NOW - YEAR_MS, NOW);
    clock.hearBatch(NOW - 60_000, NOW);
    expect([clock.isOff, clock.offset]).toEqual([false, 0]);
  });

  it("never places a live report after its arrival, nor further before it than its delay and what is right", () => {
    const report = fc.record({ wait: fc.integer({ min: 10, max: 5_000 }), delay: fc.integer({ min: 0, max: 4_000 }) });
    const off = fc.constantFrom(0, 3_000, -3_000, 6_000, -6_000, HOUR_MS, -HOUR_MS, YEAR_MS);
    fc.assert(
      fc.property(off, fc.array(report, { minLength: 1, maxLength: 50 }), (offset, reports) => {
        const one = new DeviceClock();
        let measured = NOW;
        for (const { wait, delay } of reports) {
          measured += wait;
          one.hear(measured - offset, measured + delay);
          const placed = measured - offset + one.offset;
          expect(placed).toBeLessThanOrEqual(measured + delay + (one.isOff ? 0 : 5_000));
          expect(placed).toBeGreaterThanOrEqual(measured - 5_000);
        }
      }),
    );
  });
});
