import { describe, expect, it } from "@jest/globals";
import { createBackoff } from "#base/backoff.ts";
import type { Child, Exit } from "../../cli/child.ts";
import { createKeeper } from "../../cli/keeper.ts";
import { fakeClock, settle } from "../support/fake-clock.ts";

/** A keeper over children that end when the test says so. */
function keeping() {
  const clock = fakeClock();
  const ends: ((exit: Exit) => void)[] = [];
  const said: string[] = [];
  function run(): Child {
    const { promise, resolve } = newExit();
    ends.push(resolve);
    return {
      exited: promise,
      stop: () => {
        resolve({ code: 0, signal: null });
        return promise;
      },
    };
  }
  const keeper = createKeeper({ clock, backoff: createBackoff(1000, 4000, () => 1), run, say: (s) => said.push(s) });
  return {
    clock,
    keeper,
    said,
    started: () => ends.length,
    async end(exit: Exit = { code: 1, signal: null }) {
      ends.at(-1)?.(exit);
      await settle();
    },
  };
}

function newExit(): { promise: Promise<Exit>; resolve: (exit: Exit) => void } {
  let resolve: (exit: Exit) => void = () => {};
  const promise = new Promise<Exit>((settled) => {
    resolve = settled;
  });
  return { promise, resolve };
}

describe("the keeper of a part", () => {
  it("says that the part ended and starts it again after the wait", async () => {
    const { keeper, clock, said, started, end } = keeping();
    keeper.start();
    await end({ code: null, signal: "SIGKILL" });
    expect(said).toEqual(["stopped (SIGKILL); starting again in 1.0 s"]);
    await clock.advance(999);
    expect(started()).toBe(1);
    await clock.advance(1);
    expect(started()).toBe(2);
  });

  it("waits longer each time, up to the longest wait", async () => {
    const { keeper, clock, said, end } = keeping();
    keeper.start();
    for (let i = 0; i < 4; i++) {
      await end();
      await clock.advance(4000);
    }
    expect(said.map((s) => /in ([\d.]+) s/.exec(s)?.[1])).toEqual(["1.0", "2.0", "4.0", "4.0"]);
  });

  it("waits the short time again after a part that ran well", async () => {
    const { keeper, clock, said, end } = keeping();
    keeper.start();
    await end();
    await clock.advance(1000 + 60_000);
    await end();
    expect(said.at(-1)).toMatch(/in 1\.0 s/);
  });

  it("starts nothing more once stopped, neither running nor waiting", async () => {
    const running = keeping();
    running.keeper.start();
    await running.keeper.stop(1000);
    await running.clock.advance(60_000);
    expect(running.started()).toBe(1);
    expect(running.said).toEqual([]);

    const waiting = keeping();
    waiting.keeper.start();
    await waiting.end();
    await waiting.keeper.stop(1000);
    await waiting.clock.advance(60_000);
    expect(waiting.started()).toBe(1);
  });
});
