/** The moments that a time axis names, in the fewest words for how far they are apart. Local time; pure. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * @param at ms since the epoch, ascending
 * @param step ms between them
 */
export function nameTicks(at: readonly number[], step: number): readonly string[] {
  return at.map((time, i) => nameTick(time, step, i === 0 ? null : (at[i - 1] ?? null)));
}

function nameTick(at: number, step: number, before: number | null): string {
  const d = new Date(at);
  if (step >= 28 * DAY) return `${MONTHS[d.getMonth()]} ${d.getFullYear()}`;
  const day = `${d.getDate()} ${MONTHS[d.getMonth()]}`;
  if (step >= DAY) return day;
  const time = timeOf(d, step);
  // A new day is named where it begins, below the time.
  const isNewDay = before !== null && new Date(before).getDate() !== d.getDate();
  return isNewDay ? `${time}\n${day}` : time;
}

function timeOf(d: Date, step: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const minutes = `${two(d.getHours())}:${two(d.getMinutes())}`;
  if (step >= MINUTE) return minutes;
  if (step >= SECOND) return `${minutes}:${two(d.getSeconds())}`;
  return `${two(d.getSeconds())}.${String(d.getMilliseconds()).padStart(3, "0")}`;
}
