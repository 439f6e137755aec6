import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { DriverError, type PwmDriver } from "../../../pi-agent/drivers/driver.ts";
import { createPigpiodDriver } from "../../../pi-agent/drivers/pigpiod.ts";
import { PigpiodClient } from "../../../pi-agent/drivers/pigpiod-client.ts";
import { eventually } from "../../support/eventually.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";
import { type PigpiodStandIn, startPigpiodStandIn } from "../../support/pigpiod-stand-in.ts";
import { describePwmDriver } from "./contract.ts";

function connectTo(daemon: PigpiodStandIn, clock: FakeClock): Promise<PwmDriver> {
  return createPigpiodDriver(new PigpiodClient({ clock, host: "127.0.0.1", port: daemon.port }));
}

describePwmDriver({
  name: "pigpiod",
  held: [0, 0.4, 1],
  create: async () => {
    const daemon = await startPigpiodStandIn();
    daemon.board.write(20, 1);
    return {
      driver: await connectTo(daemon, fakeClock()),
      powerOf: (pin) => daemon.powerOf(pin) ?? daemon.board.pin(pin).level,
      close: () => daemon.kill(),
    };
  },
});

describe("the pigpiod driver", () => {
  let daemon: PigpiodStandIn;
  let clock: FakeClock;
  let driver: PwmDriver;
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
    const output = await driver.open(21);
    expect(output.foundStep).toBe(50);
    expect(daemon.powerOf(21)).toBe(0.2);
    expect(daemon.commands.map(({ name }) => name)).not.toContain("PWM");
  });

  it("sets frequency and range once, before the first duty", async () => {
    const output = await driver.open(21);
    await output.set(1);
    await output.set(2);
    const sets = daemon.commands.filter(({ name }) => ["PFS", "PRS", "PWM"].includes(name));
    expect(sets.map(({ name, p2 }) => `${name} ${p2}`)).toEqual(["PFS 800", "PRS 250", "PWM 1", "PWM 2"]);
  });

  it("sets a daemon that was restarted up again and gives it the last duty", async () => {
    const [lamp, untouched] = [await driver.open(21), await driver.open(20)];
    await lamp.set(100);
    await loseDaemon();
    await returnDaemon();
    expect(daemon.board.pin(21)).toMatchObject({ duty: 100, range: 250, frequency: 800 });
    expect(daemon.board.pin(20)).toMatchObject({ duty: null, range: 250 });
    await untouched.set(1);
    expect(daemon.dutyOf(20)).toBe(1);
  });

  it("refuses a duty while the daemon is gone, saying what to do, and applies it when the daemon is back", async () => {
    const output = await driver.open(21);
    await output.set(100);
    await loseDaemon();
    const fault = await output.set(37).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(DriverError);
    expect((fault as Error).message).toMatch(/^pigpiod, GPIO21: the pigpio daemon at .* Start it with: sudo pigpiod/);
    await returnDaemon();
    expect(daemon.dutyOf(21)).toBe(37);
  });

  it("tells when the daemon is lost and when it is back, once each", async () => {
    await driver.open(21);
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
});
