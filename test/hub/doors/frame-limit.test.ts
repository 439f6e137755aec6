/** What becomes of a device that speaks too fast. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { LIMITS } from "../../../hub/base/limits.ts";
import { FrameLimit } from "../../../hub/doors/frame-limit.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";

describe("a device that speaks too fast", () => {
  let clock: FakeClock;
  let delivered: Array<readonly [string, unknown]>;
  let dropped: number;
  let isOut: boolean;
  let limit: FrameLimit;

  beforeEach(() => {
    clock = fakeClock();
    delivered = [];
    dropped = 0;
    isOut = false;
    limit = new FrameLimit({
      clock,
      frames: { perSecond: 10, burst: 5 },
      bytes: { perSecond: 1_000, burst: 2_000 },
      deliver: (event, [data]) => void delivered.push([event, data]),
      onDropped: () => {
        dropped += 1;
      },
      onStubborn: () => {
        isOut = true;
      },
    });
  });

  const report = (values: object, bytes = 10): void => limit.take("report", [values, {}], bytes);

  it("is heard at once within its burst, and within its rate for ever", async () => {
    for (let i = 0; i < 5; i++) report({ n: i });
    expect(delivered).toHaveLength(5);
    for (let i = 0; i < 100; i++) {
      await clock.advance(100);
      report({ n: i });
    }
    expect(delivered).toHaveLength(105);
    expect(dropped).toBe(0);
  });

  it("has the newest value of each property taken as soon as its rate allows, and is told so once a second", async () => {
    for (let i = 0; i < 5; i++) report({ n: i });
    report({ n: 5, light: 1 });
    report({ n: 6 });
    report({ n: 7 });
    expect(delivered).toHaveLength(5);
    await clock.advance(100);
    expect(delivered.at(-1)).toEqual(["report", { n: 7, light: 1 }]);
    expect(dropped).toBe(1);
  });

  it("gets its answers in their order, later; and none for more than can wait", async () => {
    for (let i = 0; i < 5; i++) report({ n: i });
    for (let i = 0; i < LIMITS.framesWaiting + 3; i++) limit.take("reports", [[[i, { n: i }]], () => {}], 10);
    expect(delivered).toHaveLength(5);
    expect(dropped).toBe(1);
    await clock.advance(10_000);
    const batches = delivered.slice(5).map(([, data]) => (data as number[][])[0]?.[0]);
    expect(batches).toEqual(Array.from({ length: LIMITS.framesWaiting }, (_, i) => i));
  });

  it("has all else dropped", async () => {
    for (let i = 0; i < 6; i++) limit.take("message", ["x"], 10);
    await clock.advance(1_000);
    expect(delivered).toHaveLength(5);
    expect(dropped).toBe(1);
  });

  it("counts bytes as well as frames", () => {
    report({ n: 1 }, 1_500);
    report({ n: 2 }, 1_500);
    expect(delivered).toEqual([["report", { n: 1 }]]);
  });

  it("is sent away when it goes on and on, and not when it pauses", async () => {
    for (let i = 0; i < 200; i++) {
      for (let j = 0; j < 10; j++) limit.take("message", ["x"], 1);
      await clock.advance(50);
      if (i === 100) await clock.advance(3_000);
      expect(isOut).toBe(false);
    }
    for (let i = 0; i < LIMITS.stubbornMs / 50 && !isOut; i++) {
      for (let j = 0; j < 10; j++) limit.take("message", ["x"], 1);
      await clock.advance(50);
    }
    expect(isOut).toBe(true);
  });

  it("leaves nothing behind when it is gone", async () => {
    for (let i = 0; i < 8; i++) report({ n: i });
    limit.close();
    await clock.advance(10_000);
    expect([delivered.length, clock.timers]).toEqual([5, 0]);
  });
});
