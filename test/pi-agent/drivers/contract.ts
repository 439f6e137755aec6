/** What every driver must do alike. A driver's test calls `describeDriver` with a way to make one; faults are in fault-contract.ts. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { DriverError, type DriverName, type PinDriver } from "../../../pi-agent/drivers/driver.ts";

export interface DriverRig {
  readonly driver: PinDriver;
  /** The power of a pin as the world sees it, 0 to 1. */
  powerOf(pin: number): number;
  /** Holds an input high or low, as a button does; with null its pull has it again. */
  hold(pin: number, high: boolean | null): void;
  close(): Promise<void>;
}

export interface DriverCase {
  readonly name: DriverName;
  /** Makes a driver on a board where GPIO20 and GPIO19 are fully on already, and the input GPIO16 may be pulled up. */
  create(): Promise<DriverRig>;
  /** Powers that stay when the output is closed, as parts of its steps. */
  readonly held: readonly number[];
}

/** Lights are on 20, 21 and 13, switches on 19 and 26, inputs on 16 and 17: where the kernel's overlays have them too. */
const LIGHTS = { on: 20, off: 21, other: 13 } as const;
const SWITCHES = { on: 19, off: 26 } as const;
const INPUTS = { pulledUp: 16, pulledDown: 17 } as const;
export const CONTRACT_PINS = { LIGHTS, SWITCHES, INPUTS };

let rig: DriverRig;

export function describeDriver(driverCase: DriverCase): void {
  describe(`the driver ${driverCase.name}`, () => {
    beforeEach(async () => {
      rig = await driverCase.create();
    });
    afterEach(async () => {
      await rig.driver.close();
      await rig.close();
    });

    describe("as a whole", () => describeWhole(driverCase.name));
    describe("with a light", () => describeLight(driverCase));
    describe("with a switch", () => describeSwitch(driverCase.name));
    describe("with an input", () => describeInput(driverCase.name));
  });
}

