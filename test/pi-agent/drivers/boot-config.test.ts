import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import {
  addLine,
  hardwarePwmLine,
  pullLine,
  pwmGpioLine,
  readBootConfig,
} from "../../../pi-agent/drivers/boot-config.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();

describe("config.txt", () => {
  it("has a line for each pin with pulses of the kernel", () => {
    expect(pwmGpioLine(21)).toBe("dtoverlay=pwm-gpio,gpio=21");
  });

  it("has one line for one pin of the chip's PWM, and one for two", () => {
    expect(hardwarePwmLine(18)).toBe("dtoverlay=pwm,pin=18,func=2");
    expect(hardwarePwmLine(12, 19)).toBe("dtoverlay=pwm-2chan,pin=12,func=4,pin2=19,func2=2");
  });

  it.each([
    ["up", "gpio=16=ip,pu"],
    ["down", "gpio=16=ip,pd"],
    ["none", "gpio=16=ip,pn"],
  ] as const)("pulls an input %s", (pull, line) => {
    expect(pullLine(16, pull)).toBe(line);
  });

  it("is the first there is, without comments and spaces", () => {
    const folder = newFolder();
    const [first, second] = [join(folder, "firmware"), join(folder, "config.txt")];
    writeFileSync(second, "# dtoverlay=pwm-gpio,gpio=20\r\n\r\n dtoverlay=pwm-gpio,gpio=21 # lamp\r\n[all]\r\n");
    expect(readBootConfig([first, second])).toEqual({ path: second, lines: ["dtoverlay=pwm-gpio,gpio=21", "[all]"] });
    writeFileSync(first, "arm_64bit=1\n");
    expect(readBootConfig([first, second])).toEqual({ path: first, lines: ["arm_64bit=1"] });
  });

  it("has no lines where it cannot be read, and is then named as on a new system", () => {
    expect(readBootConfig([join(newFolder(), "none")]).lines).toEqual([]);
    expect(addLine({ path: "/boot/firmware/config.txt", lines: [] }, "x=1")).toBe(
      "Add the line x=1 to /boot/firmware/config.txt and restart the Pi (sudo reboot)",
    );
  });
});
