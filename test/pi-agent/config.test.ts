import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { idOfHost } from "#base/host-id.ts";
import { describeOptions, readOptions } from "#base/options.ts";
import { isId } from "#protocol/names.ts";
import { AGENT_OPTIONS } from "../../pi-agent/config.ts";
import { wiringOf } from "../../pi-agent/wiring.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const read = (args: readonly string[] = [], env = {}) => readOptions(AGENT_OPTIONS, args, env);

function faultsOf(...args: readonly string[]): string {
  try {
    wiringOf(read(args));
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("the agent's options", () => {
  it("have defaults for one light on GPIO21 at a hub on this computer", () => {
    const config = read();
    expect(config).toMatchObject({
      hub: "http://localhost:5000",
      driver: "auto",
      restore: "last",
      onDisconnect: "hold",
      heartbeatInterval: 5000,
    });
    expect(isId(config.id)).toBe(true);
    expect(wiringOf(config)).toEqual({
      outputs: [{ name: "brightness", pin: 21, title: undefined, use: "pwm", limits: { minPower: 0, maxPower: 1 } }],
      switches: [],
      inputs: [],
    });
  });

  it("put the one light on another pin", () => {
    expect(wiringOf(read(["--pin", "18"])).outputs).toMatchObject([{ name: "brightness", pin: 18 }]);
  });

  const TWO = [
    { name: "left", pin: 21 },
    { name: "right", pin: 16 },
  ];
  it("name several lights by words, by JSON, by the environment or in the config file", () => {
    const file = join(newFolder(), "agent.json");
    writeFileSync(file, JSON.stringify({ outputs: TWO }));
    const json = JSON.stringify(TWO);
    const ways = [
      read(["--outputs", "left=21", "--outputs", "right=16"]),
      read(["--outputs", json]),
      read([], { PHAROS_OUTPUTS: "left=21,right=16" }),
      read([], { PHAROS_OUTPUTS: json }),
      read(["--config", file]),
    ];
    for (const config of ways) expect(wiringOf(config).outputs).toMatchObject(TWO);
  });

  it("give a light powers of its own", () => {
    const [strip] = wiringOf(read(["--outputs", '[{"name":"strip","pin":18,"title":"Strip","minPower":5}]'])).outputs;
    expect(strip).toEqual({
      name: "strip",
      pin: 18,
      title: "Strip",
      use: "pwm",
      limits: { minPower: 0.05, maxPower: 1 },
    });
  });

  it("take the place of the light on GPIO21 when they name another output, not when they name an input", () => {
    expect(wiringOf(read(["--switches", "relay=20"])).outputs).toEqual([]);
    expect(wiringOf(read(["--inputs", "button=16"])).outputs).toMatchObject([{ pin: 21 }]);
    expect(wiringOf(read(["--switches", "relay=20", "--pin", "21"]))).toMatchObject({
      outputs: [{ name: "brightness", pin: 21 }],
      switches: [{ name: "relay", pin: 20 }],
    });
  });

  it("take an input for a button to ground, unless they say otherwise", () => {
    const json = '[{"name":"door","pin":17,"pull":"down","debounceMs":100,"message":""}]';
    expect(wiringOf(read(["--inputs", "button=16"])).inputs).toEqual([
      { name: "button", pin: 16, pull: "up", activeLow: true, debounceMs: 30, message: "button pressed" },
    ]);
    expect(wiringOf(read(["--inputs", json])).inputs).toEqual([
      { name: "door", pin: 17, pull: "down", activeLow: false, debounceMs: 100, message: null },
    ]);
  });

  it("ask for the chip's own PWM for all lights or for one", () => {
    const json = '[{"name":"a","pin":18,"hardware":true},{"name":"b","pin":21}]';
    expect(wiringOf(read(["--outputs", json])).outputs.map(({ use }) => use)).toEqual(["hardware-pwm", "pwm"]);
    expect(wiringOf(read(["--pin", "18", "--hardware-pwm"])).outputs).toMatchObject([{ use: "hardware-pwm" }]);
  });

  it.each([
    ["hub.local:5000", "http://hub.local:5000"],
    ["http://192.168.1.5:5000/", "http://192.168.1.5:5000"],
    ["https://[::1]:5443/x", "https://[::1]:5443"],
  ])("take %s for the hub %s", (given, hub) => {
    expect(read(["--hub", given]).hub).toBe(hub);
  });

  it.each([
    [["--hub", "ftp://x"], "--hub: must be the address of a hub"],
    [["--hub", "::"], "--hub: must be the address of a hub"],
    [["--id", "-x"], "--id: a device id is"],
    [["--pin", "28"], "--pin: must be a whole number from 2 to 27"],
    [["--outputs", "a=21", "--inputs", "b=21"], "GPIO21: it is named twice"],
    [["--outputs", "a=21", "--switches", "a=20"], "a: two pins have this name"],
    [["--pin", "21", "--switches", "a=21"], "GPIO21: it is named twice"],
    [["--min-power", "50", "--max-power", "40"], "brightness: --min-power must be less than --max-power"],
    [["--outputs", "a.b=21"], "--outputs: a name has no dot"],
    [["--outputs", "a"], "--outputs: must be a whole number from 2 to 27"],
    [["--outputs", "[oops"], "--outputs: must be NAME=GPIO, or JSON"],
    [["--driver", "magic"], "--driver: must be auto, kernel, pigpiod, pigpio or simulated"],
    [["--restore", "on"], "--restore: must be last, off or a brightness"],
    [["--on-disconnect", "panic"], "--on-disconnect: must be hold"],
    [["--max-power", "0"], "--max-power: must be a number from 1 to 100"],
    [["--heartbeat-interval", "5s"], "--heartbeat-interval: must be a whole number from 500 to 3600000 ms"],
  ])("refuse %j by name", (args, fault) => {
    expect(faultsOf(...args)).toContain(fault);
  });

  it("have a line each in --help, with the default", () => {
    const help = describeOptions(AGENT_OPTIONS);
    for (const word of [
      "--hub URL",
      "(21 where no other output is named)",
      "--outputs NAME=GPIO",
      "(default hold)",
      "(default 8888)",
    ])
      expect(help).toContain(word);
    expect(help).not.toContain("[object");
  });
});

describe("the id of this computer", () => {
  it.each([
    ["raspberrypi", "raspberrypi"],
    ["Küche Pi.local", "K-che-Pi.local"],
    ["-_x", "x"],
    ["日本", "raspberrypi"],
    ["a".repeat(80), "a".repeat(64)],
  ])("of %s is %s", (host, id) => {
    expect(idOfHost(host)).toBe(id);
    expect(isId(id)).toBe(true);
  });
});
