/**
 * What one plot draws: time in even columns, each with the lowest and the highest value of every series, so that no peak is lost and
 * drawing costs the same however much comes. In the form that uPlot takes: `undefined` is nothing there, `null` breaks the line.
 */

export type Cell = number | null | undefined;

/** A silence is a gap when it is so many times as long as nearly all others, and at least so long. */
const GAP_TIMES = 5;
const GAP_MS = 2_000;
const NEARLY_ALL = 0.9;

export class Columns {
  /** Ms of one column. */
  readonly width: number;
  readonly #count: number;
  /** Number of the first column, counted from the epoch. */
  #first: number;
  /** Two places a column. Ms since the epoch. */
  readonly x: number[];
  /** For each series two cells a column. */
  readonly y: Cell[][];

  /** @param from first moment shown; @param spanMs how much is shown, in `count` columns */
  constructor(from: number, spanMs: number, count: number, series: number) {
    this.width = spanMs / count;
    this.#count = count;
    this.#first = Math.floor(from / this.width);
    this.x = new Array(2 * count);
    this.y = Array.from({ length: series }, () => new Array<Cell>(2 * count).fill(undefined));
    this.#nameColumns();
  }

  /** End of the last column. */
  get end(): number {
    return (this.#first + this.#count) * this.width;
  }

  /** @returns whether it lies within */
  put(series: number, time: number, value: number): boolean {
    const column = Math.floor(time / this.width) - this.#first;
    const cells = this.y[series];
    if (cells === undefined || !(column >= 0 && column < this.#count)) return false;
    const [a, b] = [cells[2 * column] ?? value, cells[2 * column + 1] ?? cells[2 * column] ?? value];
    if (cells[2 * column] == null) cells[2 * column] = value;
    else if (value > Math.max(a, b)) set(cells, 2 * column, Math.min(a, b), value);
    else if (value < Math.min(a, b)) set(cells, 2 * column, Math.max(a, b), value);
    return true;
  }

  /** Shows another stretch, of the same length; what is in both stays. */
  moveTo(from: number): void {
    const by = Math.floor(from / this.width) - this.#first;
    if (by === 0) return;
    this.#first += by;
    const kept = Math.max(0, 2 * (this.#count - Math.abs(by)));
    for (const cells of this.y) {
      if (by > 0) cells.copyWithin(0, cells.length - kept).fill(undefined, kept);
      else cells.copyWithin(cells.length - kept, 0).fill(undefined, 0, cells.length - kept);
    }
    this.#nameColumns();
  }

  /** Forgets everything, and shows what begins there. */
  clear(from: number): void {
    this.#first = Math.floor(from / this.width);
    for (const cells of this.y) cells.fill(undefined);
    this.#nameColumns();
  }

  /** Breaks lines where a series was silent for longer than it usually is. Call after a change, before it is drawn. */
  markGaps(): void {
    for (const cells of this.y) this.#markGapsIn(cells);
  }

  #markGapsIn(cells: Cell[]): void {
    const filled: number[] = [];
    for (let i = 0; i < cells.length; i += 2) {
      if (cells[i] == null) set(cells, i, undefined, undefined);
      else filled.push(i);
    }
    const silences = filled.slice(1).map((i, n) => i - (filled[n] ?? 0));
    const usual = quantile(silences, NEARLY_ALL);
    const most = Math.max(GAP_TIMES * usual, (2 * GAP_MS) / this.width);
    for (const [n, silence] of silences.entries()) if (silence > most) cells[(filled[n] ?? 0) + 2] = null;
  }

  #nameColumns(): void {
    // A quarter and three quarters into each column.
    for (let i = 0; i < this.x.length; i++) this.x[i] = (this.#first + i / 2 + 0.25) * this.width;
  }
}

function set(cells: Cell[], i: number, first: Cell, second: Cell): void {
  cells[i] = first;
  cells[i + 1] = second;
}

function quantile(values: readonly number[], q: number): number {
  return Float64Array.from(values).sort()[Math.floor((values.length - 1) * q)] ?? 0;
}
