import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { describeOptions, readOptions } from "#base/options.ts";
import { isId } from "#protocol/names.ts";
import { AGENT_OPTIONS, idOfHost, outputsOf } from "../../pi-agent/config.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const read = (args: readonly string[] = [], env = {}) => readOptions(AGENT_OPTIONS, args, env);

function faultsOf(...args: readonly string[]): string {
  try {
    read(args);
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
    expect(outputsOf(config)).toEqual([{ name: "brightness", pin: 21 }]);
  });

  it("put the one light on another pin", () => {
    expect(outputsOf(read(["--pin", "18"]))).toEqual([{ name: "brightness", pin: 18 }]);
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
    for (const config of ways) expect(outputsOf(config)).toEqual(TWO);
  });

  it("give a light powers of its own", () => {
    expect(outputsOf(read(["--outputs", '[{"name":"strip","pin":18,"title":"Strip","minPower":5}]']))).toEqual([
      { name: "strip", pin: 18, title: "Strip", minPower: 5 },
    ]);
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
    [["--outputs", "a=21", "--outputs", "b=21"], "--outputs: two outputs have the same pin"],
    [["--outputs", "a=21", "--outputs", "a=20"], "--outputs: two outputs have the same name"],
    [["--outputs", "a.b=21"], "--outputs: the name of an output has no dot"],
    [["--outputs", "a"], "--outputs: must be a whole number from 2 to 27"],
    [["--outputs", "[oops"], "--outputs: must be NAME=PIN, or JSON"],
    [["--driver", "magic"], "--driver: must be auto, pigpiod, pigpio or simulated"],
    [["--restore", "on"], "--restore: must be last, off or a brightness"],
    [["--on-disconnect", "panic"], "--on-disconnect: must be hold"],
    [["--max-power", "0"], "--max-power: must be a number from 1 to 100"],
    [["--heartbeat-interval", "5s"], "--heartbeat-interval: must be a whole number from 500 to 3600000 ms"],
  ])("refuse %j by name", (args, fault) => {
    expect(faultsOf(...args)).toContain(fault);
  });

  it("have a line each in --help, with the default", () => {
    const help = describeOptions(AGENT_OPTIONS);
    for (const word of ["--hub URL", "(default 21)", "--outputs NAME=GPIO", "(default hold)", "(default 8888)"])
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