function describeWhole(name: DriverName): void {
  it("names itself, and says what it is", () => {
    expect(rig.driver.name).toBe(name);
    expect(rig.driver.title).not.toBe("");
  });

  it("fades in steps that look smooth and cost little", () => {
    expect(rig.driver.fadeStepMs).toBeGreaterThanOrEqual(20);
    expect(rig.driver.fadeStepMs).toBeLessThanOrEqual(40);
  });

  it("answers when it is asked whether it works, with pins and without", async () => {
    await rig.driver.probe();
    await rig.driver.openPwm(LIGHTS.off);
    await rig.driver.openSwitch(SWITCHES.off);
    await rig.driver.openInput(INPUTS.pulledDown, "none");
    await rig.driver.probe();
  });

  const openers = {
    light: (pin: number) => rig.driver.openPwm(pin),
    switch: (pin: number) => rig.driver.openSwitch(pin),
    input: (pin: number) => rig.driver.openInput(pin, "none"),
  };

  it.each([-1, 0, 1, 28, 54, 2.5])("refuses GPIO%p, naming driver, pin, reason and remedy", async (pin) => {
    for (const open of Object.values(openers)) {
      const fault = await open(pin).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(DriverError);
      expect(fault).toMatchObject({ driver: name, pin, reason: expect.any(String) });
      expect((fault as DriverError).remedy).not.toBe("");
      expect((fault as Error).message).toMatch(new RegExp(`^${name}, GPIO${pin}: .+\\..+\\.$`));
    }
  });

  it("gives a pin to one at a time, whatever for", async () => {
    for (const [first, pin] of [
      ["light", LIGHTS.off],
      ["switch", SWITCHES.off],
      ["input", INPUTS.pulledUp],
    ] as const) {
      const held = await openers[first](pin);
      for (const open of Object.values(openers)) {
        await expect(open(pin)).rejects.toThrow(`${name}, GPIO${pin}: the pin is in use`);
      }
      await held.close();
      await expect(openers[first](pin)).resolves.toMatchObject({ pin });
    }
  });

  it("gives a pin to one of two that ask at the same time", async () => {
    const results = await Promise.allSettled([rig.driver.openPwm(LIGHTS.off), rig.driver.openPwm(LIGHTS.off)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("may be closed twice", async () => {
    await rig.driver.openPwm(LIGHTS.off);
    await rig.driver.close();
    await rig.driver.close();
  });
}

function describeLight({ name, held }: DriverCase): void {
  it("finds a pin that is on and does not change it by opening", async () => {
    const output = await rig.driver.openPwm(LIGHTS.on);
    expect(output.foundStep).toBe(output.steps);
    expect(rig.powerOf(LIGHTS.on)).toBe(1);
  });

  it("finds a pin that was never driven off", async () => {
    expect((await rig.driver.openPwm(LIGHTS.off)).foundStep).toBe(0);
    expect(rig.powerOf(LIGHTS.off)).toBe(0);
  });

  it("gives each step its own part of full power", async () => {
    const output = await rig.driver.openPwm(LIGHTS.off);
    for (const step of [output.steps, 1, Math.floor(output.steps / 2), 0, 24]) {
      await output.set(step);
      expect(rig.powerOf(LIGHTS.off)).toBeCloseTo(step / output.steps, 10);
    }
  });

  it("has enough steps that a person sees no jumps, and the first one is not dark", async () => {
    const output = await rig.driver.openPwm(LIGHTS.off);
    expect(output.steps).toBeGreaterThanOrEqual(250);
    await output.set(1);
    expect(rig.powerOf(LIGHTS.off)).toBeGreaterThan(0);
  });

  it.each([-1, 0.5, Number.NaN, 100_000])("refuses the step %p and leaves the pin", async (step) => {
    const output = await rig.driver.openPwm(LIGHTS.off);
    await output.set(7);
    await expect(output.set(step)).rejects.toThrow(RangeError);
    expect(rig.powerOf(LIGHTS.off)).toBeCloseTo(7 / output.steps, 10);
  });

  it("is driven apart from the others", async () => {
    const [first, second] = [await rig.driver.openPwm(LIGHTS.off), await rig.driver.openPwm(LIGHTS.other)];
    await Promise.all([first.set(10), second.set(200)]);
    expect([rig.powerOf(LIGHTS.off), rig.powerOf(LIGHTS.other)]).toEqual([10 / first.steps, 200 / second.steps]);
  });

  it.each(held)("stays at %p of its power when it is closed", async (part) => {
    const output = await rig.driver.openPwm(LIGHTS.off);
    await output.set(Math.round(part * output.steps));
    await rig.driver.close();
    expect(rig.powerOf(LIGHTS.off)).toBeCloseTo(part, 2);
  });

  it("takes no step after its end, and may be closed twice", async () => {
    const output = await rig.driver.openPwm(LIGHTS.off);
    await output.close();
    await output.close();
    await expect(output.set(1)).rejects.toThrow(`${name}, GPIO${LIGHTS.off}: the pin is closed`);
    expect(rig.powerOf(LIGHTS.off)).toBe(0);
  });
}

function describeSwitch(name: DriverName): void {
  it("is off or on, and nothing between", async () => {
    const output = await rig.driver.openSwitch(SWITCHES.off);
    expect(output.steps).toBe(1);
    for (const step of [1, 0, 1, 1]) {
      await output.set(step);
      expect(rig.powerOf(SWITCHES.off)).toBe(step);
    }
    for (const step of [-1, 0.5, 2]) await expect(output.set(step)).rejects.toThrow(RangeError);
    expect(rig.powerOf(SWITCHES.off)).toBe(1);
  });

  it("finds a pin that is on and does not change it by opening", async () => {
    expect((await rig.driver.openSwitch(SWITCHES.on)).foundStep).toBe(1);
    expect(rig.powerOf(SWITCHES.on)).toBe(1);
  });

  it("finds a pin that was never driven off", async () => {
    expect((await rig.driver.openSwitch(SWITCHES.off)).foundStep).toBe(0);
    expect(rig.powerOf(SWITCHES.off)).toBe(0);
  });

  it.each([0, 1])("stays at %p when it is closed", async (step) => {
    const output = await rig.driver.openSwitch(SWITCHES.on);
    await output.set(step);
    await rig.driver.close();
    expect(rig.powerOf(SWITCHES.on)).toBe(step);
  });

  it("takes no step after its end, and may be closed twice", async () => {
    const output = await rig.driver.openSwitch(SWITCHES.off);
    await output.close();
    await output.close();
    await expect(output.set(1)).rejects.toThrow(`${name}, GPIO${SWITCHES.off}: the pin is closed`);
    expect(rig.powerOf(SWITCHES.off)).toBe(0);
  });
}

function describeInput(name: DriverName): void {
  it("hears what holds it", async () => {
    const input = await rig.driver.openInput(INPUTS.pulledDown, "down");
    for (const high of [true, false, true]) {
      rig.hold(INPUTS.pulledDown, high);
      expect(await input.read()).toBe(high);
    }
  });

  it("hears its pull while nothing holds it", async () => {
    const up = await rig.driver.openInput(INPUTS.pulledUp, "up");
    const down = await rig.driver.openInput(INPUTS.pulledDown, "down");
    expect([await up.read(), await down.read()]).toEqual([true, false]);
    rig.hold(INPUTS.pulledUp, false);
    rig.hold(INPUTS.pulledDown, true);
    expect([await up.read(), await down.read()]).toEqual([false, true]);
    rig.hold(INPUTS.pulledUp, null);
    expect(await up.read()).toBe(true);
  });

  it("is an input even where an output was", async () => {
    rig.hold(SWITCHES.on, false);
    const input = await rig.driver.openInput(SWITCHES.on, "none");
    expect(await input.read()).toBe(false);
    expect(rig.powerOf(SWITCHES.on)).toBe(0);
  });

  it("is not read after its end, and may be closed twice", async () => {
    const input = await rig.driver.openInput(INPUTS.pulledDown, "none");
    await input.close();
    await input.close();
    await expect(input.read()).rejects.toThrow(`${name}, GPIO${INPUTS.pulledDown}: the pin is closed`);
  });
}
