/** What every history does, whatever it writes to. Called by the test of each. */
import { describe, expect, it } from "@jest/globals";
import type { HistoryStore, Sample } from "../../hub/history/store.ts";
import type { HistoryBench } from "./history-benches.ts";
import { describeRecordings } from "./history-recording-contract.ts";

export const START = Date.UTC(2026, 0, 1);
const WHOLE = { from: 0, to: 4e12, points: 1000 };

/** One sample each second from `START`, the values by index. */
export function putSeries(store: HistoryStore, device: string, property: string, values: readonly number[]): void {
  for (const [i, value] of values.entries()) store.append({ device, property, value, at: START + i * 1000 });
}

export function describeHistory(name: string, makeBench: () => HistoryBench): void {
  describe(name, () => {
    describeSamples(makeBench);
    describeTwice(makeBench);
    describeSeries(makeBench);
    describeRecordings(makeBench);
  });
}

function describeSamples(makeBench: () => HistoryBench): void {
  it("is empty at first", async () => {
    const store = await makeBench().open();
    expect(await store.listSeries()).toEqual([]);
    expect(await store.listRecordings()).toEqual([]);
    expect(await store.query({ device: "a", property: "t", ...WHOLE })).toEqual([]);
    expect(await store.latest({ device: "a", property: "t", ms: 60_000, points: 10 })).toEqual([]);
    await store.close();
  });

  it("gives few samples back as they were put, at once and after it was closed", async () => {
    const bench = makeBench();
    const store = await bench.open();
    putSeries(store, "a", "accel.x", [1.5, -2, 0.1 + 0.2]);
    store.append({ device: "a", property: "on", value: true, at: START });
    const points = [
      [START, 1.5, 1.5, 1.5, 1.5],
      [START + 1000, -2, -2, -2, -2],
      [START + 2000, 0.1 + 0.2, 0.1 + 0.2, 0.1 + 0.2, 0.1 + 0.2],
    ];
    expect(await store.query({ device: "a", property: "accel.x", ...WHOLE })).toEqual(points);
    await store.close();
    const next = await bench.open();
    expect(await next.query({ device: "a", property: "accel.x", ...WHOLE })).toEqual(points);
    expect(await next.query({ device: "a", property: "on", ...WHOLE })).toEqual([[START, 1, 1, 1, 1]]);
    await next.close();
  });

  it("answers from `from`, which is in it, to `to`, which is not", async () => {
    const store = await makeBench().open();
    putSeries(store, "a", "t", [0, 1, 2, 3, 4]);
    const points = await store.query({ device: "a", property: "t", from: START + 1000, to: START + 3000, points: 10 });
    expect(points.map(([, , , , last]) => last)).toEqual([1, 2]);
    await store.close();
  });

  it("makes as many points as asked for at most, with the extremes of all samples", async () => {
    const store = await makeBench().open();
    const values = Array.from({ length: 3_000 }, (_, i) => i % 100);
    values[1234] = 5000;
    values[2345] = -5000;
    putSeries(store, "a", "t", values);
    for (const points of [1, 7, 100, 999]) {
      const answer = await store.query({ device: "a", property: "t", from: START, to: START + 3_000_000, points });
      expect(answer.length).toBeLessThanOrEqual(points);
      expect(answer.length).toBeGreaterThan(points * 0.9);
      expect(Math.max(...answer.map(([, , max]) => max))).toBe(5000);
      expect(Math.min(...answer.map(([, min]) => min))).toBe(-5000);
      expect(answer.at(-1)?.[4]).toBe(99);
    }
    await store.close();
  });

  it("tells of each stretch the least, the most, the mean and the last", async () => {
    const store = await makeBench().open();
    putSeries(store, "a", "t", [1, 2, 6, 10, 30, 20]);
    const points = await store.query({ device: "a", property: "t", from: START, to: START + 6000, points: 2 });
    expect(points).toEqual([
      [START, 1, 6, 3, 6],
      [START + 3000, 10, 30, 20, 20],
    ]);
    await store.close();
  });

  it("sorts what came out of order", async () => {
    const store = await makeBench().open();
    for (const i of [5, 3, 9, 1]) store.append({ device: "a", property: "t", value: i, at: START + i });
    await store.committed();
    store.append({ device: "a", property: "t", value: 4, at: START + 4 });
    const points = await store.query({ device: "a", property: "t", ...WHOLE });
    expect(points.map(([time]) => time - START)).toEqual([1, 3, 4, 5, 9]);
    await store.close();
  });

  it("shows a sample at the time of its device, but for a counter or a clock that was never set", async () => {
    const store = await makeBench().open();
    const put = (value: number, deviceTime: number): boolean =>
      store.append({ device: "a", property: "t", value, at: START + value, deviceTime });
    put(1, START - 60_000);
    put(2, 12_345);
    put(3, Date.UTC(2000, 0, 1));
    put(4, START + 30 * 86_400_000);
    const points = await store.query({ device: "a", property: "t", ...WHOLE });
    expect(points.map(([time]) => time - START)).toEqual([-60_000, 2, 3, 4]);
    await store.close();
  });

  it("shows a sample of a clock that is known to be off at the time of the hub", async () => {
    const store = await makeBench().open();
    for (const [value, off] of [3_600_000, -365 * 86_400_000, 7_000].entries()) {
      const at = START + value;
      store.append({ device: "a", property: "t", value, at, deviceTime: at + off, clock: "off" });
    }
    const points = await store.query({ device: "a", property: "t", ...WHOLE });
    expect(points.map(([time]) => time - START)).toEqual([0, 1, 2]);
    await store.close();
  });

  it("refuses what is no number or has no time, and keeps the rest", async () => {
    const store = await makeBench().open();
    const sample: Sample = { device: "a", property: "t", value: 1, at: START };
    expect(store.append({ ...sample, value: Number.NaN })).toBe(false);
    expect(store.append({ ...sample, value: Number.POSITIVE_INFINITY })).toBe(false);
    expect(store.append({ ...sample, at: Number.NaN })).toBe(false);
    expect(store.append({ ...sample, at: -5 })).toBe(false);
    expect(store.append({ ...sample, value: -0, deviceTime: Number.NaN })).toBe(true);
    expect(await store.query({ device: "a", property: "t", ...WHOLE })).toEqual([[START, 0, 0, 0, 0]]);
    await store.close();
  });

  it("gives the newest stretch of a series at once, however old it is", async () => {
    const bench = makeBench();
    const store = await bench.open();
    putSeries(
      store,
      "a",
      "t",
      Array.from({ length: 300 }, (_, i) => i),
    );
    bench.clock.jump(START + 86_400_000 * 3);
    const points = await store.latest({ device: "a", property: "t", ms: 60_000, points: 1000 });
    expect(points.map(([, , , , last]) => last)).toEqual(Array.from({ length: 61 }, (_, i) => 239 + i));
    await store.close();
  });
}

