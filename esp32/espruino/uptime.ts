/** The board's own millisecond counter, from 0 at its start: what samples and vitals count by (protocol 1.2). */

/** No two readings lie so far apart; a longer step is somebody setting the clock. */
const MAX_STEP_SECONDS = 86400;

/** Whole milliseconds since the start; never goes back. */
export type Uptime = () => number;

/** `getTime` is the only clock here and jumps when the time is set, so its steps are added up, without those that are none of time. */
export function createUptime(): Uptime {
  let last = getTime();
  let seconds = 0;
  return () => {
    const now = getTime();
    const step = now - last;
    last = now;
    if (step > 0 && step < MAX_STEP_SECONDS) seconds += step;
    return Math.round(seconds * 1000);
  };
}
