/** What every PWM driver must do alike. A driver's test calls `describePwmDriver` with a way to make one. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { DriverError, type PwmDriver } from "../../../pi-agent/drivers/driver.ts";

export interface DriverRig {
  readonly driver: PwmDriver;
  /** The power of a pin as the world sees it, 0 to 1. */
  powerOf(pin: number): number;
  close(): Promise<void>;
}

export interface DriverCase {
  readonly name: string;
  /** Makes a driver on a board where pin 20 is fully on already. */
  create(): Promise<DriverRig>;
  /** Powers that stay when the output is closed, as parts of its steps. */
  readonly held: readonly number[];
}

export function describePwmDriver({ name, create, held }: DriverCase): void {
  describe(`the ${name} driver, as every driver,`, () => {
    let rig: DriverRig;
    beforeEach(async () => {
      rig = await create();
    });
    afterEach(async () => {
      await rig.driver.close();
      await rig.close();
    });

    it("says its name and what it drives", () => {
      expect(rig.driver.name).toBe(name);
      expect(rig.driver.title).toContain(name);
      expect(rig.driver.simulated).toBe(name === "simulated");
    });

    it("finds a pin that is on and does not change it by opening", async () => {
      const output = await rig.driver.open(20);
      expect(output.foundStep).toBe(output.steps);
      expect(rig.powerOf(20)).toBe(1);
    });

    it("finds a pin that was never driven off", async () => {
      expect((await rig.driver.open(21)).foundStep).toBe(0);
      expect(rig.powerOf(21)).toBe(0);
    });

    it("gives each step its own part of full power", async () => {
      const output = await rig.driver.open(21);
      for (const step of [output.steps, 1, Math.floor(output.steps / 2), 0, 24]) {
        await output.set(step);
        expect(rig.powerOf(21)).toBeCloseTo(step / output.steps, 10);
      }
    });

    it("has enough steps that a person sees no jumps, and the first one is not dark", async () => {
      const output = await rig.driver.open(21);
      expect(output.steps).toBeGreaterThanOrEqual(250);
      await output.set(1);
      expect(rig.powerOf(21)).toBeGreaterThan(0);
    });

    it.each([-1, 0.5, Number.NaN, 100_000])("refuses the step %p and leaves the pin", async (step) => {
      const output = await rig.driver.open(21);
      await output.set(7);
      await expect(output.set(step)).rejects.toThrow(RangeError);
      expect(rig.powerOf(21)).toBeCloseTo(7 / output.steps, 10);
    });

    it.each([-1, 0, 1, 28, 54, 2.5])("refuses GPIO%p, naming driver, pin, reason and remedy", async (pin) => {
      const fault = await rig.driver.open(pin).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(DriverError);
      expect(fault).toMatchObject({
        driver: name,
        pin,
        reason: expect.stringMatching(/./),
        remedy: expect.stringMatching(/./),
      });
      expect((fault as Error).message).toContain(`${name}, GPIO${pin}: `);
    });

    it("refuses a pin that is open, and opens it again when it was closed", async () => {
      const output = await rig.driver.open(21);
      await expect(rig.driver.open(21)).rejects.toThrow(`${name}, GPIO21: the pin is in use`);
      await output.close();
      await expect(rig.driver.open(21)).resolves.toMatchObject({ pin: 21 });
    });

    it("drives several pins apart", async () => {
      const [first, second] = [await rig.driver.open(21), await rig.driver.open(16)];
      await Promise.all([first.set(10), second.set(200)]);
      expect([rig.powerOf(21), rig.powerOf(16)]).toEqual([10 / first.steps, 200 / second.steps]);
    });

    it.each(held)("leaves a pin at %p of its power when it is closed", async (part) => {
      const output = await rig.driver.open(21);
      await output.set(Math.round(part * output.steps));
      await rig.driver.close();
      expect(rig.powerOf(21)).toBeCloseTo(part, 2);
    });

    it("takes no step after its end, and may be closed twice", async () => {
      const output = await rig.driver.open(21);
      await output.close();
      await output.close();
      await expect(output.set(1)).rejects.toThrow(DriverError);
      await rig.driver.close();
      await rig.driver.close();
    });
  });
}
