/** Figures of a series of measurements. */

/** The value below which the part `q` of the series lies. */
export function quantile(series: readonly number[], q: number): number {
  const sorted = [...series].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function median(series: readonly number[]): number {
  return quantile(series, 0.5);
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** `0.84`, with three digits that count. */
export function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}

/** Lowest and highest: `0.8–0.9`. */
export function spread(series: readonly number[]): string {
  return `${short(Math.min(...series))}–${short(Math.max(...series))}`;
}
