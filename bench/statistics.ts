/** Figures of a series of measurements. */

/** The value below which the part `q` of the series lies. */
export function quantile(series: readonly number[], q: number): number {
  const sorted = [...series].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
