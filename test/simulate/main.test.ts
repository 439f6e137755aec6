/** `pharos simulate`: its words and its end; as a process of the built bundle. */
import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { readOptions, UsageError } from "#base/options.ts";
import { main } from "../../simulate/main.ts";
import { SIMULATE_OPTIONS } from "../../simulate/options.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { buildBundles, PharosProcess } from "../support/pharos-process.ts";

const KINDS = ["esp32", "pi", "accelerometer", "thermometer", "noise"];

async function written(stream: "stdout" | "stderr", args: readonly string[]): Promise<string> {
  const { write } = process[stream];
  let text = "";
  process[stream].write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  try {
    await main(args);
  } finally {
    process[stream].write = write;
  }
  return text;
}

describe("pharos simulate", () => {
  it.each([[["--help"]], [["noise", "--help"]]])("lists all kinds at %j", async (args) => {
    const text = await written("stdout", args);
    for (const kind of KINDS) expect(text).toContain(kind);
    expect(text).toMatch(/--rate HZ .*sensors only; default accelerometer 100, thermometer 1, noise 10/);
  });

  it("lists all kinds when it is asked for one that it does not know", async () => {
    const text = await written("stderr", ["toaster"]);
    for (const kind of KINDS) expect(text).toContain(`pharos simulate ${kind}`);
  });

  it.each(["0", "1001", "often"])("takes no rate of %s", (rate) => {
    expect(() => readOptions(SIMULATE_OPTIONS, ["--rate", rate], {})).toThrow(UsageError);
  });
});

describe("the process of pharos simulate", () => {
  const opened: TestHub[] = [];
  beforeAll(buildBundles, 120_000);
  afterEach(async () => {
    for (const hub of opened.splice(0)) await hub.close();
  });

  it("runs as many sensors as wanted, and ends on SIGTERM within a second", async () => {
    const hub = await startHub();
    opened.push(hub);
    const process_ = new PharosProcess("simulate", "accelerometer", "--hub", hub.url, "--count", "5", "--rate", "50");
    await eventually(() => process_.lines.filter((line) => line.includes("Connected to")).length === 5, 10_000);
    const began = performance.now();
    expect(await process_.end()).toBe(0);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it("waits for a hub that is not there", async () => {
    const process_ = new PharosProcess("simulate", "thermometer", "--hub", "http://127.0.0.1:1");
    await eventually(() => process_.lines.some((line) => line.includes("ECONNREFUSED. Trying again.")), 10_000);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await process_.end()).toBe(0);
  });
});
