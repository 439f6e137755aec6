import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Said } from "#protocol/dashboard-events.ts";
import { stripOf } from "../../web/model/beats.ts";
import {
  formatBeat,
  formatBytes,
  formatDuration,
  formatMoment,
  formatName,
  formatNumber,
  formatShare,
  formatUnit,
} from "../../web/model/format.ts";
import { ALL, missedBefore, passes } from "../../web/model/message-filter.ts";
import { qualityOf } from "../../web/model/quality.ts";
import { fraction, keyTarget, onStep, rangeOf } from "../../web/model/range.ts";
import { createTrends, trendPath } from "../../web/model/trend.ts";

describe("range", () => {
  const percent = rangeOf(0, 100, false);

  it("steps by 1, and finer where 1 would be coarse", () => {
    expect([percent.step, rangeOf(0, 1, false).step, rangeOf(0, 1023, false).step, rangeOf(0, 3, true).step]).toEqual([
      1, 0.01, 1, 1,
    ]);
  });

  it("goes a step by arrow, ten by page, to the ends by Home and End, and nowhere by other keys", () => {
    const keys = ["ArrowRight", "ArrowDown", "PageUp", "PageDown", "Home", "End", "a"];
    expect(keys.map((key) => keyTarget(percent, key, 50))).toEqual([51, 49, 60, 40, 0, 100, null]);
  });

  it("reaches every end and leaves no dust of floating point", () => {
    expect(onStep(rangeOf(0, 1, false), 0.1 + 0.2)).toBe(0.3);
    fc.assert(
      fc.property(
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
        (min, span, value) => {
          const range = rangeOf(min, min + span, false);
          const stepped = onStep(range, value);
          expect(stepped).toBeGreaterThanOrEqual(min);
          expect(stepped).toBeLessThanOrEqual(min + span);
          expect(onStep(range, stepped)).toBe(stepped);
          expect(fraction(range, stepped)).toBeCloseTo((stepped - min) / span);
        },
      ),
    );
  });
});

describe("figures", () => {
  it("shows numbers with the digits that matter", () => {
    expect([0, 37, 0.84393, 20.238, 101.325, 1013.25, -3.5, 1e-9].map(formatNumber)).toEqual([
      "0",
      "37",
      "0.844",
      "20.24",
      "101.3",
      "1013",
      "−3.5",
      "1.00e-9",
    ]);
  });

  it("shows ages, sizes, units and names as people read them", () => {
    expect([400, 59_000, 180_000, 7_300_000, 4e8].map(formatDuration)).toEqual(["0 s", "59 s", "3 min", "2 h", "5 d"]);
    expect([0, 512, 23_400, 1.83e9].map(formatBytes)).toEqual(["0 B", "512 B", "23.4 kB", "1.8 GB"]);
    expect([formatUnit("percent"), formatUnit("lm"), formatUnit(undefined)]).toEqual(["%", "lm", ""]);
    expect([formatName("maxPower"), formatName("soil_moisture"), formatName("x"), formatName("_")]).toEqual([
      "Max power",
      "Soil moisture",
      "X",
      "_",
    ]);
  });
});

describe("figures of one device", () => {
  it("shows a beat to a tenth while it is short", () => {
    expect([1003, 3250, 60_000, 600_000].map(formatBeat)).toEqual(["1.0 s", "3.3 s", "60 s", "10 min"]);
  });

  it("never rounds a part of the time up to all or down to nothing", () => {
    expect([1, 0.99999, 0.9934, 0.5, 0.0004, 0].map(formatShare)).toEqual([
      "100 %",
      "99.9 %",
      "99.3 %",
      "50 %",
      "<0.1 %",
      "0 %",
    ]);
  });

  it("shows the time of today, and the date of other days", () => {
    const noon = new Date(2026, 10, 21, 12, 0, 5).getTime();
    expect(formatMoment(noon, noon + 60_000)).toBe("12:00:05");
    expect(formatMoment(noon, noon + 86_400_000)).toBe("21 Nov, 12:00");
  });

  it("has a word for each strength of signal", () => {
    expect([-40, -65, -75, -90].map(qualityOf)).toEqual(["strong", "good", "weak", "poor"]);
  });
});

describe("beat strip", () => {
  it("places each beat, the newest at the right", () => {
    const { ticks, gaps } = stripOf([8000, 9000, 10_000], 1000, 10_000);
    expect(ticks.at(-1)).toBe(1);
    expect(ticks).toHaveLength(3);
    expect(gaps).toEqual([]);
  });

  it("spans as many beats as it has room for", () => {
    expect(stripOf([0, 10_000], 10_000, 10_000).windowMs).toBe(240_000);
    expect(stripOf([0, 10_000], 10_000, 10_000, 38).windowMs).toBe(380_000);
    expect(stripOf([], null, 0).windowMs).toBeNull();
  });

  it("shows a gap between beats, and one that is still open", () => {
    const { gaps } = stripOf([1000, 2000, 6000, 7000], 1000, 12_000);
    expect(gaps).toHaveLength(2);
    expect(gaps[1]?.[1]).toBe(1);
  });

  it("shows no gap for a beat with 20 % jitter", () => {
    expect(stripOf([1000, 2200, 3000, 4200], 1000, 5000).gaps).toEqual([]);
  });

  it("takes the middle interval for a device whose beat is not known", () => {
    expect(stripOf([0, 5000, 10_000, 30_000], null, 30_000).gaps).toHaveLength(1);
  });
});

describe("trend", () => {
  it("keeps a minute of a fast sensor, one point a second, fields apart", () => {
    const trends = createTrends();
    for (let at = 0; at < 90_000; at += 100) trends.add({ x: at, y: 1 }, at);
    expect(trends.points("x")).toHaveLength(60);
    expect(trends.points("x").at(-1)).toBe(89_900);
    expect(trends.points("")).toEqual([]);
  });

  it("draws from the lowest to the highest, and a flat line in the middle", () => {
    expect(trendPath([1, 3], 10, 4)).toBe("M0.0 4.0L10.0 0.0");
    expect(trendPath([2, 2], 10, 4)).toBe("M0.0 2.0L10.0 2.0");
    expect(trendPath([2], 10, 4)).toBe("");
  });

  it("draws the largest numbers there are", () => {
    expect(trendPath([-1.7e308, 0, 1.7e308], 10, 4)).toBe("M0.0 4.0L5.0 2.0L10.0 0.0");
  });
});

describe("message filter", () => {
  const said: Said = { seq: 7, at: 0, from: "esp", to: ["lobby"], kind: "heartbeat", text: "SOS" };

  it("passes by sender or receiver, room, kind and part of the text", () => {
    expect(passes(ALL, said)).toBe(true);
    expect(passes({ ...ALL, device: "esp" }, said)).toBe(true);
    expect(passes({ ...ALL, device: "pi" }, { ...said, to: ["pi"] })).toBe(true);
    expect(passes({ ...ALL, device: "pi" }, said)).toBe(false);
    expect(passes({ ...ALL, room: "lab" }, said)).toBe(false);
    expect(passes({ ...ALL, hidden: new Set(["heartbeat"]) }, said)).toBe(false);
    expect(passes({ ...ALL, text: "so" }, said)).toBe(true);
    expect(passes({ ...ALL, text: "hello" }, said)).toBe(false);
  });

  it("counts what the hub dropped", () => {
    expect(missedBefore(said, { ...said, seq: 6 })).toBe(0);
    expect(missedBefore(said, { ...said, seq: 3 })).toBe(3);
    expect(missedBefore(said, undefined)).toBe(0);
  });
});
