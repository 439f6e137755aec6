/** Changes of presence as a bounded log, and the parts of the last hour, day and week they make (protocol 6.1, 6.2). Pure. */
import type { Presence, PresenceEntry, Uptime } from "#protocol/views.ts";
import type { DownTime } from "./store.ts";

const HOUR_MS = 3_600_000;

interface Span {
  readonly from: number;
  readonly to: number;
  readonly presence: Presence;
}

/**
 * Adds a change at the end. A device that returned within one beat makes one entry, `reconnected`, of its going and coming.
 * @param most entries kept; the oldest go
 */
export function addEntry(log: readonly PresenceEntry[], entry: PresenceEntry, most: number): PresenceEntry[] {
  const last = log.at(-1);
  const isHiccup = entry.reason === "reconnected" && last?.presence === "offline";
  return [...(isHiccup ? log.slice(0, -1) : log), entry].slice(-most);
}

/**
 * The parts of the time in which a device was not offline; null where nothing is known of that time.
 * @param log oldest first; `now` in ms since the epoch
 * @param hubDown times that count as neither
 */
export function uptimeOf(log: readonly PresenceEntry[], now: number, hubDown: readonly DownTime[]): Uptime {
  const spans = log.map(({ at, presence }, i) => ({ from: at, to: log[i + 1]?.at ?? now, presence }));
  const part = (ms: number): number | null => partUp(spans, now - ms, now, hubDown);
  return { hour: part(HOUR_MS), day: part(24 * HOUR_MS), week: part(7 * 24 * HOUR_MS) };
}

function partUp(spans: readonly Span[], from: number, to: number, hubDown: readonly DownTime[]): number | null {
  let up = 0;
  let known = 0;
  for (const span of spans) {
    const ms = overlap(span, { from, to }) - downWithin(span, from, to, hubDown);
    known += ms;
    if (span.presence !== "offline") up += ms;
  }
  return known > 0 ? Math.min(1, Math.max(0, up / known)) : null;
}

function downWithin(span: Span, from: number, to: number, hubDown: readonly DownTime[]): number {
  const clipped = { from: Math.max(span.from, from), to: Math.min(span.to, to) };
  return hubDown.reduce((sum, down) => sum + overlap(clipped, down), 0);
}

function overlap(a: DownTime, b: DownTime): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}
