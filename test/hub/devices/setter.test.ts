/** The right slider (protocol 6.4), by examples. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { PharosError } from "#protocol/errors.ts";
import { settle } from "../../support/fake-clock.ts";
import { GIVE_UP_MS, LATE_MS, SetterBench } from "../../support/setter-bench.ts";

describe("the setter", () => {
  let bench: SetterBench;
  beforeEach(() => {
    bench = new SetterBench();
  });

  it("sends a value at once", () => {
    bench.ask("brightness", 37);
    expect(bench.frames).toEqual([{ brightness: 37 }]);
  });

  it("sends nothing more while a frame is unanswered, then only the newest value", async () => {
    for (const value of [1, 2, 3, 4]) bench.ask("brightness", value);
    expect(bench.frames).toEqual([{ brightness: 1 }]);
    bench.frame(0).answer();
    await settle();
    expect(bench.frames).toEqual([{ brightness: 1 }, { brightness: 4 }]);
  });

  it("gathers further values of several properties in one frame", async () => {
    bench.ask("brightness", 1);
    bench.ask("brightness", 2);
    bench.ask("power", true);
    bench.frame(0).answer();
    await settle();
    expect(bench.frames[1]).toEqual({ brightness: 2, power: true });
  });

  it("sends values of differing transitions as separate frames", async () => {
    bench.ask("brightness", 1);
    bench.ask("brightness", 2, 500);
    bench.ask("hue", 3, 500);
    bench.ask("power", true);
    bench.frame(0).answer();
    await settle();
    expect(bench.frames[1]).toEqual({ brightness: 2, hue: 3, transition: 500 });
    bench.frame(1).answer();
    await settle();
    expect(bench.frames[2]).toEqual({ power: true });
  });

  it("sends a transition of 0, which is not the same as none", () => {
    bench.ask("brightness", 1, 0);
    expect(bench.frames).toEqual([{ brightness: 1, transition: 0 }]);
  });

  it("tells an asker what the device accepted", async () => {
    const asked = bench.ask("brightness", 37);
    bench.frame(0).answer({ brightness: 35 });
    await settle();
    expect(asked.outcomes).toEqual([{ applied: 35 }]);
    expect(bench.applied).toEqual([{ brightness: 35 }]);
  });

  it("takes an answer without the property as the value that was asked", async () => {
    const asked = bench.ask("constructor", 1);
    bench.frame(0).answer({});
    await settle();
    expect(asked.outcomes).toEqual([{ applied: 1 }]);
  });

  it("gives a superseded asker the newer value's outcome", async () => {
    bench.ask("brightness", 1);
    const superseded = bench.ask("brightness", 2);
    const newest = bench.ask("brightness", 3);
    bench.frame(0).answer();
    await settle();
    expect(superseded.outcomes).toEqual([]);
    bench.frame(1).answer();
    await settle();
    expect([superseded.outcomes, newest.outcomes]).toEqual([[{ applied: 3 }], [{ applied: 3 }]]);
  });

  it("sends the next frame when the first is not answered within a second", async () => {
    bench.ask("brightness", 1);
    bench.ask("brightness", 2);
    await bench.clock.advance(999);
    expect(bench.frames).toHaveLength(1);
    await bench.clock.advance(1);
    expect(bench.frames).toEqual([{ brightness: 1 }, { brightness: 2 }]);
  });

  it("hands those who asked in a given-up frame to the newer value, waiting or yet to come", async () => {
    const first = bench.ask("brightness", 1);
    await bench.clock.advance(1_500);
    const second = bench.ask("brightness", 2);
    bench.frame(1).answer();
    await settle();
    expect([first.outcomes, second.outcomes]).toEqual([[{ applied: 2 }], [{ applied: 2 }]]);
  });

  it("takes a late answer when there is nothing newer", async () => {
    const asked = bench.ask("brightness", 1);
    await bench.clock.advance(4_000);
    expect(asked.outcomes).toEqual([]);
    bench.frame(0).answer();
    await settle();
    expect(asked.outcomes).toEqual([{ applied: 1 }]);
    expect(bench.applied).toEqual([{ brightness: 1 }]);
  });

  it("drops a late answer that is older than the last one", async () => {
    bench.ask("brightness", 1);
    bench.ask("brightness", 2);
    await bench.clock.advance(GIVE_UP_MS);
    bench.frame(1).answer();
    await settle();
    bench.frame(0).answer();
    await settle();
    expect(bench.applied).toEqual([{ brightness: 2 }]);
  });

  it("does not call failed what was applied since by a newer frame", async () => {
    bench.ask("brightness", 1);
    bench.ask("brightness", 2);
    await bench.clock.advance(GIVE_UP_MS);
    bench.frame(1).answer();
    await bench.clock.advance(2 * LATE_MS);
    expect(bench.failed).toEqual([]);
  });

  it("does not call failed what was answered by a report", async () => {
    const asked = bench.ask("brightness", 1);
    bench.setter.reported("brightness", 1);
    await bench.clock.advance(2 * LATE_MS);
    expect(asked.outcomes).toEqual([{ applied: 1 }]);
    expect(bench.applied).toEqual([{ brightness: 1 }]);
    expect(bench.failed).toEqual([]);
  });

  it("says which property failed, once it is silent for good", async () => {
    const asked = bench.ask("brightness", 1);
    await bench.clock.advance(LATE_MS);
    expect(asked.outcomes).toMatchObject([{ error: { code: "TIMEOUT" } }]);
    expect(bench.failed).toEqual([[["brightness"], "TIMEOUT"]]);
  });

  it("tells an asker the device's refusal, and goes on", async () => {
    const refused = bench.ask("brightness", 1);
    const next = bench.ask("power", true);
    bench.frame(0).refuse(new PharosError("FAILED"));
    await settle();
    bench.frame(1).answer();
    await settle();
    expect(refused.outcomes).toMatchObject([{ error: { code: "FAILED" } }]);
    expect(next.outcomes).toEqual([{ applied: true }]);
    expect(bench.failed).toEqual([[["brightness"], "FAILED"]]);
  });

  it("calls a refusal a failure although an older frame is still unanswered", async () => {
    bench.ask("brightness", 1);
    bench.ask("brightness", 2);
    await bench.clock.advance(GIVE_UP_MS);
    bench.frame(1).refuse(new PharosError("FAILED"));
    await settle();
    expect(bench.failed).toEqual([[["brightness"], "FAILED"]]);
    bench.frame(0).answer();
    await settle();
    expect(bench.applied).toEqual([]);
  });

  it("does not call a refused value failed while a newer one waits", async () => {
    bench.ask("brightness", 1);
    bench.ask("brightness", 2);
    bench.frame(0).refuse(new PharosError("FAILED"));
    await settle();
    expect(bench.failed).toEqual([]);
  });

  it("counts a report as the answer and sends the next frame", () => {
    const asked = bench.ask("brightness", 1);
    bench.ask("brightness", 2);
    bench.setter.reported("brightness", 1);
    expect(bench.frames).toEqual([{ brightness: 1 }, { brightness: 2 }]);
    return settle().then(() => expect(asked.outcomes).toEqual([{ applied: 1 }]));
  });

  it("waits for the reports of all properties of a frame", () => {
    bench.setter.requestAll({ brightness: 1, power: true });
    bench.ask("brightness", 2);
    bench.setter.reported("brightness", 1);
    expect(bench.frames).toHaveLength(1);
    bench.setter.reported("power", true);
    expect(bench.frames).toHaveLength(2);
  });

  it("does not let the late answer of a reported frame overwrite a newer report", async () => {
    bench.ask("brightness", 1);
    bench.ask("brightness", 2);
    bench.setter.reported("brightness", 1);
    bench.setter.reported("brightness", 2);
    bench.frame(0).answer();
    await settle();
    expect(bench.applied).toEqual([{ brightness: 1 }, { brightness: 2 }]);
  });

  it("knows a report for an answer as long as a value is on its way, also after it was given up", async () => {
    bench.ask("brightness", 1);
    expect(bench.setter.isBusyWith("brightness")).toBe(true);
    expect(bench.setter.isBusyWith("power")).toBe(false);
    await bench.clock.advance(1_500);
    expect(bench.setter.isBusyWith("brightness")).toBe(true);
    bench.setter.reported("brightness", 1);
    expect(bench.setter.isBusyWith("brightness")).toBe(false);
  });

  it("takes no report for an answer when nothing is on its way", () => {
    bench.setter.reported("brightness", 5);
    expect(bench.applied).toEqual([]);
  });

  it("tells every asker OFFLINE when the connection is gone, also those of given-up frames", async () => {
    const lost = bench.ask("hue", 1);
    await bench.clock.advance(GIVE_UP_MS);
    const flying = bench.ask("brightness", 1);
    const waiting = bench.ask("brightness", 2);
    bench.setter.drop();
    await settle();
    for (const { outcomes } of [lost, flying, waiting])
      expect(outcomes).toMatchObject([{ error: { code: "OFFLINE" } }]);
    expect(["hue", "brightness"].filter((name) => bench.setter.isBusyWith(name))).toEqual([]);
  });

  it("hears nothing of an earlier connection after the device returned", async () => {
    bench.ask("brightness", 1);
    bench.ask("power", true);
    await bench.clock.advance(GIVE_UP_MS);
    bench.setter.drop();
    bench.ask("brightness", 2);
    bench.frame(0).answer();
    await settle();
    bench.frame(2).answer();
    await bench.clock.advance(2 * LATE_MS);
    expect(bench.applied).toEqual([{ brightness: 2 }]);
    expect(bench.failed).toEqual([]);
  });

  it("replays nothing after the connection was gone", async () => {
    bench.ask("brightness", 1);
    bench.ask("brightness", 2);
    bench.setter.drop();
    await bench.clock.advance(LATE_MS);
    expect(bench.frames).toEqual([{ brightness: 1 }]);
  });

  it("lets no more than its limit wait for one property", async () => {
    bench = new SetterBench(3);
    bench.ask("brightness", 0);
    const askers = [1, 2, 3, 4, 5].map((value) => bench.ask("brightness", value));
    await settle();
    const settled = askers.map(({ outcomes }) => outcomes.length);
    expect(settled).toEqual([1, 1, 0, 0, 0]);
    expect(askers[0]?.outcomes).toMatchObject([{ error: { code: "TIMEOUT" } }]);
  });

  it("sends at most 6 frames to a device that answers every 500 ms, of 200 requests in 2 s, the last one last", async () => {
    bench.onSend = (sent) => bench.clock.after(500, () => sent.answer());
    const askers = [];
    for (let i = 1; i <= 200; i++) {
      askers.push(bench.ask("brightness", i / 2));
      await bench.clock.advance(10);
    }
    await bench.clock.advance(1_500);
    expect(bench.sent.length).toBeLessThanOrEqual(6);
    expect(bench.frames.at(-1)).toEqual({ brightness: 100 });
    expect(bench.applied.at(-1)).toEqual({ brightness: 100 });
    expect(askers.every(({ outcomes }) => outcomes.length === 1)).toBe(true);
  });
});
