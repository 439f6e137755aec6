/** `npm run esp32`, as it is called. */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, statSync } from "node:fs";
import { afterAll, describe, expect, it } from "@jest/globals";
import { buildClient } from "../support/espruino.ts";

const FULL = ["--ssid", "lab", "--password", "secret", "--hub", "http://192.168.1.5:5000", "--id", "jest-board"];
const OUTFILE = "dist/esp32/jest-board.js";

function esp32(...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/esp32.mjs", ...args], { encoding: "utf8" });
  return { status, out: stdout, err: stderr };
}

/** The configuration that stands in a built file. */
function configIn(file: string): unknown {
  const [first = ""] = readFileSync(file, "latin1").split("\n");
  const literal = /config:(\{.*\}),ws:require\("ws"\)/.exec(first)?.[1] ?? "";
  return new Function(`return ${literal}`)();
}

afterAll(() => rmSync(OUTFILE, { force: true }));

describe("npm run esp32", () => {
  it("explains itself", () => {
    expect(esp32("--help")).toMatchObject({ status: 0, out: expect.stringContaining("--ssid NAME") });
    expect(esp32()).toMatchObject({ status: 0, out: expect.stringContaining("build|upload") });
  });

  it("names every option that is missing at once, and how it looks", () => {
    const { status, err } = esp32("upload");
    expect(status).toBe(1);
    for (const name of ["ssid", "hub", "id", "port"]) expect(err).toContain(`--${name} is missing: `);
    expect(err).not.toContain("    at ");
  });

  it.each([
    ["https", ["--hub", "https://hub.example"], "without https"],
    ["IPv6", ["--hub", "http://[::1]:5000"], "without IPv6"],
    ["localhost", ["--hub", "http://localhost:5000"], "that is the board itself"],
    ["a bad id", ["--id", "_x y"], "start with a letter or digit"],
    ["a long network name", ["--ssid", "x".repeat(33)], "at most 32 bytes"],
    ["a bad heartbeat", ["--heartbeat", "soon"], "1 to 3600 seconds"],
    ["a bad interval", ["--report", "0"], "0.05 to 3600 seconds"],
    ["a pin that cannot measure", ["--sensor-pin", "D4"], "one of D32 to D39"],
    ["an unknown option", ["--colour", "red"], "--colour"],
  ])("refuses %s with a sentence", (_what, args, sentence) => {
    const { status, err } = esp32("build", ...FULL, ...args);
    expect(status).toBe(1);
    expect(err).toContain(sentence);
  });

  it("writes one ASCII file with the configuration, readable by its owner alone", () => {
    expect(esp32("build", ...FULL, "--room", "lab", "--token", "t0k")).toMatchObject({ status: 0, err: "" });
    expect(readFileSync(OUTFILE, "latin1")).toMatch(/^[\n -~]+$/);
    expect(statSync(OUTFILE).mode & 0o777).toBe(0o600);
    expect(configIn(OUTFILE)).toEqual({
      ...{ ssid: "lab", password: "secret", host: "192.168.1.5", port: 5000, id: "jest-board", token: "t0k" },
      ...{ rooms: ["lab"], heartbeat: 5, sensorPin: null, report: 1, consoles: false },
    });
  });

  it("writes which pin is measured, and how often", () => {
    expect(esp32("build", ...FULL, "--sensor-pin", "D34", "--report", "0.5").status).toBe(0);
    expect(configIn(OUTFILE)).toMatchObject({ sensorPin: 34, report: 0.5 });
  });

  it("writes names of any script as the bytes of their UTF-8, and quotes safely", () => {
    const names = ["--ssid", "Caf\u00e9 \u2615", "--password", `"'\\\u2028</script>\``];
    expect(esp32("build", ...FULL, ...names).status).toBe(0);
    expect(readFileSync(OUTFILE, "latin1")).toMatch(/^[\n -~]+$/);
    const config = configIn(OUTFILE) as { ssid: string; password: string };
    expect(Buffer.from(config.ssid, "latin1").toString("utf8")).toBe("Caf\u00e9 \u2615");
    expect(Buffer.from(config.password, "latin1").toString("utf8")).toBe(`"'\\\u2028</script>\``);
  });

  it("prints the command of an upload that is not run", () => {
    const { status, out } = esp32("upload", ...FULL, "--port", "/dev/ttyUSB0", "--dry-run");
    expect(status).toBe(0);
    expect(out).toContain("npm exec --yes --package=espruino@0.1.67 -- espruino -p /dev/ttyUSB0 -b 115200");
    expect(out).toMatch(/SAVE_ON_SEND=1 .*dist\/esp32\/jest-board\.js/);
  });

  it("requires the modules where the uploader sees them", () => {
    const code = buildClient();
    for (const name of ["ws", "Wifi", "TelnetServer"]) expect(code.split("\n")[0]).toContain(`require("${name}")`);
  });

  it("makes a client of less than 9 kB", () => {
    expect(buildClient().length).toBeLessThan(9000);
  });
});
