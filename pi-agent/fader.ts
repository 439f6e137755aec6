/** One timer for all fades of an agent: it runs only while something fades. Created by outputs.ts, used by the lamps. */
import type { Clock, Timer } from "#base/clock.ts";

export interface Fader {
  /** Calls `step` every `stepMs` until it is removed; adding it twice does nothing. */
  add(step: () => void): void;
  remove(step: () => void): void;
}

export function createFader(clock: Clock, stepMs: number): Fader {
  const steps = new Set<() => void>();
  let timer: Timer | null = null;
  return {
    add(step) {
      steps.add(step);
      timer ??= clock.every(stepMs, () => {
        for (const run of steps) run();
      });
    },
    remove(step) {
      steps.delete(step);
      if (steps.size > 0) return;
      timer?.cancel();
      timer = null;
    },
  };
}
