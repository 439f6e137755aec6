/** Simulated sensors at a real hub. */
import { afterEach, describe, expect, it } from "@jest/globals";
import { systemClock } from "#base/clock.ts";
import { StartError } from "#base/program.ts";
import { MemoryHistory } from "../../../hub/history/memory-history.ts";
import { type SensorOptions, startSimulatedSensors } from "../../../simulate/sensor.ts";
import { eventually } from "../../support/eventually.ts";
import { startHub, type TestHub } from "../../support/hub.ts";
import { startPlainHub } from "../../support/plain-hub.ts";
import { startCutLine } from "./cut-line.ts";

interface Row {
  readonly deviceTimeMs: number;
  readonly device: string;
  readonly values: { readonly [property: string]: number };
}

const clock = systemClock();
/** Longer than the first pauses between tries. */
const RETURN_MS = 10_000;

describe("simulated sensors", () => {
  const opened: { close(): Promise<void> }[] = [];
  const log: string[] = [];
  afterEach(async () => {
    for (const thing of opened.splice(0).reverse()) await thing.close();
    log.splice(0);
  });

  async function openHub(port = 0, history = new MemoryHistory({ clock })): Promise<TestHub> {
    const hub = await startHub(["--port", String(port)], clock, ["--tcp-port", "0"], history);
    opened.push(hub);
    return hub;
  }

  function start(hub: string, more: Partial<SensorOptions> = {}): { close(): Promise<void> } {
    const log_ = (line: string): void => void log.push(line);
    const sensors = startSimulatedSensors({ kind: "accelerometer", hub, ids: ["a-1"], clock, log: log_, ...more });
    opened.push(sensors);
    return sensors;
  }

  async function ask<T>(hub: TestHub, method: string, path: string, body?: unknown): Promise<T> {
    const headers = { "content-type": "application/json", connection: "close" };
    const text = body === undefined ? null : JSON.stringify(body);
    const answer = await fetch(`${hub.url}/api/${path}`, { method, headers, body: text });
    const answered = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answered}`);
    return (path.endsWith("ndjson") ? answered.trim().split("\n").map(parseRow) : JSON.parse(answered)) as T;
  }

  /** It is online before it has said what it is. */
  const isIntroduced =
    (hub: TestHub, id = "a-1") =>
    async (): Promise<boolean> =>
      (await ask<{ id: string; presence: string; model: string | null }[]>(hub, "GET", "devices")).some(
        (device) => device.id === id && device.presence === "online" && Boolean(device.model),
      );

  /** How many samples the hub has of a device: to look at often. */
  async function countOf(history: MemoryHistory, device = "a-1"): Promise<number> {
    const series = await history.listSeries();
    return series.find((one) => one.device === device && one.property === "accel.x")?.samples ?? 0;
  }

  /** All samples that the hub has of a device, as long as they are not more than 10,000. */
  async function samplesOf(history: MemoryHistory, property = "accel.x", device = "a-1"): Promise<readonly number[]> {
    const points = await history.query({ device, property, from: 0, to: 4e12, points: 10_000 });
    return points.map(([time]) => time);
  }

  /** Waits until what was kept is all there: live samples come before the last of it. */
  async function isWhole(history: MemoryHistory): Promise<void> {
    await eventually(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return steps(await samplesOf(history)).length === 1;
    }, RETURN_MS);
  }

  it("say what they are", async () => {
    const hub = await openHub();
    start(hub.url, { ids: ["a-1", "a-2"], rooms: ["bench"], heartbeat: 1 });
    start(hub.url, { kind: "thermometer", ids: ["t-1"] });
    start(hub.url, { kind: "noise", ids: ["n-1"] });
    for (const id of ["a-1", "a-2", "t-1", "n-1"]) await eventually(isIntroduced(hub, id));
    const view = (id: string): Promise<unknown> => ask(hub, "GET", `devices/${id}`);
    await eventually(async () => ((await view("a-1")) as { beats: number[] }).beats.length >= 2);
    const number = expect.objectContaining({ type: "number", unit: "m/s2" });
    expect(await view("a-1")).toMatchObject({
      door: "websocket",
      rooms: ["bench"],
      model: "Simulated accelerometer",
      properties: {
        accel: { type: "object", unit: "m/s2", readOnly: true, properties: { x: number, y: number, z: number } },
      },
      actions: { identify: {} },
    });
    expect(await view("t-1")).toMatchObject({
      properties: {
        temperature: { type: "number", unit: "celsius", readOnly: true },
        humidity: { type: "number", unit: "percent", readOnly: true },
      },
    });
    expect(await view("n-1")).toMatchObject({ properties: { level: { type: "number", readOnly: true } } });
  });

  it("report at their rate, each sample with the device's time", async () => {
    const history = new MemoryHistory({ clock });
    const hub = await openHub(0, history);
    const before = Date.now();
    start(hub.url, { ids: ["a-1", "a-2"] });
    start(hub.url, { ids: ["fast"], rateHz: 1000 });
    for (const [id, intervalMs] of [
      ["a-1", 10],
      ["a-2", 10],
      ["fast", 1],
    ] as const) {
      await eventually(async () => (await countOf(history, id)) * intervalMs > 2_000, RETURN_MS);
      const times = await samplesOf(history, "accel.z", id);
      expect(steps(times)).toEqual([intervalMs]);
      expect(Math.abs((times[0] ?? 0) - before)).toBeLessThan(1_000);
    }
  });

  it("follow an acquisition, and go back to their own rate after it", async () => {
    const history = new MemoryHistory({ clock });
    const hub = await openHub(0, history);
    start(hub.url, { rateHz: 20 });
    await eventually(isIntroduced(hub));
    const { id } = await ask<{ id: string }>(hub, "POST", "acquisition/start", { intervalMs: 5 });
    await eventually(async () => (await countOf(history)) > 100);
    await ask(hub, "POST", "acquisition/stop", {});
    const ofLast = async (): Promise<readonly number[]> => steps((await samplesOf(history)).slice(-6));
    await eventually(async () => String(await ofLast()) === "50");
    const rows = await ask<Row[]>(hub, "GET", `recordings/${id}.ndjson`);
    // Its first ones may be from before the change.
    expect(steps(rows.slice(20, 70).map(({ deviceTimeMs }) => deviceTimeMs))).toEqual([5]);
  });

  it("blink when they are asked to identify", async () => {
    const hub = await openHub();
    start(hub.url);
    await eventually(isIntroduced(hub));
    await ask(hub, "POST", "devices/a-1/actions/identify", {});
    expect(log).toContainEqual(expect.stringMatching(/^a-1: Here I am/));
  });

  it("leave no gap when the hub is stopped for a while and started again", async () => {
    const history = new MemoryHistory({ clock });
    const first = await openHub(0, history);
    start(first.url);
    await eventually(isIntroduced(first));
    const { id } = await ask<{ id: string }>(first, "POST", "acquisition/start", { name: "gap" });
    await eventually(async () => (await countOf(history)) > 30);
    await first.close();
    expect(log).toContainEqual(expect.stringMatching(/^a-1: The hub says goodbye: .*\(SHUTDOWN\)$/));
    const kept = await countOf(history);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const hub = await openHub(first.port, history);
    await eventually(async () => (await countOf(history)) > kept + 400, RETURN_MS);
    await isWhole(history);
    const rows = await ask<Row[]>(hub, "GET", `recordings/${id}.ndjson`);
    expect(rows.length).toBeGreaterThan(400);
    expect(steps(rows.map(({ deviceTimeMs }) => deviceTimeMs))).toEqual([10]);
    expect(rows.every(({ values }) => Math.abs(values["accel.z"] ?? 0) > 0)).toBe(true);
    expect(log).toContainEqual(expect.stringMatching(/^a-1: Sends \d+ samples that it kept\.$/));
  });

  it("lose nothing when the link is cut in the middle of a batch, or among live samples", async () => {
    const history = new MemoryHistory({ clock });
    const hub = await openHub(0, history);
    const line = await startCutLine(hub.port);
    opened.push(line);
    start(`http://127.0.0.1:${line.port}`, { rateHz: 500 });
    await eventually(async () => (await countOf(history)) > 150);
    // Then the next connection carries a greeting and a part of a batch; the one after that a batch and some live ones.
    for (const bytes of [5_000, 30_000]) {
      const { connections } = line;
      line.cutAfter(bytes);
      await eventually(() => line.connections > connections + 1, RETURN_MS);
    }
    const count = await countOf(history);
    await eventually(async () => (await countOf(history)) > count + 750, RETURN_MS);
    await isWhole(history);
    expect(steps(await samplesOf(history))).toEqual([2]);
  });

  it("keep the newest when the hub is away for too long, and say what is lost", async () => {
    const history = new MemoryHistory({ clock });
    const first = await openHub(0, history);
    start(first.url, { bounds: { maxSamples: 50, maxSpanMs: 600_000 } });
    await eventually(async () => (await countOf(history)) > 20);
    await first.close();
    const before = (await samplesOf(history)).at(-1) ?? 0;
    const kept = await countOf(history);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await openHub(first.port, history);
    await eventually(() => log.some((line) => /^a-1: \d+ samples were too many/.test(line)), RETURN_MS);
    await eventually(async () => (await countOf(history)) > kept + 100, RETURN_MS);
    const after = (await samplesOf(history)).filter((time) => time > before);
    expect(steps(after)).toEqual([10]);
    expect((after[0] ?? 0) - before).toBeGreaterThan(700);
  });

  it("say why the hub refuses them", async () => {
    const hub = await openHub();
    start(hub.url, { token: "t" });
    await eventually(isIntroduced(hub));
    start(hub.url);
    await eventually(() => log.some((line) => /^a-1: No connection to .*\(DUPLICATE\) Trying again\.$/.test(line)));
  });

  it("bring their token", async () => {
    const hub = await startPlainHub();
    opened.push(hub);
    start(`http://127.0.0.1:${hub.port}`, { token: "secret" });
    await hub.greeted();
    expect(hub.paths).toEqual(["/bridge/a-1"]);
    expect(hub.tokens).toEqual(["Bearer secret"]);
  });

  it("go within a second, also when nobody is there", async () => {
    const hub = await openHub();
    const there = start(hub.url, { ids: Array.from({ length: 20 }, (_, i) => `a-${i + 1}`) });
    await eventually(isIntroduced(hub, "a-20"), RETURN_MS);
    const nobody = start("http://127.0.0.1:1");
    const began = performance.now();
    await Promise.all([there.close(), nobody.close()]);
    expect(performance.now() - began).toBeLessThan(1_000);
    await eventually(async () => !(await isIntroduced(hub, "a-20")()));
  });

  it.each(["hub", "ftp://hub", "http://hub:5000/path"])("cannot use %s", (hub) => {
    expect(() => start(hub)).toThrow(StartError);
  });
});

/** Those that differ, ms. */
function steps(times: readonly number[]): readonly number[] {
  return [...new Set(times.slice(1).map((time, i) => Math.round((time - (times[i] ?? 0)) * 1000) / 1000))];
}

function parseRow(line: string): Row {
  return JSON.parse(line) as Row;
}
