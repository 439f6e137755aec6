import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Columns } from "../../../web/data/model/columns.ts";

/** Ten columns of 10 ms from 1,000 on. */
const tenColumns = (series = 1): Columns => new Columns(1_000, 100, 10, series);
const values = (columns: Columns, series = 0): readonly unknown[] => columns.y[series] ?? [];

describe("the columns of a plot", () => {
  it("have two places each, a quarter and three quarters into their time", () => {
    const { x, y, width, end } = tenColumns(3);
    expect([width, end, x.length, y.length]).toEqual([10, 1_100, 20, 3]);
    expect(x.slice(0, 4)).toEqual([1_002.5, 1_007.5, 1_012.5, 1_017.5]);
  });

  it("keep one value as it is, and of many the lowest and the highest, the one that came last behind", () => {
    const columns = tenColumns();
    columns.put(0, 1_000, 5);
    expect(values(columns).slice(0, 2)).toEqual([5, undefined]);
    for (const value of [7, 6, 5.5]) columns.put(0, 1_001, value);
    expect(values(columns).slice(0, 2)).toEqual([5, 7]);
    columns.put(0, 1_009, -3);
    expect(values(columns).slice(0, 2)).toEqual([7, -3]);
  });

  it("take nothing from outside", () => {
    const columns = tenColumns();
    expect([999, 1_100, Number.NaN].map((time) => columns.put(0, time, 1))).toEqual([false, false, false]);
    expect(columns.put(1, 1_050, 1)).toBe(false);
    expect(values(columns).every((value) => value === undefined)).toBe(true);
  });

  it("move on, and keep what is in both stretches", () => {
    const columns = tenColumns();
    columns.put(0, 1_000, 1);
    columns.put(0, 1_095, 2);
    columns.moveTo(1_030);
    expect(columns.x[0]).toBe(1_032.5);
    expect(values(columns).indexOf(2)).toBe(12);
    expect(values(columns)).not.toContain(1);
    columns.moveTo(1_000);
    expect(values(columns).indexOf(2)).toBe(18);
    columns.moveTo(9_000);
    expect(values(columns).every((value) => value === undefined)).toBe(true);
  });

  it("break a line where a series was silent for much longer than usual, and mend it when what was missing comes", () => {
    const columns = new Columns(0, 100_000, 100, 1);
    const times = Array.from({ length: 80 }, (_, i) => i * 1_000).filter((time) => time < 30_000 || time > 50_000);
    for (const time of times) columns.put(0, time, 1);
    columns.markGaps();
    expect(values(columns).filter((value) => value === null)).toHaveLength(1);
    expect(values(columns)[2 * 30]).toBeNull();
    for (let time = 30_000; time <= 50_000; time += 1_000) columns.put(0, time, 2);
    columns.markGaps();
    expect(values(columns)).not.toContain(null);
  });

  it("break no line of what speaks now and then", () => {
    const columns = new Columns(0, 100_000, 100, 1);
    for (const time of [0, 17_000, 29_000, 55_000, 58_000, 90_000]) columns.put(0, time, 1);
    columns.markGaps();
    expect(values(columns)).not.toContain(null);
  });

  it("lose no extreme, wherever the window stands", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: -99, max: 99 }))),
        fc.integer({ min: 0, max: 1_500 }),
        (samples, from) => {
          const columns = new Columns(0, 1_000, 10, 1);
          columns.moveTo(from);
          const begin = columns.end - 1_000;
          for (const [time, value] of samples) columns.put(0, time, value);
          columns.markGaps();
          const inside = samples.filter(([time]) => time >= begin && time < columns.end).map(([, value]) => value);
          const kept = values(columns).filter((value) => typeof value === "number") as number[];
          expect(Math.max(...kept)).toBe(Math.max(...inside));
          expect(Math.min(...kept)).toBe(Math.min(...inside));
        },
      ),
    );
  });
});
