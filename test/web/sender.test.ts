import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Answer } from "#protocol/dashboard-events.ts";
import type { WireError } from "#protocol/errors.ts";
import type { Value } from "#protocol/values.ts";
import { createSender, FORGET_AFTER_MS, MAX_UNANSWERED } from "../../web/model/sender.ts";
import { fakePageClock, settle } from "../support/page-clock.ts";

const LOST: WireError = { code: "LOST", message: "lost" };

function setUp() {
  const clock = fakePageClock();
  const sent: Value[] = [];
  const open: { resolve: (answer: Answer<unknown>) => void; reject: (error: Error) => void }[] = [];
  const outcomes: (WireError | null)[] = [];
  const link = { up: true };
  let most = 0;
  const sender = createSender({
    clock,
    lost: LOST,
    isOpen: () => link.up,
    settled: (refusal) => outcomes.push(refusal),
    send(value) {
      sent.push(value);
      return new Promise((resolve, reject) => {
        open.push({ resolve, reject });
        most = Math.max(most, open.length);
      });
    },
  });
  async function answer(value: Answer<unknown> = { desired: 0 }): Promise<void> {
    open.shift()?.resolve(value);
    await settle();
  }
  async function lose(): Promise<void> {
    link.up = false;
    for (const { reject } of open.splice(0)) reject(new Error("lost"));
    await settle();
  }
  return { clock, sender, sent, open, outcomes, link, answer, lose, most: () => most };
}

describe("sender", () => {
  it("sends one value a frame, the newest", async () => {
    const { sender, clock, sent } = setUp();
    for (const value of [1, 2, 3]) sender.push(value);
    expect(sent).toEqual([]);
    await clock.paint();
    expect(sent).toEqual([3]);
  });

  it("holds the newest value when too many are unanswered, until one is answered", async () => {
    const { sender, clock, sent, answer } = setUp();
    for (let value = 1; value <= MAX_UNANSWERED + 3; value++) {
      sender.push(value);
      await clock.paint();
    }
    expect(sent).toHaveLength(MAX_UNANSWERED);
    await answer();
    await clock.paint();
    expect(sent.at(-1)).toBe(MAX_UNANSWERED + 3);
    expect(sent).toHaveLength(MAX_UNANSWERED + 1);
  });

  it("tells the outcome of the last value only", async () => {
    const { sender, clock, answer, outcomes } = setUp();
    const refusal = { code: "INVALID_VALUE", message: "no" };
    sender.push(1);
    await clock.paint();
    sender.push(2);
    await answer({ error: refusal });
    expect(outcomes).toEqual([]);
    await clock.paint();
    await answer();
    expect(outcomes).toEqual([null]);
  });

  it("sends a value again that the link lost, unless a newer one waits", async () => {
    const { sender, clock, sent, lose, link } = setUp();
    sender.push(1);
    await clock.paint();
    await lose();
    await clock.paint();
    expect(sent).toEqual([1]);
    link.up = true;
    sender.reopened();
    await clock.paint();
    expect(sent).toEqual([1, 1]);
    await lose();
    sender.push(2);
    link.up = true;
    sender.reopened();
    await clock.paint();
    expect(sent).toEqual([1, 1, 2]);
  });

  it("gives up a value that could not go for five seconds, and says so", async () => {
    const { sender, clock, sent, outcomes, link } = setUp();
    link.up = false;
    sender.push(1);
    await clock.paint();
    await clock.advance(FORGET_AFTER_MS + 1);
    link.up = true;
    sender.reopened();
    await clock.paint();
    expect(sent).toEqual([]);
    expect(outcomes).toEqual([LOST]);
  });

  it("always ends with the last value sent, and never too many unanswered", async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("push" as const), value: fc.integer() }),
      fc.constantFrom(
        { do: "paint" as const },
        { do: "answer" as const },
        { do: "lose" as const },
        { do: "up" as const },
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer(), async (steps, last) => {
        const { sender, clock, sent, open, link, answer, lose, most } = setUp();
        for (const one of [...steps, { do: "push" as const, value: last }]) {
          if (one.do === "push") sender.push(one.value);
          if (one.do === "paint") await clock.paint();
          if (one.do === "answer") await answer();
          if (one.do === "lose") await lose();
          if (one.do === "up") link.up = true;
        }
        link.up = true;
        sender.reopened();
        for (let i = 0; i < MAX_UNANSWERED + 3; i++) {
          await clock.paint();
          if (open.length > 0) await answer();
        }
        expect(sent.at(-1)).toBe(last);
        expect(most()).toBeLessThanOrEqual(MAX_UNANSWERED);
      }),
      { numRuns: 60 },
    );
  });
});
