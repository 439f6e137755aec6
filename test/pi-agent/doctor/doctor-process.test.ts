/** The doctor on the computer of this test, which is no Pi, with a real hub. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { build } from "esbuild";
import { startHub, type TestHub } from "../../support/hub.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();
let program = "";
let hub: TestHub;

beforeAll(async () => {
  program = join(newFolder(), "doctor.mjs");
  await build({
    entryPoints: ["test/pi-agent/doctor/doctor-process.ts"],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    external: ["pigpio"],
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
  });
  hub = await startHub();
});
afterAll(() => hub.close());

function run(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, "--data-dir", newFolder(), ...args]);
  const texts = { out: "", err: "" };
  child.stdout.on("data", (chunk) => (texts.out += chunk));
  child.stderr.on("data", (chunk) => (texts.err += chunk));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, ...texts })));
}

const isPi = existsSync("/proc/device-tree/model");

describe("pharos agent doctor on this computer", () => {
  (isPi ? it.skip : it)("says that it is no Pi, and to use the simulated driver", async () => {
    const { code, out, err } = await run("--hub", hub.url, "--pigpiod-port", "1");
    expect(err).toBe("");
    expect(out).toContain("note  This is not a Raspberry Pi.\n      → Without an LED: --driver simulated\n");
    expect(out).toMatch(/FAIL {2}No driver can move these pins here\.\n {6}→ Without an LED: --driver simulated\n/);
    expect(code).toBe(1);
  });

  it("is content with the simulated driver and a real hub", async () => {
    const { code, out, err } = await run("--hub", hub.url, "--driver", "simulated");
    expect(err).toBe("");
    expect(out).toContain(`ok    The hub at ${hub.url} answers: Pharos 0.0.0-test.\n`);
    expect(out).toContain("ok    The clock agrees with the hub's.\n");
    expect(out).toMatch(/\nThe agent will work here\..*\n$/);
    expect(code).toBe(0);
  });

  it("is not content without a hub", async () => {
    const { code, out } = await run("--hub", "http://127.0.0.1:1", "--driver", "simulated");
    expect(out).toContain(
      "FAIL  Nothing listens at 127.0.0.1:1 (ECONNREFUSED).\n      → Start the hub there: pharos hub\n",
    );
    expect(code).toBe(1);
  });

  it("knows a name that does not exist", async () => {
    const { code, out } = await run("--hub", "http://nowhere.invalid:5000", "--driver", "simulated");
    expect(out).toMatch(/FAIL {2}There is no computer by the name nowhere\.invalid \((ENOTFOUND|EAI_AGAIN)\)/);
    expect(code).toBe(1);
  });

  it("explains its options", async () => {
    const { code, out } = await run("--help");
    expect(out).toContain("Usage: pharos agent doctor [options]");
    expect(out).toContain("--driver DRIVER");
    expect(code).toBe(0);
  });
});
