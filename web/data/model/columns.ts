/**
 * What one plot draws: time in even columns, each with the lowest and the highest value of every series, so that no peak is lost and
 * drawing costs the same however much comes. In the form that uPlot takes: `undefined` is nothing there, `null` breaks the line.
 */
import { type Cell, layOut, type Moment, type Stored } from "./layout.ts";

export interface Stretch {
  /** Ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** A value holds until the next one: of switches, and of what is set. */
  readonly isHeld: boolean;
  /** The newest value of such a series holds to there, ms since the epoch. */
  readonly until: number;
}

export class Columns {
  /** Ms of one column. */
  readonly width: number;
  readonly #count: number;
  /** Number of the first column, counted from the epoch. */
  #first: number;
  readonly #series: readonly Stored[];
  /** The column whose places were drawn nearer, so that it is not beyond the end of what is shown. */
  #nearer = -1;
  /** Two places a column. Ms since the epoch. */
  readonly x: number[];
  /** For each series two cells a column, as `draw` left them. */
  readonly y: readonly Cell[][];
  /** Of each series the places that are drawn as points. */
  readonly points: number[][];

  /** @param from first moment shown; @param spanMs how much is shown, in `count` columns */
  constructor(from: number, spanMs: number, count: number, series: number) {
    this.width = spanMs / count;
    this.#count = count;
    this.#first = Math.floor(from / this.width);
    this.x = new Array(2 * count);
    const empty = (length: number): Cell[] => new Array<Cell>(length).fill(undefined);
    this.#series = Array.from({ length: series }, () => ({
      cells: empty(2 * count),
      last: empty(count),
      before: null,
    }));
    this.y = this.#series.map(() => empty(2 * count));
    this.points = this.#series.map(() => []);
    this.#nameColumns();
  }

  /** End of the last column. */
  get end(): number {
    return (this.#first + this.#count) * this.width;
  }

  /** @returns whether it lies within */
  put(series: number, time: number, value: number): boolean {
    const column = Math.floor(time / this.width) - this.#first;
    const stored = this.#series[series];
    if (stored === undefined || !(column >= 0 && column < this.#count)) return false;
    const { cells, last } = stored;
    const [a, b] = [cells[2 * column] ?? value, cells[2 * column + 1] ?? cells[2 * column] ?? value];
    if (cells[2 * column] === undefined) cells[2 * column] = value;
    else if (value > Math.max(a, b)) set(cells, 2 * column, Math.min(a, b), value);
    else if (value < Math.min(a, b)) set(cells, 2 * column, Math.max(a, b), value);
    last[column] = value;
    return true;
  }

  /** What a series had before what is shown: its line comes from there. An older one than is known is not taken. */
  carry(series: number, moment: Moment): void {
    const stored = this.#series[series];
    if (stored === undefined || moment.time >= (this.#first + 1) * this.width) return;
    if (stored.before === null || stored.before.time < moment.time) stored.before = moment;
  }

  /** Whether nothing is known of the beginning: the first twentieth is empty, and nothing is known of before. */
  needsBefore(series: number): boolean {
    const stored = this.#series[series];
    if (stored === undefined || stored.before !== null) return false;
    return stored.last.slice(0, Math.ceil(this.#count / 20)).every((value) => value === undefined);
  }

  /** Shows another stretch, of the same length; what is in both stays. */
  moveTo(from: number): void {
    const by = Math.floor(from / this.width) - this.#first;
    if (by === 0) return;
    const kept = Math.max(0, this.#count - Math.abs(by));
    for (const stored of this.#series) {
      if (by > 0) this.#drop(stored, this.#count - kept);
      else stored.before = null;
      shift(stored.cells, by, 2 * kept);
      shift(stored.last, by, kept);
    }
    this.#first += by;
    this.#nameColumns();
  }

  /** Forgets everything, and shows what begins there. */
  clear(from: number): void {
    this.#first = Math.floor(from / this.width);
    for (const stored of this.#series) {
      stored.cells.fill(undefined);
      stored.last.fill(undefined);
      stored.before = null;
    }
    this.#nameColumns();
  }

  /** Lays out `x`, `y` and `points`. Call after a change or a move, before they are drawn. */
  draw({ to, isHeld, until }: Stretch): void {
    if (this.#nearer >= 0) this.#nameColumn(this.#nearer);
    this.#nearer = this.#columnOf(to);
    if (this.#nearer >= 0) {
      for (const i of [2 * this.#nearer, 2 * this.#nearer + 1]) this.x[i] = Math.min(this.x[i] ?? to, to);
    }
    const holdTo = this.#columnOf(Math.min(to, until, this.end - this.width / 2));
    const first = this.#first;
    for (const [i, stored] of this.#series.entries()) {
      const layout = { first, width: this.width, isHeld, holdTo };
      this.points[i] = layOut(stored, layout, this.y[i] ?? []);
    }
  }

  /** The lowest and the highest of what was laid out, of the series that are wanted; null where there is nothing. */
  extremes({ from, to }: Pick<Stretch, "from" | "to">, isWanted: (series: number) => boolean): [number, number] | null {
    const begin = Math.max(0, 2 * (Math.floor(from / this.width) - this.#first));
    const end = Math.min(this.x.length, 2 * (Math.floor(to / this.width) - this.#first) + 2);
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const [series, cells] of this.y.entries()) {
      if (!isWanted(series)) continue;
      for (let i = begin; i < end; i++) {
        const value = cells[i];
        if (value == null) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    return low > high ? null : [low, high];
  }

  /** @returns -1 when it lies outside */
  #columnOf(time: number): number {
    const column = Math.floor(time / this.width) - this.#first;
    return column >= 0 && column < this.#count ? column : -1;
  }

  /** The newest value of the columns that go is what the series had before. */
  #drop(stored: Stored, count: number): void {
    for (let column = count - 1; column >= 0; column--) {
      const value = stored.last[column];
      if (value == null) continue;
      stored.before = { time: (this.#first + column + 0.5) * this.width, value };
      return;
    }
  }

  #nameColumns(): void {
    this.#nearer = -1;
    for (let column = 0; column < this.#count; column++) this.#nameColumn(column);
  }

  /** A quarter and three quarters into each column. */
  #nameColumn(column: number): void {
    this.x[2 * column] = (this.#first + column + 0.25) * this.width;
    this.x[2 * column + 1] = (this.#first + column + 0.75) * this.width;
  }
}

function set(cells: Cell[], i: number, first: Cell, second: Cell): void {
  cells[i] = first;
  cells[i + 1] = second;
}

function shift(cells: Cell[], by: number, kept: number): void {
  if (by > 0) cells.copyWithin(0, cells.length - kept).fill(undefined, kept);
  else cells.copyWithin(cells.length - kept, 0).fill(undefined, 0, cells.length - kept);
}
