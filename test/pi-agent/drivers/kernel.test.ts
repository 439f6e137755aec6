import { beforeEach, describe, expect, it } from "@jest/globals";
import type { PinDriver } from "../../../pi-agent/drivers/driver.ts";
import { createKernelDriver } from "../../../pi-agent/drivers/kernel.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";
import { FakePi } from "../../support/fake-pi.ts";
import { CONTRACT_PINS, describeDriver } from "./contract.ts";
import { describeFaults, type FaultRig } from "./fault-contract.ts";

const { LIGHTS, SWITCHES } = CONTRACT_PINS;

async function createRig(): Promise<FaultRig> {
  const clock = fakeClock();
  const pi = new FakePi({ clock, configLines: ["gpio=16=ip,pu"] });
  for (const pin of Object.values(LIGHTS)) pi.addPwmGpio(pin);
  pi.channel(LIGHTS.on).state = { period: 1_000_000, duty: 1_000_000, enabled: true, polarity: "normal" };
  Object.assign(pi.line(SWITCHES.on), { isOutput: true, isHigh: true });
  return {
    clock,
    driver: createKernelDriver(pi.parts),
    powerOf: (pin) => pi.powerOf(pin),
    hold: (pin, high) => pi.hold(pin, high),
    breakDown: async () => {
      pi.sysfs.breakAccess = () => "EIO";
    },
    mend: async () => {
      pi.sysfs.breakAccess = () => null;
    },
    close: async () => {},
  };
}

describeDriver({ name: "kernel", held: [0, 0.4, 1], create: createRig });
describeFaults("kernel", createRig);

describe("the kernel driver, while it runs", () => {
  let clock: FakeClock;
  let pi: FakePi;
  let driver: PinDriver;
  let told: (string | null)[];

  beforeEach(() => {
    clock = fakeClock();
    pi = new FakePi({ clock });
    pi.addPwmGpio(21);
    driver = createKernelDriver(pi.parts);
    told = [];
    driver.watch((fault) => told.push(fault?.message ?? null));
  });

  it("drives a light again when its overlay was unloaded and loaded as another chip", async () => {
    const output = await driver.openPwm(21);
    await output.set(7_000);
    pi.removePwmGpio(21);
    await expect(output.set(8_000)).rejects.toThrow(/^kernel, GPIO21: .*duty_cycle has gone \(ENODEV\)/);
    await clock.advance(10_000);
    await expect(output.set(9_000)).rejects.toThrow("dtoverlay=pwm-gpio,gpio=21");
    pi.addPwmGpio(21, 77);
    await clock.advance(5_000);
    expect(pi.powerOf(21)).toBe(0.9);
    expect(told).toEqual([expect.stringContaining("has gone"), null]);
  });

  it("notices a light that is gone when it is asked whether it works", async () => {
    await driver.openPwm(21);
    pi.removePwmGpio(21);
    await expect(driver.probe()).rejects.toThrow("has gone");
    expect(told).toHaveLength(1);
  });

  it("drives its other pins while one is gone", async () => {
    pi.addPwmGpio(20);
    const [gone, there] = [await driver.openPwm(21), await driver.openPwm(20)];
    pi.removePwmGpio(21);
    await expect(gone.set(1)).rejects.toThrow("has gone");
    await there.set(5_000);
    expect(pi.powerOf(20)).toBe(0.5);
  });

  it("tells once that pins are lost, however many, and once that all are back", async () => {
    pi.addPwmGpio(20);
    const outputs = [await driver.openPwm(21), await driver.openPwm(20)];
    for (const { pin, set } of outputs) {
      pi.removePwmGpio(pin);
      await expect(set(1)).rejects.toThrow("has gone");
    }
    pi.addPwmGpio(20);
    await clock.advance(10_000);
    expect(told).toHaveLength(1);
    pi.addPwmGpio(21);
    await clock.advance(10_000);
    expect(told).toEqual([expect.stringContaining("GPIO21"), null]);
  });

  it("tells nothing of a recovery that ends after its own end", async () => {
    const output = await driver.openPwm(21);
    pi.removePwmGpio(21);
    await expect(output.set(1)).rejects.toThrow("has gone");
    pi.addPwmGpio(21);
    pi.sysfs.grantedAfterMs = 361;
    await clock.advance(300);
    await driver.close();
    await clock.advance(60_000);
    expect([told.length, pi.sysfs.openFiles]).toEqual([1, 0]);
  });

  it("takes back a switch that another program made an input", async () => {
    const output = await driver.openSwitch(26);
    await output.set(1);
    pi.line(26).isOutput = false;
    await expect(output.set(1)).rejects.toThrow("was changed by another program (EPERM)");
    await clock.advance(1_000);
    expect([pi.powerOf(26), told.at(-1)]).toEqual([1, null]);
  });

  it("tries again ever more rarely, never more often than every few seconds in the end", async () => {
    await driver.openPwm(21);
    pi.removePwmGpio(21);
    await driver.probe().catch(() => {});
    const before = pi.sysfs.looks;
    await clock.advance(600_000);
    const tries = pi.sysfs.looks - before;
    expect(tries).toBeGreaterThan(600 / 5);
    expect(tries).toBeLessThan(600 / 2.5 + 10);
  });

  it("holds no file open after its end, also while it recovers", async () => {
    const output = await driver.openPwm(21);
    await driver.openSwitch(26);
    expect(pi.sysfs.openFiles).toBe(6);
    pi.removePwmGpio(21);
    await output.set(1).catch(() => {});
    await clock.advance(1_000);
    await driver.close();
    await clock.advance(60_000);
    expect(pi.sysfs.openFiles).toBe(0);
  });

  it("lets go of a pin that is closed while it waits for its files", async () => {
    pi.sysfs.grantedAfterMs = 361;
    const opening = driver.openSwitch(26);
    await driver.close();
    const refused = expect(opening).rejects.toThrow("the pin is closed");
    await clock.advance(1_000);
    await refused;
    expect(pi.sysfs.openFiles).toBe(0);
  });

  it("keeps its pins exported and their power when it is closed", async () => {
    await (await driver.openPwm(21)).set(4_000);
    await (await driver.openSwitch(26)).set(1);
    await driver.close();
    expect(pi.sysfs.writes.filter((write) => write.includes("unexport"))).toEqual([]);
    expect([pi.powerOf(21), pi.powerOf(26)]).toEqual([0.4, 1]);
  });
});
