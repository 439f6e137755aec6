/** Timers as Espruino has them: numbers, intervals that make up for every beat they missed, and clears that throw. */
import type { Clock, Timer } from "#base/clock.ts";
import type { Queue } from "./emitter.ts";

interface Entry {
  readonly run: () => void;
  /** ms; null for a timeout. */
  every: number | null;
  due: number;
  timer: Timer;
}

export interface Timers {
  setTimeout(run: () => void, ms: number, ...args: unknown[]): number;
  setInterval(run: () => void, ms: number, ...args: unknown[]): number;
  changeInterval(id: number, ms: number): void;
  /** Without an argument stops every timer; with `undefined` throws. */
  clear(...ids: unknown[]): void;
  stopAll(): void;
}

export function createTimers(clock: Clock, queue: Queue): Timers {
  const entries = new Map<number, Entry>();
  let lastId = 0;

  const schedule = (id: number, entry: Entry): void => {
    entry.timer = clock.after(Math.max(0, entry.due - clock.monotonic()), () => fire(id, entry));
  };
  const fire = (id: number, entry: Entry): void => {
    if (entries.get(id) !== entry) return;
    if (entry.every === null) entries.delete(id);
    else {
      entry.due += entry.every;
      schedule(id, entry);
    }
    queue(entry.run);
  };
  const add = (run: (...args: unknown[]) => void, ms: number, args: unknown[], every: number | null): number => {
    const id = ++lastId;
    const due = clock.monotonic() + (ms > 0 ? ms : 0);
    const entry: Entry = { run: () => run(...args), every, due, timer: { cancel: () => {} } };
    entries.set(id, entry);
    schedule(id, entry);
    return id;
  };
  const remove = (id: number): void => {
    entries.get(id)?.timer.cancel();
    entries.delete(id);
  };
  const stopAll = (): void => {
    for (const id of [...entries.keys()]) remove(id);
  };

  return {
    stopAll,
    setTimeout: (run, ms, ...args) => add(run, ms, args, null),
    setInterval: (run, ms, ...args) => add(run, ms, args, Math.max(1, ms)),
    changeInterval(id, ms) {
      const entry = entries.get(id);
      if (entry === undefined) throw new Error("Unknown Interval");
      entry.timer.cancel();
      entry.every = ms;
      entry.due = clock.monotonic() + ms;
      schedule(id, entry);
    },
    clear(...ids) {
      if (ids.length === 0) stopAll();
      else if (ids[0] === undefined) throw new Error("clearTimeout(undefined) not allowed. Use clearTimeout() instead");
      else remove(Number(ids[0]));
    },
  };
}
