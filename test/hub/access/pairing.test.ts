import { describe, expect, it } from "@jest/globals";
import { type ErrorCode, PharosError } from "#protocol/errors.ts";
import { Pairing } from "../../../hub/access/pairing.ts";
import { fakeClock } from "../../support/fake-clock.ts";

function bench() {
  const clock = fakeClock();
  const told: string[] = [];
  const counter = { changes: 0 };
  const pairing = new Pairing(clock, () => {
    counter.changes += 1;
  });
  const wait = (device: string, waiting = {}): (() => void) =>
    pairing.wait(
      { device, address: "10.0.0.9", door: "websocket", name: null, model: null, since: clock.now() },
      { approve: () => told.push(`approved ${device}`), refuse: () => told.push(`refused ${device}`), ...waiting },
    );
  const ids = (): readonly string[] => pairing.view().pending.map(({ device }) => device);
  return { clock, pairing, told, counter, wait, ids };
}

function refusal(run: () => unknown): ErrorCode | null {
  try {
    run();
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(PharosError);
    return (error as PharosError).code;
  }
}

describe("pairing", () => {
  it("lets nobody wait while the window is closed", () => {
    const { pairing, wait } = bench();
    expect(pairing.view()).toEqual({ until: null, pending: [] });
    expect(refusal(() => wait("lamp"))).toBe("UNAUTHORIZED");
  });

  it("is open for so long, then refuses who still waits", async () => {
    const { clock, pairing, told, wait, ids } = bench();
    pairing.open(300_000);
    expect(pairing.view().until).toBe(clock.now() + 300_000);
    wait("lamp");
    await clock.advance(299_999);
    expect([pairing.isOpen, ids()]).toEqual([true, ["lamp"]]);
    await clock.advance(1);
    expect([pairing.isOpen, ids(), told]).toEqual([false, [], ["refused lamp"]]);
    expect(refusal(() => wait("lamp"))).toBe("UNAUTHORIZED");
    expect(clock.timers).toBe(0);
  });

  it("starts its time anew when it is opened again", async () => {
    const { clock, pairing } = bench();
    pairing.open(10_000);
    await clock.advance(9_000);
    pairing.open(10_000);
    await clock.advance(9_000);
    expect(pairing.isOpen).toBe(true);
    await clock.advance(1_000);
    expect(pairing.isOpen).toBe(false);
  });

  it("approves one and refuses another, each once", () => {
    const { pairing, told, wait, ids } = bench();
    pairing.open(10_000);
    for (const device of ["lamp", "fan", "pump"]) wait(device);
    pairing.approve("lamp");
    pairing.refuse("fan");
    expect([told, ids()]).toEqual([["approved lamp", "refused fan"], ["pump"]]);
    expect(refusal(() => pairing.approve("lamp"))).toBe("NOT_FOUND");
    expect(refusal(() => pairing.refuse("fan"))).toBe("NOT_FOUND");
  });

  it("lets a device wait on whose token could not be kept", () => {
    const { pairing, told, wait, ids } = bench();
    let isFull = true;
    pairing.open(10_000);
    wait("lamp", {
      approve: () => {
        if (isFull) throw new PharosError("STORAGE");
        told.push("approved");
      },
    });
    expect(refusal(() => pairing.approve("lamp"))).toBe("STORAGE");
    expect(ids()).toEqual(["lamp"]);
    isFull = false;
    pairing.approve("lamp");
    expect([told, ids()]).toEqual([["approved"], []]);
  });

  it("takes one device of each id, and 64 in all", () => {
    const { pairing, wait, ids } = bench();
    pairing.open(10_000);
    for (let i = 0; i < 64; i++) wait(`d${i}`);
    expect(refusal(() => wait("d0"))).toBe("DUPLICATE");
    expect(refusal(() => wait("d64"))).toBe("TOO_MANY");
    expect(ids()).toHaveLength(64);
  });

  it("forgets a device that goes, but not the one that came after it", () => {
    const { pairing, told, wait, ids } = bench();
    pairing.open(10_000);
    const gone = wait("lamp");
    gone();
    expect(ids()).toEqual([]);
    wait("lamp");
    gone();
    expect(ids()).toEqual(["lamp"]);
    // A door whose device ends within its refusal says so as well.
    const end = wait("fan", { refuse: () => end() });
    pairing.close();
    expect([ids(), told]).toEqual([[], ["refused lamp"]]);
  });

  it("shows what a device says of itself, and tells each change", () => {
    const { pairing, counter, wait } = bench();
    pairing.open(10_000);
    wait("lamp");
    pairing.describe("lamp", { name: "Lamp", model: "ESP32" });
    pairing.describe("gone", { name: "x", model: null });
    expect(pairing.view().pending).toMatchObject([{ device: "lamp", name: "Lamp", model: "ESP32" }]);
    pairing.approve("lamp");
    pairing.close();
    expect(counter.changes).toBe(5);
  });
});
