/** After the hub itself was held up, its one timer fires before the sockets are read. */
import { describe, expect, it } from "@jest/globals";
import type { Clock } from "#base/clock.ts";
import { PresenceWatch } from "../../../hub/devices/watch.ts";

/** A clock whose timer the test fires itself, as a held-up event loop does. */
function stalledClock() {
  let time = 0;
  let fire = (): void => {};
  const clock: Clock = {
    now: () => time,
    monotonic: () => time,
    after: () => ({ cancel() {} }),
    every: (_ms, run) => {
      fire = run;
      return { cancel() {} };
    },
  };
  const pass = (ms: number): void => {
    time += ms;
    fire();
  };
  return { clock, pass };
}

describe("a hub that was held up", () => {
  it("hears what waits before it judges, and puts judging off only once", () => {
    const { clock, pass } = stalledClock();
    const judged: number[] = [];
    const watch = new PresenceWatch<string>(clock, () => {
      judged.push(clock.monotonic());
      return null;
    });
    watch.start();
    watch.expect("a", 2_000);
    pass(5_000);
    expect(judged).toEqual([]);
    pass(5_000);
    expect(judged).toEqual([10_000]);
    watch.close();
  });
});
