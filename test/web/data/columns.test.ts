import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Columns } from "../../../web/data/model/columns.ts";

/** Ten columns of 10 ms from 1,000 on. */
const tenColumns = (series = 1): Columns => new Columns(1_000, 100, 10, series);
const values = (columns: Columns, series = 0, isHeld = false, until = columns.end): readonly unknown[] => {
  columns.draw({ from: 0, to: columns.end - 1, isHeld, until });
  return columns.y[series] ?? [];
};

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
    expect(columns.needsBefore(0)).toBe(false);
    columns.moveTo(1_000);
    expect(values(columns).indexOf(2)).toBe(18);
    columns.moveTo(9_000);
    expect(
      values(columns)
        .slice(1)
        .every((value) => value === undefined),
    ).toBe(true);
  });

  it("break a line where a series was silent for much longer than usual, and mend it when what was missing comes", () => {
    const columns = new Columns(0, 100_000, 100, 1);
    const times = Array.from({ length: 80 }, (_, i) => i * 1_000).filter((time) => time < 30_000 || time > 50_000);
    for (const time of times) columns.put(0, time, 1);
    // Every cell of the silence: uPlot draws on from the first that is only empty.
    expect(values(columns).slice(2 * 30, 2 * 51)).toEqual(Array(42).fill(null));
    expect(values(columns).filter((value) => value === null)).toHaveLength(42);
    for (let time = 30_000; time <= 50_000; time += 1_000) columns.put(0, time, 2);
    expect(values(columns)).not.toContain(null);
  });

  it("break no line of what speaks now and then", () => {
    const columns = new Columns(0, 100_000, 100, 1);
    for (const time of [0, 17_000, 29_000, 55_000, 58_000, 90_000]) columns.put(0, time, 1);
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
          const inside = samples.filter(([time]) => time >= begin && time < columns.end).map(([, value]) => value);
          const kept = values(columns).filter((value) => typeof value === "number") as number[];
          expect(Math.max(...kept)).toBe(Math.max(...inside));
          expect(Math.min(...kept)).toBe(Math.min(...inside));
        },
      ),
    );
  });

  it("place the newest inside of what is shown, and move it back when its column has passed", () => {
    const columns = tenColumns();
    columns.draw({ from: 1_001, to: 1_091, isHeld: false, until: 0 });
    expect(columns.x.slice(-4)).toEqual([1_082.5, 1_087.5, 1_091, 1_091]);
    columns.moveTo(1_010);
    columns.draw({ from: 1_011, to: 1_101, isHeld: false, until: 0 });
    expect(columns.x.slice(-4)).toEqual([1_092.5, 1_097.5, 1_101, 1_101]);
  });

  it("know their extremes, those at both edges included, of the series that are wanted", () => {
    const columns = tenColumns(2);
    for (const [time, value] of [
      [1_000, -9],
      [1_050, 0],
      [1_099, 64],
    ] as const)
      columns.put(0, time, value);
    columns.put(1, 1_050, 500);
    const shown = { from: 1_008, to: 1_091 };
    columns.draw({ ...shown, isHeld: false, until: 0 });
    expect(columns.extremes(shown, (series) => series === 0)).toEqual([-9, 64]);
    expect(columns.extremes(shown, () => true)).toEqual([-9, 500]);
    expect(columns.extremes(shown, () => false)).toBeNull();
  });

  it("keep numbers within what has a height", () => {
    const columns = tenColumns();
    columns.put(0, 1_000, -1.7e308);
    columns.put(0, 1_050, 1.7e308);
    columns.draw({ from: 1_000, to: 1_100, isHeld: false, until: 0 });
    const [low, high] = columns.extremes({ from: 1_000, to: 1_100 }, () => true) ?? [0, 0];
    expect([low < -1e307, high > 1e307, Number.isFinite((high - low) * 1.2)]).toEqual([true, true, true]);
  });
});

describe("a series that speaks rarely", () => {
  it("is drawn as points, and so is a sample that stands alone", () => {
    const columns = new Columns(0, 100_000, 100, 2);
    for (const time of [10_000, 40_000, 70_000]) columns.put(0, time, time);
    for (let time = 0; time < 100_000; time += 1_000) if (time < 30_000 || time > 60_000) columns.put(1, time, 1);
    columns.put(1, 45_000, 1);
    columns.draw({ from: 0, to: 100_000, isHeld: false, until: 0 });
    expect(columns.points).toEqual([[20, 80, 140], [90]]);
  });

  it("comes in from what it had before: on its way to the next sample, or alone at the edge", () => {
    const columns = tenColumns();
    expect(columns.needsBefore(0)).toBe(true);
    columns.carry(0, { time: 500, value: 7 });
    columns.carry(0, { time: 400, value: 3 });
    expect(values(columns)[0]).toBe(7);
    expect(columns.points).toEqual([[0]]);
    columns.put(0, 1_050, 17);
    columns.carry(0, { time: 950, value: 7 });
    expect(values(columns)[0]).toBe(12);
    columns.put(0, 1_000, 8);
    expect(values(columns)[0]).toBe(8);
  });

  it("takes what leaves at the left for what it had before", () => {
    const columns = tenColumns();
    for (const [i, value] of [1, 0, 3, 2].entries()) columns.put(0, 1_000 + i, value);
    columns.moveTo(1_050);
    expect(values(columns)[0]).toBe(2);
    columns.clear(1_050);
    expect(values(columns)[0]).toBeUndefined();
  });
});

describe("a series that holds its value", () => {
  const drawn = (columns: Columns, until: number): readonly unknown[] => values(columns, 0, true, until);

  it("goes on to now while its device is there, and no further", () => {
    const columns = tenColumns();
    columns.put(0, 1_030, 1);
    expect(
      drawn(columns, 1_075)
        .map((value, i) => (value === undefined ? null : i))
        .filter((i) => i !== null),
    ).toEqual([6, 8, 14]);
    expect(drawn(columns, 0)[14]).toBeUndefined();
  });

  it("begins with what it had before, also when nothing came since", () => {
    const columns = tenColumns();
    columns.carry(0, { time: 5, value: 1 });
    expect([drawn(columns, 9_999)[0], drawn(columns, 9_999)[18]]).toEqual([1, 1]);
    expect(columns.points).toEqual([[]]);
    expect(drawn(columns, 20)[0]).toBeUndefined();
  });

  it("ends each column with the value that came last, and has no gap", () => {
    const columns = new Columns(0, 100_000, 100, 1);
    for (let time = 0; time < 20_000; time += 100) columns.put(0, time, 1);
    for (const value of [0, 1, 0]) columns.put(0, 20_000, value);
    const cells = drawn(columns, 90_000);
    expect(cells.slice(40, 43)).toEqual([0, 1, 0]);
    expect(cells).not.toContain(null);
    expect(cells[180]).toBe(0);
    expect(drawn(columns, 20_500).slice(40, 42)).toEqual([1, 0]);
  });
});