function describeTwice(makeBench: () => HistoryBench): void {
  async function countAfter(samples: readonly Sample[], restart = false): Promise<number> {
    const bench = makeBench();
    let store = await bench.open();
    for (const [i, sample] of samples.entries()) {
      store.append(sample);
      if (restart && i === Math.floor(samples.length / 2)) {
        await store.close();
        store = await bench.open();
      }
    }
    const [series] = await store.listSeries();
    await store.close();
    return series?.samples ?? 0;
  }
  const sample = (at: number, deviceTime?: number): Sample => {
    const own = deviceTime === undefined ? {} : { deviceTime };
    return { device: "a", property: "t", value: at, at: START + at, ...own };
  };

  it("drops a sample with a device time that is stored already, also out of order and after a restart", async () => {
    const live = Array.from({ length: 20 }, (_, i) => sample(i * 1000, START + i * 1000));
    const again = Array.from({ length: 30 }, (_, i) => sample(50_000 + i, START + (i - 10) * 1000));
    expect(await countAfter([...live, ...again])).toBe(30);
    expect(await countAfter([...live, ...again], true)).toBe(30);
    expect(await countAfter([...again, ...live, ...again].reverse(), true)).toBe(30);
  });

  it("never drops one without a device time", async () => {
    expect(await countAfter(Array.from({ length: 10 }, () => sample(0)))).toBe(10);
  });

  it("keeps samples of one time that are of two properties", async () => {
    const store = await makeBench().open();
    for (const property of ["x", "y"]) {
      store.append({ device: "a", property, value: 1, at: START, deviceTime: START });
    }
    expect((await store.listSeries()).map(({ samples }) => samples)).toEqual([1, 1]);
    await store.close();
  });

  /** Ten samples of a clock that is off, by what the hub adds to it. */
  const off = (offset: number, from: number, jitter = 0): Sample[] =>
    Array.from({ length: 10 }, (_, i) => {
      const at = from + i * 1000 + jitter;
      return { ...sample(at, START + from + i * 1000 - offset), clock: "off" };
    });

  it("knows one of a clock that is off when it comes again, also when the clock was believed before", async () => {
    for (const offset of [-3_600_000, 365 * 86_400_000]) {
      expect(await countAfter([...off(offset, 0), ...off(offset, 0, 20), ...off(offset, 10_000)], true)).toBe(20);
    }
    const believed = off(86_400_000, 0).map(({ clock: _, ...one }) => ({ ...one, at: START + 20_000 }));
    expect(await countAfter([...believed, ...off(86_400_000, 30_000), ...off(86_400_000, 0)], true)).toBe(20);
  });

  it("tells one of a clock that was set back, or starts anew, from those of the same times before", async () => {
    const right = Array.from({ length: 10 }, (_, i) => sample(i * 1000, START + i * 1000));
    expect(await countAfter([...right, ...off(3_600_000, 3_600_000)], true)).toBe(20);
    const again = off(86_400_000 + 60_000, 60_000);
    expect(await countAfter([...off(86_400_000, 0), ...again, ...again], true)).toBe(20);
  });

  it("tells a counter that comes again from one that starts anew", async () => {
    const first = Array.from({ length: 10 }, (_, i) => sample(i * 1000, i * 1000));
    const resent = Array.from({ length: 10 }, (_, i) => sample(i * 1000 + 300, i * 1000));
    const rebooted = Array.from({ length: 10 }, (_, i) => sample(60_000 + i * 1000, i * 1000));
    expect(await countAfter([...first, ...resent])).toBe(10);
    expect(await countAfter([...first, ...rebooted, ...rebooted], true)).toBe(20);
  });
}

