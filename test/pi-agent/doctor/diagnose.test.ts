/** What the doctor says of a Pi that is well, and of its drivers. */
import { describe, expect, it } from "@jest/globals";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { chip, input, look, trouble } from "./look.ts";
import { healthyPi, type MadeUpMachine, SUBJECT } from "./made-up-machine.ts";

const newFolder = temporaryFolders();
const pi = (model?: string): MadeUpMachine => healthyPi(newFolder(), model);

describe("a healthy Pi", () => {
  it.each([
    "Raspberry Pi Zero W Rev 1.1",
    "Raspberry Pi Zero 2 W Rev 1.0",
    "Raspberry Pi 3 Model B Plus Rev 1.3",
    "Raspberry Pi 4 Model B Rev 1.4",
    "Raspberry Pi 400 Rev 1.0",
    "Raspberry Pi 5 Model B Rev 1.0",
  ])("is well: %s", async (model) => {
    const { findings, works } = await look(pi(model).service(), {
      source: "service",
      dataDir: "/var/lib/pharos-agent",
    });
    expect(findings.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
    expect(findings.filter(({ remedy }) => remedy !== undefined)).toEqual([]);
    expect(findings[0]?.what).toBe(model);
    expect(works).toBe(true);
  });

  it("says what each driver could, and which is used", async () => {
    expect((await look(pi())).of("drivers").map(({ what }) => what)).toEqual([
      "The driver kernel can drive these pins, and is the one used",
      expect.stringMatching(/^The driver pigpiod is not needed, and could not \(.*\)$/),
      expect.stringMatching(/^The driver pigpio is not needed, and could not \(.*\)$/),
    ]);
  });
});

describe("the pins", () => {
  it("are told with their use", async () => {
    const pins = [...SUBJECT.pins, { name: "relay", pin: 4, use: "switch" as const }, input("none"), chip(12)];
    expect((await look(pi(), { pins })).of("pins").map(({ what }) => what)).toEqual([
      "brightness: GPIO21, a light",
      "relay: GPIO4, a switch",
      "button: GPIO16, an input",
      "lamp12: GPIO12, a light, by the chip's own PWM",
    ]);
  });

  it("that no driver can give keep the agent from working, and each driver says why and what helps", async () => {
    const bare = pi().boot([]).remove("/sys/class/pwm");
    const { of, works } = await look(bare);
    expect(works).toBe(false);
    expect(of("drivers").map(({ verdict, what }) => `${verdict} ${what}`)).toEqual([
      "fail The driver kernel cannot: GPIO21: the kernel has no PWM for this pin",
      expect.stringMatching(/^fail The driver pigpiod cannot: /),
      expect.stringMatching(/^fail The driver pigpio cannot: /),
      "fail No driver can move these pins here",
    ]);
    for (const { remedy } of of("drivers")) expect(remedy).not.toBe("");
  });

  it("that only another driver could give than the one asked for", async () => {
    const { of, works } = await look(pi(), { driver: "pigpiod" });
    expect(works).toBe(false);
    expect(of("drivers").map(({ verdict }) => verdict)).toEqual(["ok", "fail", "note", "fail"]);
    expect(of("drivers").at(-1)).toMatchObject({
      what: "The driver pigpiod does not work here",
      remedy: "--driver auto",
    });
    // Lines for the kernel's driver are then nobody's business.
    expect(await trouble("config.txt", pi().boot([]), { driver: "pigpiod" })).toEqual([]);
  });
});
