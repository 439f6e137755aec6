import { describe, expect, it } from "@jest/globals";
import type { Answer } from "#protocol/dashboard-events.ts";
import { createRemoval, UNDO_MS } from "../../web/model/removal.ts";
import { fakePageClock, settle } from "../support/page-clock.ts";

function setUp(answer: () => Promise<Answer<object>> = async () => ({})) {
  const clock = fakePageClock();
  const link = { up: true };
  const seen = { sent: 0, done: 0 };
  const removal = createRemoval({
    clock,
    isOpen: () => link.up,
    send() {
      seen.sent += 1;
      return answer();
    },
    done: () => {
      seen.done += 1;
    },
  });
  return { clock, link, seen, removal };
}

describe("removal of a device", () => {
  it("asks the hub only after the time to undo", async () => {
    const { clock, seen, removal } = setUp();
    removal.begin();
    await clock.advance(UNDO_MS - 1);
    expect(seen.sent).toBe(0);
    expect(removal.state.value).toMatchObject({ step: "waiting" });
    await clock.advance(1);
    expect(seen).toEqual({ sent: 1, done: 1 });
  });

  it("asks nothing once it was undone, and can begin again", async () => {
    const { clock, seen, removal } = setUp();
    removal.begin();
    removal.cancel();
    await clock.advance(UNDO_MS * 2);
    expect(seen.sent).toBe(0);
    expect(removal.state.value).toEqual({ step: "none", refusal: null });
    removal.begin();
    await clock.advance(UNDO_MS);
    expect(seen.sent).toBe(1);
  });

  it("asks nothing when the page slept through its time", async () => {
    const { clock, seen, removal } = setUp();
    removal.begin();
    await clock.advance(3_600_000);
    expect(seen.sent).toBe(0);
    expect(removal.state.value).toMatchObject({ refusal: expect.stringContaining("slept") });
  });

  it("asks nothing while the hub is away, and says so", async () => {
    const { clock, link, seen, removal } = setUp();
    removal.begin();
    link.up = false;
    await clock.advance(UNDO_MS);
    expect(seen.sent).toBe(0);
    expect(removal.state.value).toMatchObject({ step: "none", refusal: expect.any(String) });
  });

  it("keeps the sentence of a refusal, and of no answer", async () => {
    const refused = setUp(async () => ({ error: { code: "NO_DEVICE", message: "There is no such device." } }));
    refused.removal.begin();
    await refused.clock.advance(UNDO_MS);
    expect(refused.removal.state.value).toEqual({ step: "none", refusal: "There is no such device." });
    const silent = setUp(() => Promise.reject(new Error("timeout")));
    silent.removal.begin();
    await silent.clock.advance(UNDO_MS);
    await settle();
    expect(silent.removal.state.value).toMatchObject({ step: "none", refusal: expect.any(String) });
    expect(silent.seen.done).toBe(0);
  });
});
