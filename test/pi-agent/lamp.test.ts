import { describe, expect, it } from "@jest/globals";
import { stepOfLevel } from "../../pi-agent/brightness.ts";
import { DriverError, type PinOutput } from "../../pi-agent/drivers/driver.ts";
import { createFader } from "../../pi-agent/fader.ts";
import { Lamp } from "../../pi-agent/lamp.ts";
import { fakeClock } from "../support/fake-clock.ts";

const FULL = { minPower: 0, maxPower: 1 };

/** An output that remembers every step it was given. */
function recorder(foundStep = 0, set: (step: number) => Promise<void> = async () => {}) {
  const steps: number[] = [];
  let isClosed = false;
  const output: PinOutput = {
    pin: 21,
    steps: 250,
    foundStep,
    async set(step) {
      steps.push(step);
      await set(step);
    },
    close: async () => {
      isClosed = true;
    },
  };
  return { output, steps, isClosed: () => isClosed };
}

function lampOn(output: PinOutput, clock = fakeClock()): Lamp {
  return new Lamp({ clock, fader: createFader(clock, 20), output, limits: FULL });
}

function createLamp(foundStep = 0) {
  const clock = fakeClock();
  const record = recorder(foundStep);
  return { clock, ...record, lamp: lampOn(record.output, clock) };
}

const stepOf = (level: number): number => stepOfLevel(level, 250, FULL);

describe("a lamp", () => {
  it("takes over the brightness it finds and writes nothing", () => {
    const { lamp, steps } = createLamp(stepOf(37));
    expect(lamp.value).toBe(37);
    expect(steps).toEqual([]);
  });

  it("goes to a brightness at once when no fade is asked for", async () => {
    const { lamp, steps } = createLamp();
    await lamp.set(37);
    expect(steps).toEqual([stepOf(37)]);
    expect(lamp.presentLevel).toBe(37);
  });

  it("fades evenly for the eye and ends at exactly the brightness asked for", async () => {
    const { lamp, steps, clock } = createLamp();
    await lamp.set(100, 1000);
    await clock.advance(500);
    expect(lamp.presentLevel).toBeCloseTo(50, 6);
    expect(steps.at(-1)).toBe(stepOf(50));
    await clock.advance(500);
    expect(steps.at(-1)).toBe(250);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.length).toBeLessThanOrEqual(51);
  });

  it("writes no step of a slow fade twice", async () => {
    const { lamp, steps, clock } = createLamp();
    await lamp.set(5, 60_000);
    await clock.advance(60_000);
    expect(steps).toEqual([0, 1]);
  });

  it("says during a fade where it leads", async () => {
    const { lamp, clock } = createLamp();
    await lamp.set(80, 1000);
    await clock.advance(100);
    expect(lamp.value).toBe(80);
  });

  it("writes nothing more when a fade has ended", async () => {
    const { lamp, steps, clock } = createLamp();
    await lamp.set(10, 100);
    await clock.advance(200);
    const written = steps.length;
    await clock.advance(10_000);
    expect(steps).toHaveLength(written);
  });

  it("takes a new brightness in the middle of a fade from where it is, without a jump", async () => {
    const { lamp, steps, clock } = createLamp();
    await lamp.set(100, 1000);
    await clock.advance(600);
    const before = steps.at(-1) ?? 0;
    await lamp.set(0, 600);
    expect(lamp.presentLevel).toBeCloseTo(60, 6);
    expect(steps.at(-1)).toBe(before);
    await clock.advance(20);
    expect(before - (steps.at(-1) ?? 0)).toBeLessThanOrEqual(12);
    await clock.advance(600);
    expect(steps.at(-1)).toBe(0);
  });

  it("ends a fade when a brightness without one is asked for", async () => {
    const { lamp, steps, clock } = createLamp();
    await lamp.set(100, 1000);
    await clock.advance(300);
    await lamp.set(5);
    await clock.advance(2000);
    expect(steps.at(-1)).toBe(stepOf(5));
    expect(lamp.presentLevel).toBe(5);
  });

  it("blinks to identify itself and then shows the brightness from before", async () => {
    const { lamp, steps, clock } = createLamp();
    await lamp.set(37);
    lamp.identify();
    await clock.advance(2999);
    expect(steps.slice(1)).toEqual([250, 0, 250, 0, 250, 0, 250, 0, 250, 0, 250, 0]);
    await clock.advance(1);
    expect(steps.at(-1)).toBe(stepOf(37));
    expect(lamp.value).toBe(37);
  });

  it("returns from blinking to where the fade led that it was in", async () => {
    const { lamp, steps, clock } = createLamp();
    await lamp.set(80, 1000);
    await clock.advance(200);
    lamp.identify();
    await clock.advance(3000);
    expect(steps.at(-1)).toBe(stepOf(80));
  });

  it("ends its blinking for a brightness that is asked for meanwhile", async () => {
    const { lamp, steps, clock } = createLamp();
    lamp.identify();
    await clock.advance(700);
    await lamp.set(42);
    const written = steps.length;
    await clock.advance(10_000);
    expect(steps).toHaveLength(written);
    expect(steps.at(-1)).toBe(stepOf(42));
  });

  it("leaves the light as it is when it is closed, also in the middle of a fade", async () => {
    const { lamp, steps, clock, isClosed } = createLamp();
    await lamp.set(100, 1000);
    await clock.advance(500);
    await lamp.close();
    await clock.advance(1000);
    expect(steps.at(-1)).toBe(stepOf(50));
    expect(isClosed()).toBe(true);
  });

  it("does not stay in the middle of its blinking when it is closed", async () => {
    const { lamp, steps } = createLamp(stepOf(37));
    lamp.identify();
    await lamp.close();
    expect(steps.at(-1)).toBe(stepOf(37));
  });

  it("writes one step at a time to a slow output, the newest last", async () => {
    const answers: (() => void)[] = [];
    const { output, steps } = recorder(0, () => new Promise((resolve) => answers.push(resolve)));
    const lamp = lampOn(output);
    const asked = [10, 20, 30, 37].map((level) => lamp.set(level));
    expect(steps).toEqual([stepOf(10)]);
    answers.shift()?.();
    await asked[0];
    await new Promise((resolve) => setImmediate(resolve));
    expect(steps).toEqual([stepOf(10), stepOf(37)]);
    answers.shift()?.();
    await Promise.all(asked);
    expect(steps).toHaveLength(2);
  });

  it("tells its asker when the output fails", async () => {
    const { output } = recorder(0, () => Promise.reject(new DriverError("pigpiod", 21, "it is gone", "Start it")));
    await expect(lampOn(output).set(10)).rejects.toThrow("pigpiod, GPIO21: it is gone. Start it.");
  });
});
