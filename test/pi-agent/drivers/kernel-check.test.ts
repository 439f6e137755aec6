import { beforeEach, describe, expect, it } from "@jest/globals";
import { checkKernel, type WantedPin } from "../../../pi-agent/drivers/kernel-check.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { FakePi } from "../../support/fake-pi.ts";

let pi: FakePi;
beforeEach(() => {
  pi = new FakePi({ clock: fakeClock() });
  pi.addPwmGpio(21);
});

function faultOf(...wants: WantedPin[]): string | null {
  return checkKernel(pi.parts, wants)?.message ?? null;
}

describe("the check of the kernel", () => {
  it("finds nothing wrong where every pin can be had, and touches none", () => {
    expect(faultOf({ pin: 21, use: "pwm" }, { pin: 26, use: "switch" }, { pin: 16, use: "input" })).toBeNull();
    expect([pi.sysfs.writes, pi.sysfs.openFiles, pi.history]).toEqual([[], 0, []]);
  });

  it("finds nothing wrong with pins that an earlier agent has exported", () => {
    pi.sysfs.open("class/gpio/export", "write").write("538");
    expect(faultOf({ pin: 26, use: "switch" })).toBeNull();
  });

  it("names every line that is missing, so that one restart mends all", () => {
    expect(faultOf({ pin: 21, use: "pwm" }, { pin: 20, use: "pwm" }, { pin: 5, use: "pwm" })).toBe(
      "kernel: GPIO20: the kernel has no PWM for this pin; GPIO5: the kernel has no PWM for this pin. " +
        "Add the line dtoverlay=pwm-gpio,gpio=20 to /boot/firmware/config.txt and restart the Pi (sudo reboot). " +
        "Add the line dtoverlay=pwm-gpio,gpio=5 to /boot/firmware/config.txt and restart the Pi (sudo reboot).",
    );
  });

  it("names one line for two pins of the chip's PWM", () => {
    const text = faultOf({ pin: 19, use: "hardware-pwm" }, { pin: 12, use: "hardware-pwm" });
    expect(text?.match(/dtoverlay=\S+/g)).toEqual(["dtoverlay=pwm-2chan,pin=12,func=4,pin2=19,func2=2"]);
  });

  it("finds two pins that share a channel", () => {
    pi.addChip(4, "/sys/devices/platform/soc/3f20c000.pwm", [12, 13]);
    expect(faultOf({ pin: 12, use: "hardware-pwm" }, { pin: 13, use: "hardware-pwm" })).toBeNull();
    expect(faultOf({ pin: 12, use: "hardware-pwm" }, { pin: 18, use: "hardware-pwm" })).toContain(
      "GPIO18: it shares its PWM with GPIO12",
    );
  });

  it("finds a switch on the pin of a light's overlay", () => {
    expect(faultOf({ pin: 21, use: "switch" })).toContain("GPIO21: the overlay pwm-gpio has this pin");
  });

  it("finds missing permissions and a read-only tree", () => {
    pi.sysfs.isReadOnly = true;
    expect(faultOf({ pin: 21, use: "pwm" })).toContain("/sys is read-only here (EROFS)");
    pi.sysfs.isReadOnly = false;
    pi.sysfs.breakAccess = (path) => (path.endsWith("/export") ? "EACCES" : null);
    expect(faultOf({ pin: 21, use: "pwm" })).toContain("group gpio");
    expect(faultOf({ pin: 16, use: "input" })).toContain("group gpio");
  });
});
