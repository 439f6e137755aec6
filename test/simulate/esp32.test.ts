/** `pharos simulate esp32`: many boards in one process. */
import { afterEach, describe, expect, it } from "@jest/globals";
import { systemClock } from "#base/clock.ts";
import { StartError } from "#base/program.ts";
import { hubAddress, startSimulatedEsp32s } from "../../simulate/esp32.ts";
import { main } from "../../simulate/main.ts";
import { buildClient } from "../support/espruino.ts";
import { eventually } from "../support/eventually.ts";
import { type PlainHub, startPlainHub } from "../support/plain-hub.ts";

describe("simulated ESP32s", () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const thing of opened.splice(0).reverse()) await thing.close();
  });

  async function plainHub(): Promise<PlainHub> {
    const hub = await startPlainHub();
    opened.push(hub);
    return hub;
  }

  it("connect as many as wanted, each under its own id", async () => {
    const hub = await plainHub();
    const ids = Array.from({ length: 30 }, (_, i) => `esp32-${i + 1}`);
    const log: string[] = [];
    const code = buildClient();
    const url = `http://127.0.0.1:${hub.port}`;
    opened.push(startSimulatedEsp32s({ hub: url, ids, code, clock: systemClock(), log: (line) => log.push(line) }));
    await hub.greeted(30);
    expect(hub.paths.sort()).toEqual(ids.map((id) => `/bridge/${id}`).sort());
    expect(log).toContain("esp32-30: Hub: connected");
  });

  it("measure a pin unless stated otherwise, each its own wave", async () => {
    const hub = await plainHub();
    const options = { hub: `http://127.0.0.1:${hub.port}`, code: buildClient(), clock: systemClock(), log() {} };
    opened.push(startSimulatedEsp32s({ ...options, ids: ["a", "b"], report: 0.05 }));
    const values = (): number[] =>
      hub.heard.flatMap((text) => /^\{"event":"report","data":\{"input":([\d.]+)\}/.exec(text)?.[1] ?? []).map(Number);
    await eventually(() => values().length >= 10);
    expect(Math.min(...values())).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values())).toBeLessThanOrEqual(100);
    expect(new Set(values()).size).toBeGreaterThan(1);
    opened.push(startSimulatedEsp32s({ ...options, ids: ["c"], sensorPin: null }));
    await hub.greeted(3);
    expect(hub.heard.findLast((text) => text.includes('"hello"'))).not.toContain("input");
  });

  it("go silent when they are switched off", async () => {
    const hub = await plainHub();
    const url = `http://127.0.0.1:${hub.port}`;
    const boards = startSimulatedEsp32s({
      hub: url,
      ids: ["a"],
      code: buildClient(),
      clock: systemClock(),
      log() {},
      heartbeat: 0.05,
    });
    await eventually(() => hub.heard.filter((text) => text === "SOS").length >= 3);
    await boards.close();
    const { length } = hub.heard;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(hub.heard).toHaveLength(length);
    expect(hub.paths).toHaveLength(1);
  });

  it.each(["https://hub:5000", "http://[::1]:5000", "http://hub:5000/path", "hub"])("cannot use %s", (hub) => {
    expect(() => hubAddress(hub)).toThrow(StartError);
  });

  it.each([
    ["http://hub", { host: "hub", port: 80 }],
    ["http://192.168.1.5:5000/", { host: "192.168.1.5", port: 5000 }],
  ])("read host and port from %s", (hub, address) => {
    expect(hubAddress(hub)).toEqual(address);
  });
});

describe("pharos simulate", () => {
  it.each([[[]], [["toaster"]], [["--count", "2"]]])("asks which kind when called with %j", async (args) => {
    const written = capture("stderr");
    expect(await main(args)).toBe(2);
    expect(written()).toContain("pharos simulate esp32");
  });

  it.each([[["--help"]], [["esp32", "--help"]], [["pi", "-h"]]])("explains itself at %j", async (args) => {
    const written = capture("stdout");
    expect(await main(args)).toBe(0);
    expect(written()).toContain("--count N");
  });

  it("names a fault in its options", async () => {
    const written = capture("stderr");
    expect(await main(["esp32", "--count", "0"])).toBe(2);
    expect(written()).toContain("--count");
  });
});

/** Collects what is written, until it is read. */
function capture(stream: "stdout" | "stderr"): () => string {
  const { write } = process[stream];
  let text = "";
  process[stream].write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  return () => {
    process[stream].write = write;
    return text;
  };
}
