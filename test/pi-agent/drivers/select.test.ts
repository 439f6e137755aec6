import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { StartError } from "#base/program.ts";
import { DriverError } from "../../../pi-agent/drivers/driver.ts";
import { diagnoseDrivers, readPiModel, type Surroundings, selectDriver } from "../../../pi-agent/drivers/select.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";
import { FakePi, type FakePiOptions } from "../../support/fake-pi.ts";
import { type PigpiodStandIn, startPigpiodStandIn } from "../../support/pigpiod-stand-in.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();

let daemon: PigpiodStandIn;
let clock: FakeClock;
let pi: FakePi;
beforeEach(async () => {
  daemon = await startPigpiodStandIn();
  clock = fakeClock();
  pi = new FakePi({ clock });
});
afterEach(() => daemon.kill());

function usePi(options: Partial<FakePiOptions>): void {
  pi = new FakePi({ clock, ...options });
}

function here(parts: Partial<Surroundings> = {}): Surroundings {
  const { sysfs, release, bootConfig } = pi.parts;
  return {
    clock,
    wants: [{ pin: 21, use: "pwm" }],
    pigpiodHost: "127.0.0.1",
    pigpiodPort: daemon.port,
    model: null,
    isRoot: false,
    sysfs,
    release,
    bootConfig,
    ...parts,
  };
}

async function faultOf(choice: "auto" | "kernel" | "pigpiod", parts: Partial<Surroundings> = {}): Promise<string> {
  const fault: unknown = await selectDriver(choice, here(parts)).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(StartError);
  return (fault as Error).message;
}

const PI_4 = "Raspberry Pi 4 Model B Rev 1.4";

describe("the choice of a driver", () => {
  it("takes the kernel before pigpiod when it has every pin", async () => {
    pi.addPwmGpio(21);
    const wants = [
      { pin: 21, use: "pwm" },
      { pin: 26, use: "switch" },
      { pin: 16, use: "input" },
    ] as const;
    expect((await selectDriver("auto", here({ wants, model: PI_4 }))).name).toBe("kernel");
    expect(pi.sysfs.writes).toEqual([]);
  });

  it("takes pigpiod when the kernel lacks one of the pins", async () => {
    pi.addPwmGpio(21);
    const wants = [
      { pin: 21, use: "pwm" },
      { pin: 20, use: "pwm" },
    ] as const;
    const driver = await selectDriver("auto", here({ wants, model: PI_4 }));
    expect(driver.name).toBe("pigpiod");
    await driver.close();
  });

  it("gives the chip's own PWM to no driver but the kernel", async () => {
    const wants = [{ pin: 18, use: "hardware-pwm" }] as const;
    const text = await faultOf("auto", { wants, model: PI_4, isRoot: true });
    expect(text).toContain("kernel, GPIO18: the hardware PWM of this pin is not switched on.");
    expect(text).toContain("dtoverlay=pwm,pin=18,func=2");
    expect(text).toContain("pigpiod, GPIO18: this driver does not use the hardware PWM.");
    expect(text).toContain("pigpio, GPIO18: this driver does not use the hardware PWM.");
  });

  it("waits for a chip that config.txt names when the agent starts with the Pi", async () => {
    usePi({ configLines: ["dtoverlay=pwm-gpio,gpio=21"] });
    const choosing = selectDriver("auto", here({ model: PI_4 }));
    await clock.advance(1_000);
    pi.addPwmGpio(21);
    await clock.advance(1_000);
    expect((await choosing).name).toBe("kernel");
  });

  it("waits no longer than five seconds for it", async () => {
    usePi({ configLines: ["dtoverlay=pwm-gpio,gpio=21"] });
    const choosing = faultOf("kernel", { model: PI_4 });
    await clock.advance(5_300);
    expect(await choosing).toContain("is in /boot/firmware/config.txt but not in force");
  });

  it("takes pigpiod when it answers", async () => {
    const driver = await selectDriver("auto", here({ model: "Raspberry Pi 3 Model B", isRoot: true }));
    expect(driver.name).toBe("pigpiod");
    await driver.close();
  });

  it("says why each driver does not work, and what to start or install", async () => {
    await daemon.kill();
    const text = await faultOf("auto", { model: "Raspberry Pi 4 Model B Rev 1.4" });
    expect(text).toContain("No driver can move a pin here.");
    expect(text).toContain(
      "kernel, GPIO21: the kernel has no PWM for this pin. Add the line dtoverlay=pwm-gpio,gpio=21",
    );
    expect(text).toMatch(
      /pigpiod: .* does not answer \(ECONNREFUSED\)\. Start it with: sudo pigpiod \(install it with: sudo apt install pigpio\)/,
    );
    expect(text).toContain("pigpio: it needs root.");
    expect(text).not.toContain("--driver simulated");
  });

  it("does not try pigpio on a Pi 5, even as root", async () => {
    await daemon.kill();
    expect(await faultOf("auto", { model: "Raspberry Pi 5 Model B Rev 1.0", isRoot: true })).toContain(
      "pigpio: it does not know the Raspberry Pi 5 Model B Rev 1.0.",
    );
  });

  it("never takes the simulated light by itself, but names it where there are no pins", async () => {
    await daemon.kill();
    expect(await faultOf("auto")).toContain("This is not a Raspberry Pi: without an LED, use --driver simulated.");
  });

  it("takes the simulated light when it is asked for", async () => {
    expect((await selectDriver("simulated", here())).simulated).toBe(true);
  });

  it("tries nothing else when one driver was asked for", async () => {
    await daemon.kill();
    const text = await faultOf("pigpiod", { model: "Raspberry Pi 4 Model B", isRoot: true });
    expect(text).toContain("The driver pigpiod does not work here.");
    expect(text).not.toContain("pigpio:");
  });
});

