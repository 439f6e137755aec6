/** Keeps one part running: starts it again, with back-off, whenever it ends. Called by the house for the agent and the simulator. */
import type { Backoff } from "#base/backoff.ts";
import type { Clock, Timer } from "#base/clock.ts";
import { type Child, describeExit, type Exit } from "./child.ts";

/** A part that ran this long was well: the next wait is short again. */
const WELL_AFTER_MS = 60_000;

export interface Keeper {
  start(): void;
  /** Stops the part, kills it after `graceMs`, and starts it no more. */
  stop(graceMs: number): Promise<void>;
}

export interface KeeperParts {
  readonly clock: Clock;
  readonly backoff: Backoff;
  run(): Child;
  say(sentence: string): void;
}

export function createKeeper({ clock, backoff, run, say }: KeeperParts): Keeper {
  let child: Child | null = null;
  let waiting: Timer | null = null;
  let stopped = false;

  function start(): void {
    const startedAt = clock.monotonic();
    child = run();
    void child.exited.then((exit) => onExit(exit, clock.monotonic() - startedAt));
  }

  function onExit(exit: Exit, livedMs: number): void {
    child = null;
    if (stopped) return;
    if (livedMs >= WELL_AFTER_MS) backoff.reset();
    const waitMs = backoff.next();
    say(`stopped (${describeExit(exit)}); starting again in ${(waitMs / 1000).toFixed(1)} s`);
    waiting = clock.after(waitMs, start);
  }

  return {
    start,
    async stop(graceMs) {
      stopped = true;
      waiting?.cancel();
      await child?.stop(graceMs);
    },
  };
}
