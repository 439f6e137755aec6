/** A clock whose hands a test turns. */
import type { Clock, Timer } from "#base/clock.ts";

export interface FakeClock extends Clock {
  /** How many timers wait now. */
  readonly timers: number;
  /** Turns time forward by `ms`, firing timers in order, and lets promises settle after each. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock without moving monotonic time, as NTP or a user does. */
  jump(now: number): void;
}

interface Entry {
  at: number;
  readonly every: number | null;
  readonly run: () => void;
}

export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let monotonic = 0;
  let offset = start;
  const entries = new Set<Entry>();

  function add(ms: number, every: number | null, run: () => void): Timer {
    const entry = { at: monotonic + ms, every, run };
    entries.add(entry);
    return { cancel: () => entries.delete(entry) };
  }

  function nextDue(until: number): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of entries) if (entry.at <= until && (first === undefined || entry.at < first.at)) first = entry;
    return first;
  }

  return {
    get timers() {
      return entries.size;
    },
    now: () => monotonic + offset,
    monotonic: () => monotonic,
    after: (ms, run) => add(ms, null, run),
    every: (ms, run) => add(ms, ms, run),
    jump: (now) => {
      offset = now - monotonic;
    },
    async advance(ms) {
      const until = monotonic + ms;
      for (let entry = nextDue(until); entry !== undefined; entry = nextDue(until)) {
        monotonic = entry.at;
        if (entry.every === null) entries.delete(entry);
        else entry.at += entry.every;
        entry.run();
        await settle();
      }
      monotonic = until;
      await settle();
    },
  };
}

/** Lets everything that is ready now run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
