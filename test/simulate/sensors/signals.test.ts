import { describe, expect, it } from "@jest/globals";
import { valueFault } from "#protocol/values.ts";
import { SENSOR_KINDS } from "../../../simulate/sensors/kinds.ts";
import { seedOf } from "../../../simulate/sensors/noise.ts";
import { createAcceleration, createClimate, createRandomLevel } from "../../../simulate/sensors/signals.ts";

const START = Date.UTC(2026, 0, 1);

/** Times from `START`. */
function times(count: number, stepMs: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => START + i * stepMs);
}

function accelOf(id: string): (time: number) => { x: number; y: number; z: number } {
  const signal = createAcceleration(seedOf(id));
  return (time) => signal(time).accel as { x: number; y: number; z: number };
}

describe.each(Object.entries(SENSOR_KINDS))("the signal of %s", (_kind, kind) => {
  const signal = kind.createSignal(seedOf("a-1"));

  it("is a function of time alone", () => {
    const again = kind.createSignal(seedOf("a-1"));
    const moments = times(500, 1234.567);
    expect([...moments].reverse().map(again)).toEqual(moments.map(signal).reverse());
  });

  it("is a device's own", () => {
    const other = kind.createSignal(seedOf("a-2"));
    expect(times(20, 997).map(other)).not.toEqual(times(20, 997).map(signal));
  });

  it("is what the kind declares, read-only", () => {
    const declared = Object.entries(kind.properties);
    expect(declared.every(([, { readOnly }]) => readOnly)).toBe(true);
    for (const values of times(3000, 997).map(signal)) {
      expect(Object.keys(values)).toEqual(declared.map(([name]) => name));
      for (const [name, property] of declared) expect(valueFault(property, values[name] ?? "")).toBeNull();
    }
  });
});

describe("an accelerometer", () => {
  const lengthAt = (id: string) => {
    const accel = accelOf(id);
    return (time: number): number => {
      const { x, y, z } = accel(time);
      return Math.hypot(x, y, z);
    };
  };

  it("rests at gravity most of the time, with a little noise", () => {
    const lengths = times(30_000, 10).map(lengthAt("a-1"));
    const resting = lengths.filter((length) => Math.abs(length - 9.81) < 0.1);
    expect(resting.length / lengths.length).toBeGreaterThan(0.7);
    expect(new Set(resting).size).toBeGreaterThan(50);
  });

  it("is shaken now and then, each device at times of its own", () => {
    const shaken = (id: string): string => {
      const accel = accelOf(id);
      const seconds = times(6_000, 10).flatMap((time, i) => (Math.abs(accel(time).x) > 4 ? [Math.floor(i / 100)] : []));
      return [...new Set(seconds)].join();
    };
    const all = ["a-1", "a-2", "a-3", "a-4"].map(shaken);
    expect(all.every((seconds) => seconds !== "")).toBe(true);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("a thermometer", () => {
  it("goes slowly up and down around 21 °C in ten minutes", () => {
    const signal = createClimate(seedOf("t-1"));
    const degrees = times(600, 1000).map((time) => Number(signal(time).temperature));
    const mean = degrees.reduce((sum, degree) => sum + degree, 0) / degrees.length;
    expect(mean).toBeGreaterThan(20.5);
    expect(mean).toBeLessThan(21.5);
    expect(Math.max(...degrees) - Math.min(...degrees)).toBeGreaterThan(3);
    const steps = degrees.slice(1).map((degree, i) => Math.abs(degree - (degrees[i] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(0.15);
  });
});

describe("noise", () => {
  it("walks within bounds, and is white in the small", () => {
    const signal = createRandomLevel(seedOf("n-1"));
    const levels = times(6_000, 100).map((time) => Number(signal(time).level));
    expect(Math.max(...levels.map(Math.abs))).toBeLessThan(1.3);
    expect(Math.max(...levels) - Math.min(...levels)).toBeGreaterThan(0.7);
    expect(new Set(levels.slice(0, 100)).size).toBeGreaterThan(60);
  });
});
