/** What every driver that can lose its pins and get them back must do alike; called beside `describeDriver`. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { DriverError } from "../../../pi-agent/drivers/driver.ts";
import { eventually } from "../../support/eventually.ts";
import type { FakeClock } from "../../support/fake-clock.ts";
import { CONTRACT_PINS, type DriverRig } from "./contract.ts";

export interface FaultRig extends DriverRig {
  readonly clock: FakeClock;
  /** Nothing works from now on. */
  breakDown(): Promise<void>;
  /** Everything can work again. */
  mend(): Promise<void>;
}

const { LIGHTS, SWITCHES, INPUTS } = CONTRACT_PINS;

export function describeFaults(name: string, create: () => Promise<FaultRig>): void {
  describe(`the driver ${name}, when its pins are lost`, () => {
    let rig: FaultRig;
    let told: (string | null)[];
    beforeEach(async () => {
      rig = await create();
      told = [];
      rig.driver.watch((fault) => told.push(fault?.message ?? null));
    });
    afterEach(async () => {
      await rig.driver.close();
      await rig.close();
    });

    async function open() {
      const { driver } = rig;
      const light = await driver.openPwm(LIGHTS.off);
      const untouched = await driver.openPwm(LIGHTS.on);
      const lamp = await driver.openSwitch(SWITCHES.off);
      const button = await driver.openInput(INPUTS.pulledUp, "up");
      return { light, untouched, lamp, button };
    }

    async function lose(): Promise<void> {
      await rig.breakDown();
      await eventually(async () => {
        await rig.driver.probe().catch(() => {});
        return told.length > 0;
      });
    }

    async function recover(): Promise<void> {
      await rig.mend();
      await eventually(async () => {
        await rig.clock.advance(100);
        return told.at(-1) === null;
      });
    }

    async function faultOf(attempt: Promise<unknown>): Promise<DriverError> {
      const fault = await attempt.catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(DriverError);
      return fault as DriverError;
    }

    it("tells the loss once and the return once", async () => {
      await open();
      await lose();
      await rig.clock.advance(30_000);
      await recover();
      expect(told).toEqual([expect.stringMatching(`^${name}[:,] .+\\. .+\\.$`), null]);
    });

    it("refuses what is asked meanwhile, naming the pin and what to do", async () => {
      const { light, lamp, button } = await open();
      await lose();
      for (const [attempt, pin] of [
        [light.set(1), LIGHTS.off],
        [lamp.set(1), SWITCHES.off],
        [button.read(), INPUTS.pulledUp],
      ] as const) {
        expect(await faultOf(attempt)).toMatchObject({ driver: name, pin, remedy: expect.stringMatching(/.+/) });
      }
    });

    it("brings every output to the newest step that was asked for, and leaves one that never was", async () => {
      const { light, lamp } = await open();
      await light.set(10);
      await lose();
      await faultOf(light.set(20));
      await faultOf(light.set(30));
      await faultOf(lamp.set(1));
      const before = rig.powerOf(LIGHTS.on);
      await recover();
      expect(rig.powerOf(LIGHTS.off)).toBeCloseTo(30 / light.steps, 10);
      expect([rig.powerOf(SWITCHES.off), rig.powerOf(LIGHTS.on)]).toEqual([1, before]);
    });

    it("hears its inputs again, and takes steps again", async () => {
      const { light, button } = await open();
      await lose();
      await recover();
      expect(await button.read()).toBe(true);
      rig.hold(INPUTS.pulledUp, false);
      expect(await button.read()).toBe(false);
      await light.set(40);
      expect(rig.powerOf(LIGHTS.off)).toBeCloseTo(40 / light.steps, 10);
    });

    it("does not answer meanwhile when it is asked whether it works, and does again later", async () => {
      await open();
      await lose();
      expect(await faultOf(rig.driver.probe())).toMatchObject({ driver: name });
      await recover();
      await rig.driver.probe();
    });

    it("can be closed meanwhile, and then tries nothing more", async () => {
      await open();
      await lose();
      await rig.driver.close();
      await rig.mend();
      await rig.clock.advance(60_000);
      expect(told).toHaveLength(1);
    });
  });
}
