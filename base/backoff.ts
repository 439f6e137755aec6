/** How long to wait before the next try: doubling, bounded, with jitter so that a class of devices does not return as one. */

export interface Backoff {
  /** Ms to wait before the next try. */
  next(): number;
  /** The last try succeeded: start from the beginning. */
  reset(): void;
}

/**
 * @param firstMs the wait before the first retry
 * @param maxMs the longest wait
 * @param random 0 ≤ r < 1; each wait is between half and the whole of its step
 */
export function createBackoff(firstMs: number, maxMs: number, random: () => number = Math.random): Backoff {
  let step = firstMs;
  return {
    next() {
      const wait = step * (0.5 + random() / 2);
      step = Math.min(step * 2, maxMs);
      return Math.round(wait);
    },
    reset() {
      step = firstMs;
    },
  };
}
