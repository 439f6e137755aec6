import { describe, expect, it } from "@jest/globals";
import { SignInGuard } from "../../../hub/access/sign-in-guard.ts";
import { fakeClock } from "../../support/fake-clock.ts";

function bench() {
  const clock = fakeClock();
  const guard = new SignInGuard(clock);
  /** Seconds to wait before the next try; 0 for none. */
  const wait = (name: string, address: string): number => {
    try {
      guard.check(name, address);
      return 0;
    } catch (error) {
      expect(error).toMatchObject({ code: "TOO_MANY" });
      return Number(/Wait (\d+) s/.exec((error as Error).message)?.[1]);
    }
  };
  const fail = (times: number, name: string, address: string): void => {
    for (let i = 0; i < times; i++) guard.failed(name, address);
  };
  return { clock, guard, wait, fail };
}

describe("the sign-in guard", () => {
  it("lets a few tries pass, then doubles the wait up to five minutes", async () => {
    const { clock, wait, fail } = bench();
    fail(3, "ann", "a");
    expect(wait("ann", "a")).toBe(0);
    const waits: number[] = [];
    for (let i = 0; i < 11; i++) {
      fail(1, "ann", `address ${i}`);
      const seconds = wait("ann", "b");
      waits.push(seconds);
      await clock.advance(seconds * 1_000 - 1);
      expect(wait("ann", "b")).toBe(1);
      await clock.advance(1);
      expect(wait("ann", "b")).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it("counts by name from wherever, and by address for whatever name", () => {
    const { wait, fail } = bench();
    for (let i = 0; i < 4; i++) fail(1, "ann", `address ${i}`);
    expect([wait("ann", "new"), wait("bob", "address 0")]).toEqual([1, 0]);
    for (let i = 0; i < 20; i++) fail(1, `name ${i}`, "school");
    expect([wait("new", "school"), wait("new", "elsewhere")]).toEqual([1, 0]);
  });

  it("forgets after a quarter of an hour without a try", async () => {
    const { clock, wait, fail } = bench();
    fail(12, "ann", "a");
    expect(wait("ann", "a")).toBe(256);
    await clock.advance(900_001);
    fail(1, "ann", "a");
    expect(wait("ann", "a")).toBe(0);
  });

  it("forgets the name of who gave the right password, and of the address only that try", () => {
    const { guard, wait, fail } = bench();
    fail(19, "guessed", "a");
    for (let i = 0; i < 30; i++) {
      guard.failed("ann", "a");
      guard.succeeded("ann", "a");
    }
    expect(wait("ann", "a")).toBe(0);
    fail(1, "guessed", "a");
    guard.failed("ann", "a");
    guard.succeeded("ann", "a");
    expect(wait("ann", "a")).toBe(1);
  });

  it("lets a whole class sign in from behind one address", () => {
    const { guard, wait } = bench();
    for (let i = 0; i < 60; i++) {
      expect(wait(`pupil ${i}`, "school")).toBe(0);
      guard.failed(`pupil ${i}`, "school");
      guard.succeeded(`pupil ${i}`, "school");
    }
  });

  it("keeps 10,000 names, and forgets the one that was tried longest ago", () => {
    const { wait, fail } = bench();
    fail(8, "first", "x");
    fail(8, "second", "y");
    for (let i = 0; i < 9_998; i++) fail(1, `name ${i}`, `address ${i}`);
    fail(1, "first", "x");
    fail(1, "one more", "one more");
    expect(wait("first", "new")).toBe(32);
    expect(wait("second", "new")).toBe(0);
  });
});