function describeSeries(makeBench: () => HistoryBench): void {
  it("lists series with their first and last time and how many samples they have", async () => {
    const bench = makeBench();
    const store = await bench.open();
    putSeries(store, "b", "t", [1, 2, 3]);
    putSeries(store, "a", "y", [1]);
    putSeries(store, "a", "x", [1, 1]);
    const list = [
      { device: "a", property: "x", first: START, last: START + 1000, samples: 2 },
      { device: "a", property: "y", first: START, last: START, samples: 1 },
      { device: "b", property: "t", first: START, last: START + 2000, samples: 3 },
    ];
    expect(await store.listSeries()).toEqual(list);
    expect((await store.usage()).samples).toBe(6);
    await store.close();
    const next = await bench.open();
    expect(await next.listSeries()).toEqual(list);
    await next.close();
  });

  it("forgets a device that is removed, and takes it anew", async () => {
    const bench = makeBench();
    const store = await bench.open();
    putSeries(store, "a", "t", [1, 2, 3]);
    putSeries(store, "b", "t", [1]);
    await store.committed();
    putSeries(store, "a", "u", [7]);
    await store.removeDevice("a");
    expect((await store.listSeries()).map(({ device }) => device)).toEqual(["b"]);
    store.append({ device: "a", property: "t", value: 9, at: START + 5000 });
    await store.close();
    const next = await bench.open();
    expect(await next.query({ device: "a", property: "t", ...WHOLE })).toEqual([[START + 5000, 9, 9, 9, 9]]);
    expect(await next.listSeries()).toHaveLength(2);
    await next.close();
  });
}
