import { describe, expect, it } from "@jest/globals";
import { deviceTokens, hubUrl, partSecrets, planParts } from "../../cli/parts.ts";

const HUB = "http://127.0.0.1:5000";

describe("the parts beside the hub", () => {
  it("are a simulated LED and a simulated ESP32 on a computer, and it says so", () => {
    const { parts, notes } = planParts(true, null, HUB, "bench");
    expect(parts).toEqual([
      { name: "agent", device: "bench", args: ["agent", "--hub", HUB, "--driver", "simulated"] },
      { name: "esp32", device: "esp32-1", args: ["simulate", "esp32", "--hub", HUB] },
    ]);
    expect(notes.join()).toMatch(/not a Raspberry Pi: the LED is a simulated one/);
  });

  it("are the real GPIO21 and a simulated ESP32 on a Raspberry Pi", () => {
    const { parts, notes } = planParts(true, "Raspberry Pi 4 Model B Rev 1.4", HUB, "pi");
    expect(parts.map(({ args }) => args.join(" "))).toEqual([`agent --hub ${HUB}`, `simulate esp32 --hub ${HUB}`]);
    expect(notes.join()).toMatch(/real GPIO21/);
  });

  it("are the agent alone on a Raspberry Pi without simulation", () => {
    expect(planParts(false, "Raspberry Pi 3", HUB, "pi").parts.map(({ name }) => name)).toEqual(["agent"]);
  });

  it("are none on a computer without simulation, and it says so", () => {
    const { parts, notes } = planParts(false, null, HUB, "bench");
    expect(parts).toEqual([]);
    expect(notes.join()).toMatch(/only the hub runs/);
  });
});

describe("the hub's address for parts on the same machine", () => {
  it.each([
    ["::", "http://127.0.0.1:80"],
    ["0.0.0.0", "http://127.0.0.1:80"],
    ["192.168.1.7", "http://192.168.1.7:80"],
    ["fd00::7", "http://[fd00::7]:80"],
  ])("for %s is %s", (host, url) => expect(hubUrl(host, 80)).toBe(url));
});

describe("the tokens of the parts", () => {
  it("are one for each, told to the hub beside those that the user gave", () => {
    let made = 0;
    const secrets = partSecrets(["bench", "esp32-1"], () => `secret-${++made}`);
    expect(secrets.get("esp32-1")).toBe("secret-2");
    expect(deviceTokens(secrets)).toBe("bench=secret-1,esp32-1=secret-2");
    expect(deviceTokens(secrets, "mine=x")).toBe("mine=x,bench=secret-1,esp32-1=secret-2");
  });
});
