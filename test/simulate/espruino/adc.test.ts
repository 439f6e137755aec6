import { describe, expect, it } from "@jest/globals";
import { createAdc } from "../../../simulate/espruino/adc.ts";
import { fakeClock } from "../../support/fake-clock.ts";

describe("the ADC of a simulated board", () => {
  it("shows a wave within its range, in 4,096 steps, without jumps", async () => {
    const clock = fakeClock();
    const read = createAdc(clock, "30aea412-3456");
    const values: number[] = [];
    for (let s = 0; s < 60; s++) {
      values.push(read(34));
      await clock.advance(1000);
    }
    for (const value of values) expect(Number.isInteger(value * 4096)).toBe(true);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.5);
    const steps = values.slice(1).map((value, i) => Math.abs(value - (values[i] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(0.1);
  });

  it("shows another on another board and at another pin", () => {
    const read = createAdc(fakeClock(), "30aea412-3456");
    expect(createAdc(fakeClock(), "30aea412-9876")(34)).not.toBe(read(34));
    expect(read(35)).not.toBe(read(34));
  });

  it.each([2, 31, 40, "D34", undefined])("gives -1 step for the pin %s", (pin) => {
    expect(createAdc(fakeClock(), "30aea412-3456")(pin)).toBe(-1 / 4096);
  });
});
