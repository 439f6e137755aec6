import { beforeEach, describe, expect, it } from "@jest/globals";
import { createKernelDriver } from "../../../pi-agent/drivers/kernel.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";
import { FakePi } from "../../support/fake-pi.ts";

let clock: FakeClock;
let pi: FakePi;
beforeEach(() => {
  clock = fakeClock();
  pi = new FakePi({ clock });
});

function reasonOf(opening: Promise<unknown>): Promise<string> {
  return opening.then(
    () => "opened",
    (error: unknown) => (error as Error).message,
  );
}

describe("PWM of the kernel", () => {
  it.each([0, 1, 3, 17])("is found by its device, here on chip %i, and not by a number", async (number) => {
    pi.sysfs.remove("class/pwm");
    for (const other of [20, 16, 2]) pi.addPwmGpio(other, 30 + other);
    pi.addPwmGpio(21, number);
    const output = await createKernelDriver(pi.parts).openPwm(21);
    await output.set(output.steps);
    expect([pi.powerOf(21), pi.powerOf(2), pi.powerOf(16)]).toEqual([1, 0, 0]);
  });

  it("is found where the device lies under another one", async () => {
    pi.addChip(5, "/sys/devices/platform/soc/soc:pwm_gpio@15", [21]);
    await (await createKernelDriver(pi.parts).openPwm(21)).set(5_000);
    expect(pi.powerOf(21)).toBe(0.5);
  });

  it("changes nothing on a pin by opening it", async () => {
    const channel = pi.addPwmGpio(21);
    channel.state = { period: 1_000_000, duty: 400_000, enabled: true, polarity: "normal" };
    const output = await createKernelDriver(pi.parts).openPwm(21);
    expect(output.foundStep).toBe(4_000);
    expect(pi.powersOf(21)).toEqual([]);
  });

  it.each([
    [20_000_000, 5_000_000],
    [20_000_000, 20_000_000],
    [1_000_001, 1_000_001],
    [100_000, 99_999],
    [100_000, 1],
    [2_000_000, 0],
  ])("takes over a period of %i ns with a duty of %i without a flash", async (period, duty) => {
    const channel = pi.addPwmGpio(21);
    channel.state = { period, duty, enabled: true, polarity: "normal" };
    const output = await createKernelDriver(pi.parts).openPwm(21);
    expect(output.foundStep).toBe(Math.round((duty / period) * output.steps));
    expect(channel.state).toMatchObject({ period: 1_000_000, duty: Math.round((duty / period) * 1_000_000) });
    expect(Math.max(0, ...pi.powersOf(21))).toBeLessThanOrEqual(duty / period + 1e-6);
  });

  it.each([
    [0, 0],
    [20_000_000, 20_000_000],
    [500, 500],
    [1_000_000, 900_000],
  ])("takes over a pin that is off with a period of %i ns and a duty of %i without a flash", async (period, duty) => {
    const channel = pi.addPwmGpio(21);
    channel.state = { period, duty, enabled: false, polarity: "normal" };
    const output = await createKernelDriver(pi.parts).openPwm(21);
    expect([output.foundStep, pi.history.length]).toEqual([0, 0]);
    await output.set(3);
    expect(channel.state).toEqual({ period: 1_000_000, duty: 300, enabled: true, polarity: "normal" });
    expect(pi.powersOf(21).filter((power) => power > 0)).toEqual([0.0003]);
  });

  it("survives the agent: what one leaves, the next finds", async () => {
    pi.addPwmGpio(21);
    const first = createKernelDriver(pi.parts);
    await (await first.openPwm(21)).set(1_234);
    await first.close();
    expect((await createKernelDriver(pi.parts).openPwm(21)).foundStep).toBe(1_234);
    expect(pi.powersOf(21).at(-1)).toBe(0.1234);
  });

  it("waits until udev has given it the files, 361 ms after they appear", async () => {
    pi.addPwmGpio(21);
    pi.sysfs.grantedAfterMs = 361;
    const opening = createKernelDriver(pi.parts).openPwm(21);
    await clock.advance(360);
    expect(pi.sysfs.openFiles).toBe(0);
    await clock.advance(40);
    await (await opening).set(10_000);
    expect(pi.powerOf(21)).toBe(1);
  });

  it("shares a channel that somebody else asks for in the same moment", async () => {
    pi.addPwmGpio(21, 4);
    pi.sysfs.breakAccess = (path, doing) => {
      if (doing !== "write" || !path.endsWith("/export")) return null;
      pi.sysfs.breakAccess = () => null;
      pi.sysfs.open("class/pwm/pwmchip4/export", "write").write("0");
      return "EBUSY";
    };
    await expect(createKernelDriver(pi.parts).openPwm(21)).resolves.toMatchObject({ pin: 21 });
  });

  it("gives up after three seconds without permission, naming the group", async () => {
    pi.addPwmGpio(21);
    pi.sysfs.grantedAfterMs = null;
    const opening = reasonOf(createKernelDriver(pi.parts).openPwm(21));
    await clock.advance(3_100);
    expect(await opening).toMatch(
      /^kernel, GPIO21: \/sys\/class\/pwm\/.*period may not be used by this user \(EACCES\)\. .*group gpio/,
    );
    expect(pi.sysfs.openFiles).toBe(0);
  });

  it("names the line of config.txt when the chip is missing", async () => {
    expect(await reasonOf(createKernelDriver(pi.parts).openPwm(21))).toBe(
      "kernel, GPIO21: the kernel has no PWM for this pin. Add the line dtoverlay=pwm-gpio,gpio=21 to /boot/firmware/config.txt and restart the Pi (sudo reboot).",
    );
  });

  it("says that the Pi was not restarted when the line is there already", async () => {
    pi = new FakePi({ clock, configLines: ["dtoverlay=pwm-gpio,gpio=21"] });
    expect(await reasonOf(createKernelDriver(pi.parts).openPwm(21))).toContain(
      "The line dtoverlay=pwm-gpio,gpio=21 is in /boot/firmware/config.txt but not in force: restart the Pi",
    );
  });

  it.each(["5.15.84-v7+", "6.1.0-28-arm64", "6.6.61"])("says that the kernel %s is too old", async (release) => {
    pi = new FakePi({ clock, release });
    expect(await reasonOf(createKernelDriver(pi.parts).openPwm(21))).toContain(`the kernel ${release} is too old`);
  });

  it.each(["6.6.62+rpt-rpi-v8", "6.12.20", "7.0"])("does not call the kernel %s too old", async (release) => {
    pi = new FakePi({ clock, release });
    expect(await reasonOf(createKernelDriver(pi.parts).openPwm(21))).toContain("dtoverlay=pwm-gpio");
  });

  it("sends nobody without a Raspberry Pi to a config.txt", async () => {
    pi = new FakePi({ clock, model: null });
    expect(await reasonOf(createKernelDriver(pi.parts).openPwm(21))).toContain("Use a Raspberry Pi.");
  });

  it("names a channel that a part of the kernel has", async () => {
    pi.addPwmGpio(21).takenBy = "pwm-fan";
    expect(await reasonOf(createKernelDriver(pi.parts).openPwm(21))).toMatch(
      /pwm0 is in use by another program or driver \(EBUSY\)/,
    );
  });
});

