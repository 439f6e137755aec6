import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { DriverError, type PinDriver } from "../../../pi-agent/drivers/driver.ts";
import { createPigpiodDriver } from "../../../pi-agent/drivers/pigpiod.ts";
import { PigpiodClient } from "../../../pi-agent/drivers/pigpiod-client.ts";
import { eventually } from "../../support/eventually.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";
import { levelOf } from "../../support/pigpiod-board.ts";
import { type PigpiodStandIn, startPigpiodStandIn } from "../../support/pigpiod-stand-in.ts";
import { CONTRACT_PINS, describeDriver } from "./contract.ts";
import { describeFaults, type FaultRig } from "./fault-contract.ts";

function connectTo(daemon: PigpiodStandIn, clock: FakeClock): Promise<PinDriver> {
  return createPigpiodDriver(new PigpiodClient({ clock, host: "127.0.0.1", port: daemon.port }));
}

async function createRig(): Promise<FaultRig> {
  const daemon = await startPigpiodStandIn();
  for (const pin of [CONTRACT_PINS.LIGHTS.on, CONTRACT_PINS.SWITCHES.on]) daemon.board.write(pin, 1);
  const clock = fakeClock();
  return {
    clock,
    driver: await connectTo(daemon, clock),
    powerOf: (pin) => daemon.powerOf(pin) ?? levelOf(daemon.board.pin(pin)),
    hold: (pin, high) => {
      daemon.board.pin(pin).held = high;
    },
    breakDown: () => daemon.kill(),
    mend: async () => void (await daemon.start()),
    close: () => daemon.kill(),
  };
}

describeDriver({ name: "pigpiod", held: [0, 0.4, 1], create: createRig });
describeFaults("pigpiod", createRig);

describe("the pigpiod driver", () => {
  let daemon: PigpiodStandIn;
  let clock: FakeClock;
  let driver: PinDriver;
  let told: (string | null)[];

  beforeEach(async () => {
    daemon = await startPigpiodStandIn();
    clock = fakeClock();
    driver = await connectTo(daemon, clock);
    told = [];
    driver.watch((fault) => told.push(fault?.message ?? null));
  });
  afterEach(async () => {
    await driver.close();
    await daemon.kill();
  });

  async function loseDaemon(): Promise<void> {
    await daemon.kill();
    await eventually(() => told.length === 1);
  }

  async function returnDaemon(): Promise<void> {
    await daemon.start();
    await eventually(async () => {
      await clock.advance(50);
      return told.at(-1) === null;
    });
  }

  it("says which daemon it speaks to", () => {
    expect(driver.title).toBe(`pigpiod 79 at 127.0.0.1:${daemon.port}`);
  });

  it("takes over a duty that is shown in another range, without writing one", async () => {
    daemon.board.setDuty(21, 51);
    const output = await driver.openPwm(21);
    expect(output.foundStep).toBe(50);
    expect(daemon.powerOf(21)).toBe(0.2);
    expect(daemon.commands.map(({ name }) => name)).not.toContain("PWM");
  });

  it("sets frequency and range once, before the first duty", async () => {
    const output = await driver.openPwm(21);
    await output.set(1);
    await output.set(2);
    const sets = daemon.commands.filter(({ name }) => ["PFS", "PRS", "PWM"].includes(name));
    expect(sets.map(({ name, p2 }) => `${name} ${p2}`)).toEqual(["PFS 800", "PRS 250", "PWM 1", "PWM 2"]);
  });

  it("sets a daemon that was restarted up again and gives it the last duty", async () => {
    const [lamp, untouched] = [await driver.openPwm(21), await driver.openPwm(20)];
    await lamp.set(100);
    await loseDaemon();
    await returnDaemon();
    expect(daemon.board.pin(21)).toMatchObject({ duty: 100, range: 250, frequency: 800 });
    expect(daemon.board.pin(20)).toMatchObject({ duty: null, range: 250 });
    await untouched.set(1);
    expect(daemon.dutyOf(20)).toBe(1);
  });

  it("refuses a duty while the daemon is gone, saying what to do, and applies it when the daemon is back", async () => {
    const output = await driver.openPwm(21);
    await output.set(100);
    await loseDaemon();
    const fault = await output.set(37).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(DriverError);
    expect((fault as Error).message).toMatch(/^pigpiod, GPIO21: the pigpio daemon at .* Start it with: sudo pigpiod/);
    await returnDaemon();
    expect(daemon.dutyOf(21)).toBe(37);
  });

  it("tells when the daemon is lost and when it is back, once each", async () => {
    await driver.openPwm(21);
    await loseDaemon();
    await clock.advance(30_000);
    await returnDaemon();
    expect(told).toEqual([expect.stringMatching(/^pigpiod: the pigpio daemon at .* ended the connection/), null]);
  });

  it("says how to start the daemon when nobody answers", async () => {
    await daemon.kill();
    await expect(connectTo(daemon, clock)).rejects.toThrow(
      /^pigpiod: the pigpio daemon at .* does not answer \(ECONNREFUSED\)\. Start it with: sudo pigpiod/,
    );
  });

  it("finds the power of a pin that is in the chip's own PWM", async () => {
    daemon.board.setHardwarePwm(18, 1_000, 300_000);
    expect((await driver.openPwm(18)).foundStep).toBe(75);
  });

  it("leaves the chip's own PWM to the kernel", async () => {
    await expect(driver.openPwm(18, "hardware-pwm")).rejects.toThrow("Use the driver kernel for it");
    await expect(driver.openPwm(18)).resolves.toMatchObject({ pin: 18 });
  });

  it("switches with one command that sets mode and level together", async () => {
    const output = await driver.openSwitch(26);
    daemon.commands.length = 0;
    await output.set(1);
    await output.set(0);
    expect(daemon.commands.map(({ name, p1, p2 }) => `${name} ${p1} ${p2}`)).toEqual(["WRITE 26 1", "WRITE 26 0"]);
  });

  it("switches a pin that is in PWM without leaving it, which would make a gap", async () => {
    daemon.board.setDuty(26, 255);
    const output = await driver.openSwitch(26);
    expect([output.foundStep, daemon.powerOf(26)]).toEqual([1, 1]);
    for (const step of [0, 1]) {
      await output.set(step);
      expect(daemon.powerOf(26)).toBe(step);
    }
    expect(daemon.commands.map(({ name }) => name)).not.toContain("WRITE");
  });

  it("tells a daemon that was restarted its switches, inputs and pulls again", async () => {
    const [on, untouched] = [await driver.openSwitch(26), await driver.openSwitch(19)];
    await driver.openInput(16, "up");
    await on.set(1);
    await loseDaemon();
    await returnDaemon();
    expect(daemon.board.pin(26)).toMatchObject({ mode: 1, level: 1 });
    expect(daemon.board.pin(untouched.pin)).toMatchObject({ mode: 0, level: 0 });
    expect(daemon.board.pin(16)).toMatchObject({ mode: 0, pull: 2 });
  });

  it("does not take a daemon that hangs for one that works", async () => {
    daemon.replies = "none";
    const probing = driver.probe().catch((error: unknown) => error);
    await eventually(() => daemon.commands.at(-1)?.name === "PIGPV");
    await clock.advance(1_000);
    expect(await probing).toMatchObject({ driver: "pigpiod", reason: expect.stringContaining("did not answer") });
  });
});
