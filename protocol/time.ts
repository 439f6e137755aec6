/** Times of devices: epochs in three customs, and counters that start anywhere (protocol 1.2, 3.3). */

const COUNTER_BELOW = 1e11;
const MICROPYTHON_EPOCH_S = 946_684_800; // 2000-01-01T00:00:00Z

/** Whether a device's `time` is its own millisecond counter and not an epoch time. */
export function isCounter(time: number): boolean {
  return time < COUNTER_BELOW;
}

/**
 * A number in a free-form report read as a time, in ms since the Unix epoch: ms, s, or s since 2000 (MicroPython).
 * Null when it lies in none of the three ranges and so is a value like any other.
 */
export function epochMs(candidate: unknown): number | null {
  if (typeof candidate !== "number") return null;
  if (candidate >= 1e12 && candidate <= 4.1e12) return candidate;
  if (candidate >= 1e9 && candidate <= 4.1e9) return candidate * 1000;
  if (candidate >= 6e8 && candidate <= 9.4e8) return (candidate + MICROPYTHON_EPOCH_S) * 1000;
  return null;
}
