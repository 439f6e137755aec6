/** The height of a plot: from where to where, its ticks, and what they and the values beside them are called. Pure. */

/** Above and below, of the height of what is drawn. */
const ROOM = 0.08;
/** A flat line lies in the middle of so much of its value. */
const FLAT = 0.05;
/** Less than this of a value is its rounding and no movement. */
const STEADY = 1e-12;
/** Smaller than this nothing is told apart. */
const LEAST = 1e-290;
/** Digits of a value that always stand; more where the plot shows smaller differences. */
const DIGITS = 6;
const MOST_DIGITS = 15;
/** Of the height of a plot a value is shown as fine. */
const FINE = 1_000;
/** What multiplying leaves of a step. */
const DUST = 1e-9;
const PLAIN_FROM = 1e-4;
const PLAIN_TO = 1e12;

/** A little room above and below; a flat line lies in the middle. */
export function roomFor(extremes: readonly [number, number] | null): [number, number] {
  if (extremes === null) return [0, 1];
  const [low, high] = extremes;
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > Math.max(size * STEADY, LEAST)) return [low - (high - low) * ROOM, high + (high - low) * ROOM];
  const room = size > LEAST && size < PLAIN_FROM ? size / 2 : Math.max(size * FLAT, 0.5);
  return [low - room, high + room];
}

/** Even moments of a scale at 1, 2 or 5 times a power of ten. */
export function yTicks(low: number, high: number, most: number): readonly number[] {
  const step = stepOf((high - low) / Math.max(1, most));
  const first = Math.ceil(low / step - DUST);
  const count = Math.min(2 * most, Math.floor(high / step + DUST) - first + 1);
  const decimals = decimalsOf(step);
  return Array.from({ length: Math.max(0, count) }, (_, i) => tidy((first + i) * step, decimals));
}

/** All with the same decimals, as many as their step needs; with an exponent where that is shorter. */
export function nameYTicks(ticks: readonly number[]): readonly string[] {
  const size = Math.max(0, ...ticks.map(Math.abs));
  if (size === 0) return ticks.map(() => "0");
  const step = ticks.length > 1 ? Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0)) : size;
  const decimals = decimalsOf(step);
  const power = Math.floor(Math.log10(size) + STEADY);
  const behind = Math.min(MOST_DIGITS, Math.max(0, power - Math.floor(Math.log10(step) + STEADY)));
  const plain = Math.max(power, 0) + (decimals > 0 ? decimals + 2 : 1);
  const isLong = (power >= 6 || power < -3) && behind + `e${power}`.length + 2 < plain;
  return ticks.map((tick) => {
    if (!isLong) return minus(tick.toFixed(Math.min(decimals, 100)));
    return tick === 0 ? "0" : minus(`${(tick / 10 ** power).toFixed(behind)}e${power}`);
  });
}

/** A value beside a plot: with the digits that matter in it. @param span the plot's height */
export function nameFigure(value: number, span: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  const fine = span > 0 ? Math.ceil(Math.log10(size) - Math.log10(span) + Math.log10(FINE)) : 0;
  // Before the point none is rounded away.
  const digits = Math.min(MOST_DIGITS, Math.max(DIGITS, fine, Math.floor(Math.log10(size)) + 1));
  if (size >= PLAIN_FROM && size < PLAIN_TO) return minus(String(Number(value.toPrecision(digits))));
  return minus(String(Number(value.toPrecision(DIGITS)).toExponential()).replace("e+", "e"));
}

function stepOf(ideal: number): number {
  if (!(ideal > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(ideal));
  return power * ([1, 2, 5].find((times) => times * power >= ideal * (1 - STEADY)) ?? 10);
}

function decimalsOf(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + DUST));
}

/** Without the dust of multiplying. */
function tidy(value: number, decimals: number): number {
  return decimals > 0 && decimals <= 100 ? Number(value.toFixed(decimals)) : value + 0;
}

function minus(text: string): string {
  return text.replace(/-/g, "−").replace(/^−(0(\.0*)?)$/, "$1");
}
