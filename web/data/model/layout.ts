/** How the columns of one series become the line that is drawn: where it breaks, where it comes from, how far it holds. Called by `columns.ts`; pure. */

/** Of uPlot: `undefined` is nothing there, `null` breaks the line. */
export type Cell = number | null | undefined;

export interface Moment {
  /** Ms since the epoch. */
  readonly time: number;
  readonly value: number;
}

/** What is kept of one series. */
export interface Stored {
  /** Two a column: one value as it is, or the lowest and the highest, the one that came last behind. */
  readonly cells: Cell[];
  /** The newest of each column. */
  readonly last: Cell[];
  /** The newest before the first column. */
  before: Moment | null;
}

export interface Layout {
  /** Number of the first column, counted from the epoch. */
  readonly first: number;
  /** Of a column, ms. */
  readonly width: number;
  readonly isHeld: boolean;
  /** The column to which the newest value of a held series goes on; -1: to none. */
  readonly holdTo: number;
}

/** A silence is a gap when it is so many times as long as nearly all others, and at least so long. */
const GAP_TIMES = 5;
const GAP_MS = 2_000;
const NEARLY_ALL = 0.9;
/** With fewer columns filled than this part of all, a line alone would hardly be seen: its samples are points. */
const FEW = 1 / 20;
/** Beyond it the height of a plot would be no number any more. */
const MOST = 7e307;

/** @returns the places of `out` that are drawn as points */
export function layOut(stored: Stored, layout: Layout, out: Cell[]): number[] {
  const { cells } = stored;
  const filled: number[] = [];
  for (let i = 0; i < cells.length; i++) {
    const value = cells[i];
    out[i] = value == null ? undefined : Math.min(Math.max(value, -MOST), MOST);
    if (i % 2 === 0 && value != null) filled.push(i);
  }
  if (layout.isHeld) hold(stored, layout, out);
  else connect(stored, layout, filled, out);
  const isFew = !layout.isHeld && filled.length < (cells.length / 2) * FEW;
  return isFew ? pointsOf(filled, out) : lonely(out);
}

/** A step where a value changes, and the newest goes on to the end. */
function hold({ cells, last, before }: Stored, { holdTo }: Layout, out: Cell[]): void {
  let value = holdTo < 0 ? null : (before?.value ?? null);
  let isFresh = value !== null;
  for (let column = 0; 2 * column < cells.length; column++) {
    const i = 2 * column;
    const newest = last[column];
    if (newest == null) {
      if (value !== null && (isFresh || column === holdTo) && column <= holdTo) out[i] = value;
      isFresh = false;
      continue;
    }
    value = newest;
    isFresh = true;
    if (column !== holdTo) continue;
    if (cells[i + 1] != null && cells[i + 1] !== newest) out[i] = cells[i + 1];
    out[i + 1] = newest;
  }
}

/** Lines from one sample to the next, but for silences that are much longer than usual. */
function connect({ before }: Stored, { first, width }: Layout, filled: readonly number[], out: Cell[]): void {
  const entry = before === null ? [] : [2 * (before.time / width - first)];
  const all = [...entry, ...filled];
  const silences = all.slice(1).map((i, n) => i - (all[n] ?? 0));
  const most = Math.max(GAP_TIMES * quantile(silences, NEARLY_ALL), (2 * GAP_MS) / width);
  for (const [n, silence] of silences.entries()) {
    if (silence <= most) continue;
    // uPlot ends a gap at the next `undefined`: none may be in it.
    for (let i = Math.max(0, Math.ceil((all[n] ?? 0) + 2)); i < (all[n + 1] ?? 0); i++) out[i] = null;
  }
  if (before !== null && out[0] === undefined) out[0] = entryOf(before, all, out);
}

/** Where the line comes in from the left. */
function entryOf({ value }: Moment, [from = 0, next]: readonly number[], out: readonly Cell[]): Cell {
  const to = next === undefined ? null : out[next];
  if (next === undefined || to == null) return Math.min(Math.max(value, -MOST), MOST);
  return value + (to - value) * Math.min(1, Math.max(0, -from / (next - from)));
}

function pointsOf(filled: readonly number[], out: readonly Cell[]): number[] {
  return [...new Set([...filled.flatMap((i) => (out[i + 1] == null ? [i] : [i, i + 1])), ...lonely(out)])];
}

/** Cells of a column with no other to lead a line to. */
function lonely(out: readonly Cell[]): number[] {
  const found: number[] = [];
  let [begin, end] = [-1, -1];
  for (let i = 0; i <= out.length; i++) {
    const value = i < out.length ? out[i] : null;
    if (typeof value === "number") [begin, end] = [begin < 0 ? i : begin, i];
    if (value !== null) continue;
    if (begin >= 0 && begin >> 1 === end >> 1) found.push(...(begin === end ? [begin] : [begin, end]));
    begin = -1;
  }
  return found;
}

function quantile(values: readonly number[], q: number): number {
  return Float64Array.from(values).sort()[Math.floor((values.length - 1) * q)] ?? 0;
}
