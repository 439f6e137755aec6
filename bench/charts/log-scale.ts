/** An axis on which ten times as much is always as far: its ends, its ticks, and the place of a value. Pure. */

export interface LogScale {
  readonly ticks: readonly number[];
  /** The place of a value, in pixels. */
  place(value: number): number;
}

const STEPS = [1, 2, 5];

/**
 * From the last tick below all values to the first above them.
 * @param values more than 0; others are left out
 * @param from the place of its lower end, pixels
 * @param to the place of its upper end, pixels
 */
export function logScale(values: readonly number[], from: number, to: number): LogScale {
  const drawn = values.filter((value) => value > 0);
  const fine = ticksAround(Math.min(...drawn), Math.max(...drawn), STEPS);
  // Over many decades only powers of ten are named.
  const ticks = fine.length > 8 ? ticksAround(Math.min(...drawn), Math.max(...drawn), [1]) : fine;
  const [low, high] = [Math.log10(ticks[0] ?? 1), Math.log10(ticks.at(-1) ?? 10)];
  return {
    ticks,
    place: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  };
}

/** Two at least. */
function ticksAround(lowest: number, highest: number, steps: readonly number[]): readonly number[] {
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(lowest)) - 1; power <= Math.ceil(Math.log10(highest)) + 1; power++) {
    all.push(...steps.map((step) => Number((step * 10 ** power).toPrecision(3))));
  }
  const first = all.findLastIndex((tick) => tick <= lowest);
  const last = all.findIndex((tick) => tick >= highest);
  return all.slice(first, Math.max(last, first + 1) + 1);
}

/** `10,000`, `0.05` */
export function named(tick: number): string {
  return tick >= 1_000 ? tick.toLocaleString("en") : String(tick);
}