describe("the diagnosis", () => {
  async function diagnose(parts: Partial<Surroundings> = {}) {
    const found = await diagnoseDrivers(here(parts));
    return Object.fromEntries(found.map(({ driver, fault }) => [driver, fault?.message ?? null]));
  }

  it("says of each driver whether it could work, and drives nothing", async () => {
    pi.addPwmGpio(21);
    const found = await diagnose({ model: PI_4, isRoot: true });
    expect(found).toEqual({
      kernel: null,
      pigpiod: null,
      // Where the library is missing that comes first: one cannot run what is not there.
      pigpio: expect.stringMatching(/missing when|not installed|cannot run beside it/),
    });
    expect(pi.sysfs.writes).toEqual([]);
    expect(daemon.commands.map(({ name }) => name)).toEqual(["PIGPV"]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(daemon.connections).toBe(0);
  });

  it("says why each driver cannot, best first", async () => {
    await daemon.kill();
    const found = await diagnoseDrivers(here({ model: "Raspberry Pi 5 Model B Rev 1.0" }));
    expect(found.map(({ driver }) => driver)).toEqual(["kernel", "pigpiod", "pigpio"]);
    for (const { driver, fault } of found) {
      expect(fault).toBeInstanceOf(DriverError);
      expect(fault).toMatchObject({ driver, remedy: expect.stringMatching(/.+/) });
    }
  });

  it("does not wait for what may still come", async () => {
    usePi({ configLines: ["dtoverlay=pwm-gpio,gpio=21"] });
    expect(await diagnose({ model: PI_4 })).toMatchObject({ kernel: expect.stringContaining("not in force") });
  });
});

describe("the model of the board", () => {
  it("is the board's own word without its final NUL", () => {
    const file = join(newFolder(), "model");
    writeFileSync(file, "Raspberry Pi 3 Model B Plus Rev 1.3\0");
    expect(readPiModel(file)).toBe("Raspberry Pi 3 Model B Plus Rev 1.3");
  });

  it("is null on another board and on a computer without one", () => {
    const file = join(newFolder(), "model");
    writeFileSync(file, "Pine64 Rock64\0");
    expect([readPiModel(file), readPiModel(`${file}-none`)]).toEqual([null, null]);
  });
});
