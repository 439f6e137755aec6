/** Fewer samples with the same extremes, for what is only drawn. Called for live plots; pure. */

/** Times and values in turn: `[time, value, time, value, …]`; times in ms. */
export type Samples = Float64Array;

/** @returns the lowest and the highest of each `widthMs`, in the order of their times; all of them where there are no more than two */
export function thin(samples: Samples, widthMs: number): Samples {
  const sorted = sortByTime(samples);
  const kept = new Float64Array(sorted.length);
  let length = 0;
  for (let start = 0; start < sorted.length; ) {
    const bucket = Math.floor((sorted[start] ?? 0) / widthMs);
    let [low, high] = [start, start];
    let end = start;
    for (; end < sorted.length && Math.floor((sorted[end] ?? 0) / widthMs) === bucket; end += 2) {
      if (valueAt(sorted, end) < valueAt(sorted, low)) low = end;
      // The later of equal ones, so that the end of a flat stretch is kept.
      if (valueAt(sorted, end) >= valueAt(sorted, high)) high = end;
    }
    for (const at of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
      kept.set(sorted.subarray(at, at + 2), length);
      length += 2;
    }
    start = end;
  }
  return kept.slice(0, length);
}

/** @returns at most about `most` of them, the extremes of even stretches of time */
export function limit(samples: Samples, most: number): Samples {
  if (samples.length / 2 <= most) return samples;
  const sorted = sortByTime(samples);
  const span = (sorted[sorted.length - 2] ?? 0) - (sorted[0] ?? 0);
  return thin(sorted, Math.max(span / Math.floor(most / 2), Number.EPSILON));
}

export function concat(parts: readonly Samples[]): Samples {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function valueAt(samples: Samples, i: number): number {
  return samples[i + 1] ?? 0;
}

/** The same ones where they are sorted, as they nearly always are. */
function sortByTime(samples: Samples): Samples {
  let isSorted = true;
  for (let i = 2; i < samples.length && isSorted; i += 2) isSorted = (samples[i - 2] ?? 0) <= (samples[i] ?? 0);
  if (isSorted) return samples;
  const order = Array.from({ length: samples.length / 2 }, (_, i) => i * 2);
  order.sort((a, b) => (samples[a] ?? 0) - (samples[b] ?? 0));
  return Float64Array.from(order.flatMap((i) => [samples[i] ?? 0, valueAt(samples, i)]));
}
