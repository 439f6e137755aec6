import { expect, it } from "@jest/globals";
import { PresenceWatch } from "../../../hub/devices/watch.ts";
import { fakeClock } from "../../support/fake-clock.ts";

function setUp() {
  const clock = fakeClock();
  /** When each is really due, as its beats have moved it. */
  const due = new Map<string, number>();
  const looks: string[] = [];
  const watch = new PresenceWatch<string>(clock, (one) => {
    looks.push(one);
    const at = due.get(one) ?? null;
    return at !== null && at > clock.monotonic() ? at : null;
  });
  watch.start();
  function expectAt(one: string, ms: number): void {
    due.set(one, ms);
    watch.expect(one, ms);
  }
  return { clock, watch, looks, expectAt };
}

it("looks when something is due, not before, and at most two slots later", async () => {
  const { clock, looks, expectAt } = setUp();
  expectAt("a", 1_000);
  await clock.advance(999);
  expect(looks).toEqual([]);
  await clock.advance(101);
  expect(looks).toEqual(["a"]);
});

it("does nothing for a beat that only puts it off, but looks once more when the first time comes", async () => {
  const { clock, looks, expectAt } = setUp();
  for (let ms = 2_000; ms <= 60_000; ms += 1_000) {
    expectAt("a", ms);
    await clock.advance(1_000);
  }
  // One look for each time that came round, none for each beat.
  expect(looks.length).toBeLessThan(60);
  looks.length = 0;
  await clock.advance(2_000);
  expect(looks.length).toBeGreaterThan(0);
});

it("looks earlier when the time moves nearer", async () => {
  const { clock, looks, expectAt } = setUp();
  expectAt("a", 60_000);
  expectAt("a", 500);
  await clock.advance(650);
  expect(looks).toEqual(["a"]);
});

it("looks at nothing that was forgotten, and stops when it is closed", async () => {
  const { clock, watch, looks, expectAt } = setUp();
  expectAt("a", 500);
  watch.forget("a");
  await clock.advance(1_000);
  expectAt("b", 1_500);
  watch.close();
  await clock.advance(5_000);
  expect(looks).toEqual([]);
});