describe("PWM of the chip", () => {
  const UNTIL_4 = "/sys/devices/platform/soc/fe20c000.pwm";

  it.each([
    ["Pi 0", "/sys/devices/platform/soc/20c000.pwm", [12, 13], [12, 13]],
    ["Pi 1", "/sys/devices/platform/soc/2020c000.pwm", [18, 19], [18, 19]],
    ["Pi 3", "/sys/devices/platform/soc/3f20c000.pwm", [12, 13], [12, 13]],
    ["Pi 4", UNTIL_4, [18, 19], [18, 19]],
    ["Pi 5", "/sys/devices/platform/axi/1000120000.pcie/1f00098000.pwm", [12, 13, 18, 19], [12, 13, 18, 19]],
  ])("drives its pins on a %s", async (_name, device, pins, wanted) => {
    pi.addChip(4, device, pins);
    const driver = createKernelDriver(pi.parts);
    for (const pin of wanted) await (await driver.openPwm(pin, "hardware-pwm")).set(pin * 100);
    expect(wanted.map((pin) => pi.powerOf(pin))).toEqual(wanted.map((pin) => pin / 100));
  });

  it("is not taken when it was not asked for", async () => {
    pi.addChip(4, UNTIL_4, [18, 19]);
    expect(await reasonOf(createKernelDriver(pi.parts).openPwm(18))).toContain("dtoverlay=pwm-gpio,gpio=18");
  });

  it.each([
    [12, "dtoverlay=pwm,pin=12,func=4"],
    [13, "dtoverlay=pwm,pin=13,func=4"],
    [18, "dtoverlay=pwm,pin=18,func=2"],
    [19, "dtoverlay=pwm,pin=19,func=2"],
  ])("names the line of config.txt for GPIO%i", async (pin, line) => {
    expect(await reasonOf(createKernelDriver(pi.parts).openPwm(pin, "hardware-pwm"))).toContain(line);
  });

  it("is not given to two pins that share it", async () => {
    pi.addChip(4, UNTIL_4, [12, 13]);
    const driver = createKernelDriver(pi.parts);
    await driver.openPwm(12, "hardware-pwm");
    expect(await reasonOf(driver.openPwm(18, "hardware-pwm"))).toBe(
      "kernel, GPIO18: it shares its PWM with GPIO12, which is in use. Use one of GPIO12 and GPIO18 with one of GPIO13 and GPIO19.",
    );
  });

  it("says which pins have it", async () => {
    expect(await reasonOf(createKernelDriver(pi.parts).openPwm(21, "hardware-pwm"))).toMatch(
      /this pin has no hardware PWM\. Use GPIO12, GPIO13, GPIO18 or GPIO19/,
    );
  });
});
