/** Changes of presence as a bounded log, and the parts of the last hour, day and week they make (protocol 6.1, 6.2). */
import type { Clock } from "#base/clock.ts";
import type { PresenceEntry, Uptime } from "#protocol/views.ts";
import { LIMITS } from "../base/limits.ts";
import type { DownTime } from "./store.ts";

const HOUR_MS = 3_600_000;

/** What all meters of a hub share. */
export interface UptimeParts {
  readonly clock: Clock;
  /** Times in which the hub was down, which count as neither. */
  hubDown: readonly DownTime[];
}

/** The uptime of one device: measured when somebody looks, anew after each change and else every `LIMITS.uptimeMs`. */
export class UptimeMeter {
  readonly #parts: UptimeParts;
  #log: readonly PresenceEntry[] | null = null;
  #measuredAt = 0;
  #uptime: Uptime = { hour: null, day: null, week: null };

  constructor(parts: UptimeParts) {
    this.#parts = parts;
  }

  /** @param log a new one after each change */
  read(log: readonly PresenceEntry[]): Uptime {
    const { clock, hubDown } = this.#parts;
    const now = clock.now();
    if (log !== this.#log || Math.abs(now - this.#measuredAt) >= LIMITS.uptimeMs) {
      this.#uptime = uptimeOf(log, now, hubDown);
      this.#log = log;
      this.#measuredAt = now;
    }
    return this.#uptime;
  }
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
  const part = (ms: number): number | null => partUp(log, { from: now - ms, to: now }, hubDown);
  return { hour: part(HOUR_MS), day: part(24 * HOUR_MS), week: part(7 * 24 * HOUR_MS) };
}

function partUp(log: readonly PresenceEntry[], window: DownTime, hubDown: readonly DownTime[]): number | null {
  let up = 0;
  let known = 0;
  let to = window.to;
  // Newest first: what lies before the window needs no look.
  for (let i = log.length - 1; i >= 0 && to > window.from; i--) {
    const entry = log[i];
    if (entry === undefined) break;
    const ms = watchedMs(Math.max(entry.at, window.from), to, hubDown);
    known += ms;
    if (entry.presence !== "offline") up += ms;
    // A clock that was set back must not count a time twice.
    to = Math.min(to, entry.at);
  }
  return known > 0 ? up / known : null;
}

/** The length of a stretch without the times in which the hub was down. */
function watchedMs(from: number, to: number, hubDown: readonly DownTime[]): number {
  let ms = Math.max(to - from, 0);
  for (const down of hubDown) ms -= Math.max(Math.min(to, down.to) - Math.max(from, down.from), 0);
  return Math.max(ms, 0);
}
