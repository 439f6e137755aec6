/** The beat strip: where each heartbeat stands on it, and where some are missing. */

/** As many as a small strip shows; the strip of a device's own room shows nearly all that the hub keeps. */
const STRIP_BEATS = 24;
export const LONG_STRIP_BEATS = 38;
const MIN_WINDOW_MS = 20_000;
const MAX_WINDOW_MS = 3_600_000;
/** An interval longer than this many beats is a gap. */
const GAP_BEATS = 1.8;

export interface Strip {
  /** Places of the beats, 0 (oldest) to 1 (now). */
  readonly ticks: readonly number[];
  /** Stretches without the beats that were due, from and to. */
  readonly gaps: readonly (readonly [number, number])[];
  /** Time from the left end to the right, ms; null while no beat is known. */
  readonly windowMs: number | null;
}

/**
 * @param beats times of the last heartbeats, oldest first, ms
 * @param beatMs the device's beat; null lets the strip take the middle of the intervals
 * @param now the hub's clock, ms
 * @param shown how many beats the strip has room for
 */
export function stripOf(beats: readonly number[], beatMs: number | null, now: number, shown = STRIP_BEATS): Strip {
  const beat = beatMs ?? medianInterval(beats);
  if (beat === null) return { ticks: beats.length > 0 ? [1] : [], gaps: [], windowMs: null };
  const windowMs = Math.min(Math.max(beat * shown, MIN_WINDOW_MS), MAX_WINDOW_MS);
  const place = (at: number): number => Math.min(1, Math.max(0, 1 - (now - at) / windowMs));
  const ticks = beats.filter((at) => now - at <= windowMs).map(place);
  const ends = [...beats.slice(1), now];
  const gaps = beats
    .map((at, i) => [at, ends[i] ?? now] as const)
    .filter(([from, to]) => to - from > beat * GAP_BEATS && now - to < windowMs)
    .map(([from, to]) => [place(from), place(to)] as const);
  return { ticks, gaps, windowMs };
}

function medianInterval(beats: readonly number[]): number | null {
  const intervals = beats.slice(1).map((at, i) => at - (beats[i] ?? at));
  intervals.sort((a, b) => a - b);
  return intervals[Math.floor(intervals.length / 2)] ?? null;
}
