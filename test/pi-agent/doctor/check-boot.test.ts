import { describe, expect, it } from "@jest/globals";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { chip, input, look, trouble } from "./look.ts";
import { CONFIG, healthyPi, type MadeUpMachine } from "./made-up-machine.ts";

const newFolder = temporaryFolders();
const pi = (model?: string): MadeUpMachine => healthyPi(newFolder(), model);

describe("config.txt", () => {
  it("without a line gets it by one command", async () => {
    expect(await trouble("config.txt", pi().boot(["dtparam=audio=on"]))).toEqual([
      {
        check: "config.txt",
        verdict: "note",
        what: `${CONFIG} has no line for pulses of the kernel on GPIO21`,
        remedy: `printf 'dtoverlay=pwm-gpio,gpio=21\\n' | sudo tee -a ${CONFIG} && sudo reboot`,
      },
    ]);
  });

  it("that ends under the heading of another model gets a heading too", async () => {
    const [found] = await trouble("config.txt", pi().boot(["[cm5]", "dtoverlay=dwc2"]));
    expect(found?.remedy).toContain("printf '[all]\\ndtoverlay=pwm-gpio,gpio=21\\n'");
  });

  it("with the line under the heading of another model does not have it", async () => {
    const lines = ["[pi5]", "dtoverlay=pwm-gpio,gpio=21", "[all]"];
    expect((await trouble("config.txt", pi().boot(lines)))[0]).toMatchObject({
      what: `${CONFIG} has dtoverlay=pwm-gpio,gpio=21 under [pi5], which is not for this model`,
      remedy: `Move it under [all] (sudo nano ${CONFIG}), then: sudo reboot`,
    });
    expect(await trouble("config.txt", pi("Raspberry Pi 5 Model B Rev 1.0").boot(lines))).toEqual([]);
  });

  it("that was changed since the start needs a restart", async () => {
    const changed = pi().boot(["dtoverlay=pwm-gpio,gpio=21"], true);
    expect(await trouble("config.txt", changed)).toEqual([expect.objectContaining({ remedy: "sudo reboot" })]);
  });

  it("of a system without the overlay is no help", async () => {
    expect(await trouble("config.txt", pi().remove("/boot/firmware/overlays/pwm-gpio.dtbo"))).toEqual([
      expect.objectContaining({
        what: "There is no /boot/firmware/overlays/pwm-gpio.dtbo for pulses of the kernel on GPIO21",
        remedy: "sudo apt update && sudo apt full-upgrade -y && sudo reboot",
      }),
    ]);
  });

  it("is also found where it was before bookworm", async () => {
    const old = pi().remove("/boot/firmware").put("/boot/config.txt", "").put("/boot/overlays/pwm-gpio.dtbo");
    expect((await trouble("config.txt", old))[0]?.remedy).toContain("sudo tee -a /boot/config.txt");
  });

  it("holds the pulls of inputs", async () => {
    const [found] = await trouble("config.txt", pi(), { pins: [input("up")] });
    expect(found?.remedy).toContain("'gpio=16=ip,pu\\n'");
    expect(await trouble("config.txt", pi().boot(["gpio=16=ip,pd"]), { pins: [input("down")] })).toEqual([]);
    expect(await trouble("config.txt", pi(), { pins: [input("none")] })).toEqual([]);
  });

  it("has one line for two pins of the chip's PWM", async () => {
    const machine = pi().put("/boot/firmware/overlays/pwm-2chan.dtbo").put("/boot/firmware/overlays/pwm.dtbo");
    const remedies = async (...pins: number[]) =>
      (await trouble("config.txt", machine, { pins: pins.map(chip) })).map(({ remedy }) => remedy);
    expect((await remedies(13, 18))[0]).toContain("'dtoverlay=pwm-2chan,pin=18,func=2,pin2=13,func2=4\\n'");
    expect((await remedies(19))[0]).toContain("'dtoverlay=pwm,pin=19,func=2\\n'");
    // The line, and the sound that uses the same chip.
    expect((await remedies(19))[1]).toBe(
      `sudo sed -i 's/^dtparam=audio=on/dtparam=audio=off/' ${CONFIG} && sudo reboot`,
    );
  });

  it.each([
    ["dtparam=i2c_arm=on", 2, "I2C"],
    ["dtparam=spi=on", 8, "SPI"],
    ["enable_uart=1", 14, "the serial port"],
    ["dtoverlay=w1-gpio", 4, "1-Wire"],
  ])("with %s has another user of GPIO%i", async (line, pin, what) => {
    const pins = [{ name: "relay", pin, use: "switch" as const }];
    expect(await trouble("config.txt", pi().boot([line]), { pins })).toEqual([
      expect.objectContaining({
        what: `GPIO${pin} (relay) is also a pin of ${what}: ${line}`,
        remedy: `Use another pin for relay, or: sudo sed -i '/^${line}/d' ${CONFIG} && sudo reboot`,
      }),
    ]);
  });

  it("that is not there is nobody's business", async () => {
    expect((await look(pi().remove("/boot"))).of("config.txt")).toEqual([]);
  });
});
