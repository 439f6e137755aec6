import { describe, expect, it } from "@jest/globals";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { look, trouble } from "./look.ts";
import { healthyPi, MadeUpMachine } from "./made-up-machine.ts";

const newFolder = temporaryFolders();
const pi = (model?: string): MadeUpMachine => healthyPi(newFolder(), model);

describe("the computer", () => {
  it("that is no Pi works with the simulated driver only", async () => {
    const other = new MadeUpMachine(newFolder()).put("/proc/device-tree/model", "QEMU Virtual Machine\0");
    const real = await look(other);
    expect(real.of("model")).toEqual([
      {
        check: "model",
        verdict: "note",
        what: "This is not a Raspberry Pi, but: QEMU Virtual Machine",
        remedy: "Without an LED: --driver simulated",
      },
    ]);
    expect(real.works).toBe(false);
    expect(real.of("drivers").at(-1)).toEqual({
      check: "drivers",
      verdict: "fail",
      what: "No driver can move these pins here",
      remedy: "Without an LED: --driver simulated",
    });
    const simulated = await look(other, { driver: "simulated" });
    expect(simulated.works).toBe(true);
    expect(simulated.of("drivers")).toEqual([
      { check: "drivers", verdict: "ok", what: "The driver is simulated: no real pin moves" },
    ]);
  });

  it("with an old system is told which one to use", async () => {
    const old = pi().put(
      "/etc/os-release",
      'PRETTY_NAME="Raspbian GNU/Linux 11 (bullseye)"\nVERSION_CODENAME=bullseye\n',
    );
    expect(await trouble("system", old)).toEqual([
      expect.objectContaining({ verdict: "note", remedy: expect.stringContaining("bookworm") }),
    ]);
    expect(await trouble("system", pi().remove("/etc/os-release"))).toHaveLength(1);
  });

  it.each(["6.6.61+rpt-rpi-v8", "6.1.21-v8+", "5.15.84"])(
    "with kernel %s cannot make pulses on any pin",
    async (release) => {
      const old = Object.assign(pi(), { release });
      expect(await trouble("kernel", old)).toEqual([
        expect.objectContaining({ remedy: "sudo apt update && sudo apt full-upgrade -y && sudo reboot" }),
      ]);
      expect(await trouble("kernel", old, { driver: "pigpiod" })).toEqual([]);
      expect(await trouble("kernel", old, { pins: [{ name: "relay", pin: 4, use: "switch" }] })).toEqual([]);
    },
  );

  it.each(["6.6.62+rpt", "6.6.74", "6.12.1-v8", "7.0.0"])("with kernel %s can", async (release) => {
    expect(await trouble("kernel", Object.assign(pi(), { release }))).toEqual([]);
  });

  it("with an old Node.js cannot run the agent", async () => {
    const old = await look(Object.assign(pi(), { node: "16.20.2" }));
    expect(old.works).toBe(false);
    expect(old.of("node")[0]).toMatchObject({
      verdict: "fail",
      remedy: "sudo apt update && sudo apt install -y nodejs",
    });
    expect(await trouble("node", Object.assign(pi(), { node: "18.19.0" }))).toEqual([]);
  });

  it.each([
    [
      "50005",
      ["The power supply is too weak right now: under 4.63 V", "The CPU is slowed down right now, for heat or power"],
    ],
    ["50000", ["The power supply was too weak since the start", "The CPU was slowed down since the start"]],
    ["8", ["The CPU is too hot right now"]],
    ["0", []],
  ])("with throttling %s", async (bits, whats) => {
    const machine = pi().put("/sys/devices/platform/soc/soc:firmware/get_throttled", `${bits}\n`);
    const found = await trouble("power", machine);
    expect(found.map(({ what }) => what)).toEqual(whats);
    for (const { remedy } of found) expect(remedy).toMatch(/power supply|heat sink/);
  });

  it("on the bus of a Pi 5 tells its power too", async () => {
    const machine = pi("Raspberry Pi 5 Model B Rev 1.0")
      .remove("/sys/devices/platform/soc")
      .put("/sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", "1");
    expect(await trouble("power", machine)).toHaveLength(1);
  });
});
