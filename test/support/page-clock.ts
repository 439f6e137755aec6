/** The page's clock, its frames and timers turned by a test. */
import type { PageClock } from "../../web/model/clock.ts";

export interface FakePageClock extends PageClock {
  /** Runs the frames asked for so far, and lets promises settle. */
  paint(): Promise<void>;
  /** Turns time forward, firing what is due. */
  advance(ms: number): Promise<void>;
}

export function fakePageClock(start = 1_000_000): FakePageClock {
  let now = start;
  let frames: (() => void)[] = [];
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    frame: (run) => {
      frames.push(run);
    },
    async paint() {
      const due = frames;
      frames = [];
      for (const run of due) run();
      await settle();
    },
    async advance(ms) {
      now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer);
        timer.run();
      }
      await settle();
    },
  };
}

/** Lets everything that is ready now run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
