import { describe, expect, it } from "@jest/globals";
import { signal } from "@preact/signals";
import type { Answer } from "#protocol/dashboard-events.ts";
import type { Value } from "#protocol/values.ts";
import type { PropertyState, Wish } from "#protocol/views.ts";
import { createKnob, KEY_HOLD_MS } from "../../web/model/knob.ts";
import { fakePageClock, settle } from "../support/page-clock.ts";

function wish(value: Value, status: Wish["status"] = "applied"): Wish {
  return { value, by: "page", at: 0, status };
}

function setUp(start: Partial<PropertyState> = {}) {
  const clock = fakePageClock();
  const state = signal<PropertyState>({ desired: null, reported: null, heldBy: null, ...start });
  const holds: boolean[] = [];
  const answers: ((answer: Answer<unknown>) => void)[] = [];
  const knob = createKnob({
    clock,
    state,
    lost: { code: "LOST", message: "lost" },
    isOpen: () => true,
    send: () => new Promise((resolve) => answers.push(resolve)),
    hold: (held) => holds.push(held),
  });
  function tell(part: Partial<PropertyState>): void {
    state.value = { ...state.value, ...part };
    knob.told();
  }
  async function answer(value: Answer<unknown> = { desired: 0 }): Promise<void> {
    await clock.paint();
    answers.shift()?.(value);
    await settle();
  }
  return { clock, knob, holds, tell, answer };
}

describe("knob", () => {
  it("shows the wish, or what the device reported while nothing was wished", () => {
    const { knob, tell } = setUp();
    expect(knob.shown.value).toBeUndefined();
    tell({ reported: { value: 20, at: 0 } });
    expect(knob.shown.value).toBe(20);
    tell({ desired: wish(30) });
    expect(knob.shown.value).toBe(30);
  });

  it("does not move while held, whatever the hub says", () => {
    const { knob, tell } = setUp({ desired: wish(10) });
    knob.grab();
    tell({ desired: wish(90) });
    expect(knob.shown.value).toBe(10);
    knob.release();
    expect(knob.shown.value).toBe(90);
  });

  it("pins the lower end when a hand takes a slider of which nothing is known", () => {
    const { knob, tell } = setUp();
    knob.grab(0);
    tell({ desired: wish(90) });
    expect(knob.shown.value).toBe(0);
  });

  it("shows its own value after release until the hub's word of it", async () => {
    const { knob, tell, answer } = setUp({ desired: wish(10) });
    knob.grab();
    knob.choose(40);
    knob.release();
    tell({ desired: wish(20) });
    expect(knob.shown.value).toBe(40);
    await answer();
    expect(knob.shown.value).toBe(40);
    tell({ desired: wish(40, "sent") });
    expect(knob.shown.value).toBe(40);
    tell({ desired: wish(55) });
    expect(knob.shown.value).toBe(55);
  });

  it("follows the hub at last when it kept the value but never spoke of it", async () => {
    const { knob, answer, clock } = setUp({ desired: wish(10) });
    knob.choose(40);
    await answer();
    expect(knob.shown.value).toBe(40);
    await clock.advance(2000);
    expect(knob.shown.value).toBe(10);
  });

  it("goes back and keeps the sentence when the hub refuses, until the next wish", async () => {
    const { knob, answer } = setUp({ desired: wish(10) });
    knob.choose(40);
    await answer({ error: { code: "READ_ONLY", message: "no" } });
    expect(knob.shown.value).toBe(10);
    expect(knob.look.value).toBe("failed");
    expect(knob.hand.value.refusal?.message).toBe("no");
    knob.choose(41);
    expect(knob.look.value).toBe("requested");
  });

  it("has a look for each fate of a wish", () => {
    const { knob, tell } = setUp();
    expect(knob.look.value).toBe("unknown");
    const looks = (["sent", "applied", "waiting", "failed"] as const).map((status) => {
      tell({ desired: wish(1, status) });
      return knob.look.value;
    });
    expect(looks).toEqual(["requested", "applied", "waiting", "failed"]);
  });

  it("shows a value as applied once it is, although the hand still holds", async () => {
    const { knob, tell, answer } = setUp({ desired: wish(10) });
    knob.grab();
    knob.choose(40);
    await answer();
    expect(knob.look.value).toBe("requested");
    tell({ desired: wish(40) });
    expect(knob.look.value).toBe("applied");
  });

  it("holds for a moment after a key, and tells the hub when the hand comes and goes", async () => {
    const { knob, tell, clock, holds, answer } = setUp({ desired: wish(10) });
    knob.nudge(11);
    await clock.advance(KEY_HOLD_MS - 1);
    knob.nudge(12);
    await answer();
    await clock.advance(KEY_HOLD_MS - 1);
    tell({ desired: wish(90) });
    expect(knob.shown.value).toBe(12);
    await clock.advance(2);
    expect(knob.shown.value).toBe(90);
    expect(holds).toEqual([true, false]);
  });

  it("tells the hub again that it is held when the link returns", () => {
    const { knob, holds } = setUp({ desired: wish(10) });
    knob.grab();
    knob.reopened();
    expect(holds).toEqual([true, true]);
  });
});
