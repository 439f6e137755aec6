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

describe("a switch of the kernel", () => {
  it.each([
    ["Pi 3", "pinctrl-bcm2835", 0],
    ["Pi 3 with a new kernel", "pinctrl-bcm2835", 512],
    ["Pi 4", "pinctrl-bcm2711", 512],
    ["Pi 5", "pinctrl-rp1", 571],
  ])("is found by the label of its chip on a %s", async (_name, label, base) => {
    pi = new FakePi({ clock, label, base });
    await (await createKernelDriver(pi.parts).openSwitch(26)).set(1);
    expect(pi.sysfs.writes).toContain(`class/gpio/export ${base + 26}`);
    expect(pi.powerOf(26)).toBe(1);
  });

  it("gets direction and level in one write, so that it never flashes", async () => {
    const driver = createKernelDriver(pi.parts);
    await (await driver.openSwitch(26)).set(1);
    await (await driver.openSwitch(19)).set(0);
    expect([pi.powersOf(26), pi.powersOf(19)]).toEqual([[1], [0]]);
  });

  it("stays as it is while it is opened, closed and opened again", async () => {
    Object.assign(pi.line(26), { isOutput: true, isHigh: true });
    for (const _agent of [1, 2]) {
      const driver = createKernelDriver(pi.parts);
      expect((await driver.openSwitch(26)).foundStep).toBe(1);
      await driver.close();
    }
    expect([pi.history, pi.powerOf(26), pi.sysfs.openFiles]).toEqual([[], 1, 0]);
  });

  it("is not taken for on because its pull is high", async () => {
    pi.hold(26, true);
    expect((await createKernelDriver(pi.parts).openSwitch(26)).foundStep).toBe(0);
  });

  it("means high by on, also where somebody had the kernel call low high", async () => {
    Object.assign(pi.line(26), { isOutput: true, isHigh: true, isActiveLow: true });
    const output = await createKernelDriver(pi.parts).openSwitch(26);
    expect([output.foundStep, pi.powersOf(26)]).toEqual([1, [1]]);
    await output.set(0);
    expect(pi.powerOf(26)).toBe(0);
  });

  it("waits until udev has given it the files", async () => {
    pi.sysfs.grantedAfterMs = 361;
    const opening = createKernelDriver(pi.parts).openSwitch(26);
    await clock.advance(400);
    await expect(opening).resolves.toMatchObject({ pin: 26, foundStep: 0 });
  });

  it("says that the overlay of a light has the pin", async () => {
    pi.addPwmGpio(21);
    expect(await reasonOf(createKernelDriver(pi.parts).openSwitch(21))).toMatch(
      /^kernel, GPIO21: the overlay pwm-gpio has this pin\. Use it as a light, or take its line out of config\.txt/,
    );
  });

  it("says how to find who has the pin", async () => {
    pi.line(26).takenBy = "spi0 CS1";
    expect(await reasonOf(createKernelDriver(pi.parts).openSwitch(26))).toMatch(
      /^kernel, GPIO26: another program or driver has this pin \(EBUSY\)\. See which with: sudo gpioinfo/,
    );
  });

  it("shares a pin that an earlier agent exported", async () => {
    await createKernelDriver(pi.parts).openSwitch(26);
    await expect(createKernelDriver(pi.parts).openSwitch(26)).resolves.toMatchObject({ pin: 26 });
  });

  it("says that no chip here is that of a Raspberry Pi", async () => {
    pi = new FakePi({ clock, label: "INT34C5:00" });
    expect(await reasonOf(createKernelDriver(pi.parts).openSwitch(26))).toContain("no chip here has the pins");
    pi.sysfs.remove("class/gpio");
    expect(await reasonOf(createKernelDriver(pi.parts).openSwitch(26))).toContain("there is no /sys/class/gpio");
  });

  it.each([
    [
      "EROFS",
      /gpio\/export cannot be written, \/sys is read-only here \(EROFS\)\. In a service, allow it: ReadWritePaths=/,
    ],
    ["EACCES", /gpio\/export may not be used by this user \(EACCES\)\. .*group gpio/],
    ["EINVAL", /gpio\/export does not take this value \(EINVAL\)\. See what the kernel says: sudo dmesg/],
    ["EIO", /gpio\/export does not work \(EIO\)/],
    ["ENODEV", /gpio\/export has gone \(ENODEV\)\. Restart the Pi/],
    ["EMFILE", /gpio\/export cannot be used \(EMFILE\)/],
  ])("explains %s", async (code, text) => {
    pi.sysfs.breakAccess = (path) => (path.endsWith("export") ? code : null);
    expect(await reasonOf(createKernelDriver(pi.parts).openSwitch(26))).toMatch(text);
  });
});

describe("an input of the kernel", () => {
  it("becomes one where an output was, and drives nothing", async () => {
    Object.assign(pi.line(16), { isOutput: true, isHigh: true });
    const input = await createKernelDriver(pi.parts).openInput(16, "down");
    expect([pi.line(16).isOutput, await input.read()]).toEqual([false, false]);
  });

  it("is not written where it listens already", async () => {
    await createKernelDriver(pi.parts).openInput(16, "up");
    expect(pi.sysfs.writes).toEqual(["class/gpio/export 528"]);
  });
});
