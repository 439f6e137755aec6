/** Devices whose clocks are wrong at the real hub: recorded and plotted with the others, both times kept (protocol 1.2). */
import { once } from "node:events";
import { afterEach, describe, expect, it } from "@jest/globals";
import { io } from "socket.io-client";
import type { PlotNews } from "#protocol/plots.ts";
import type { RecordingView } from "#protocol/recordings.ts";
import { eventually } from "../support/eventually.ts";
import { PLAIN, restBench } from "../support/rest-bench.ts";

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const EVERY_MS = 50;
const REPORTS = 20;
/** What a busy machine delays. */
const NEAR_MS = 2_000;

/** What the clock of each device shows. */
const CLOCKS: Readonly<Record<string, (now: number) => number>> = {
  right: (now) => now,
  ahead: (now) => now + HOUR_MS,
  behind: (now) => now - YEAR_MS,
  counter: (now) => now - STARTED,
};
const STARTED = Date.now() - 5_000;
const NAMES = Object.keys(CLOCKS);

interface Line {
  readonly device: string;
  readonly hubTime: number;
  readonly deviceTime: number;
  readonly values: number;
}

function linesOf(csv: string): readonly Line[] {
  const [, ...lines] = csv.trimEnd().split("\r\n");
  return lines.map((line) => {
    const [, hubTime, , deviceTime, device = "", ...cells] = line.split(",");
    const values = cells.filter((cell) => cell !== "").length;
    return { device, hubTime: Number(hubTime), deviceTime: Number(deviceTime), values };
  });
}

describe("devices with a wrong clock", () => {
  const { device, hub, call } = restBench();
  let timer: NodeJS.Timeout | undefined;
  afterEach(() => clearInterval(timer));

  /** All report every 50 ms for a second. @returns when they did */
  async function measure(devices: ReadonlyMap<string, { send(event: string, data: unknown, time: number): void }>) {
    const times: number[] = [];
    timer = setInterval(() => {
      if (times.length >= REPORTS) return;
      const now = Date.now();
      times.push(now);
      for (const [name, one] of devices) one.send("report", { t: times.length, u: 0 }, CLOCKS[name]?.(now) ?? 0);
    }, EVERY_MS);
    await eventually(() => times.length === REPORTS);
    return times;
  }

  async function connectAll() {
    const devices = new Map<string, Awaited<ReturnType<typeof device>>>();
    for (const name of NAMES) devices.set(name, await device(name, PLAIN));
    return devices;
  }

  it("are in the recording with the hub's time and their own, and its count is that of its file", async () => {
    const devices = await connectAll();
    // What came before it was started is not in it, whatever its time.
    await measure(devices);
    for (const one of devices.values()) await one.ask("heartbeat", {});
    const { body: recording } = await call("POST", "/api/acquisition/start", {});
    const { id } = recording as RecordingView;
    const times = await measure(devices);
    await eventually(async () => ((await call("GET", `/api/recordings/${id}`)).body as RecordingView).samples >= 160);
    await call("POST", `/api/recordings/${id}/markers`, { text: "there" });
    const running = await (await fetch(`${hub().url}/api/recordings/${id}.ndjson`)).text();
    expect(running.trimEnd().split("\n")).toHaveLength(REPORTS * NAMES.length);
    const { body } = await call("POST", "/api/acquisition/stop", {});
    const [stopped] = (body as { stopped: readonly RecordingView[] }).stopped;

    const lines = linesOf(await (await fetch(`${hub().url}/api/recordings/${id}.csv`)).text());
    const rows = lines.filter((line) => line.device !== "");
    expect(rows.reduce((sum, { values }) => sum + values, 0)).toBe(stopped?.samples);
    for (const name of NAMES) {
      const its = rows.filter((row) => row.device === name);
      expect(its.map(({ deviceTime }) => deviceTime)).toEqual(times.map((now) => CLOCKS[name]?.(now)));
      for (const [i, { hubTime }] of its.entries()) expect(Math.abs(hubTime - (times[i] ?? 0))).toBeLessThan(NEAR_MS);
    }
  });

  it("are plotted at the present, and show what they said last at its arrival, with their own time", async () => {
    const devices = await connectAll();
    const page = io(`${hub().url}/dashboard`, { transports: ["websocket"], forceNew: true });
    const plotted: Array<readonly [series: number, time: number]> = [];
    page.on("plots", ({ counts, samples }: PlotNews, done: () => void) => {
      const bytes = new Uint8Array(samples);
      const floats = new Float64Array(bytes.slice().buffer);
      let at = 0;
      for (const [series, count] of counts)
        for (let i = 0; i < count; i++, at += 2) plotted.push([series, floats[at] ?? 0]);
      done();
    });
    try {
      await once(page as unknown as NodeJS.EventEmitter, "connect");
      const series = NAMES.map((name) => ({ device: name, property: "t" }));
      await page.emitWithAck("plot", { list: 1, series, pastMs: 60_000, points: 100 });
      const times = await measure(devices);
      await eventually(() => plotted.length >= (REPORTS * NAMES.length) / 2);
      for (const [i] of NAMES.entries()) {
        const its = plotted.filter(([one]) => one === i).map(([, time]) => time);
        expect(its.length).toBeGreaterThan(0);
        expect(Math.min(...its)).toBeGreaterThan((times[0] ?? 0) - NEAR_MS);
        expect(Math.max(...its)).toBeLessThan((times.at(-1) ?? 0) + NEAR_MS);
      }
      for (const name of NAMES) {
        const last = () => hub().hub.house.device(name).propertyState("t")?.reported;
        await eventually(() => last()?.deviceTime === CLOCKS[name]?.(times.at(-1) ?? 0));
        const reported = last();
        expect(Math.abs((reported?.at ?? 0) - (times.at(-1) ?? 0))).toBeLessThan(NEAR_MS);
      }
    } finally {
      page.close();
    }
  });

  it("have what waited in a batch corrected like what is live, also after they connected anew, once", async () => {
    const ahead = await device("ahead", PLAIN);
    const { body } = await call("POST", "/api/acquisition/start", {});
    const { id } = body as RecordingView;
    const now = Date.now();
    ahead.send("report", { t: 0 }, now + HOUR_MS);
    await ahead.ask("heartbeat", {});
    ahead.close();
    await ahead.closed();
    const again = await device("ahead", PLAIN);
    const batch = [1, 2, 3].map((i) => [now + HOUR_MS + i, { t: i }]);
    await again.ask("reports", batch);
    await again.ask("reports", [[now + HOUR_MS, { t: 0 }], ...batch]);
    await call("POST", "/api/acquisition/stop", {});
    const { body: stopped } = await call("GET", `/api/recordings/${id}`);
    expect(stopped).toMatchObject({ samples: 4 });
    const lines = linesOf(await (await fetch(`${hub().url}/api/recordings/${id}.csv`)).text());
    expect(lines.map(({ deviceTime }) => deviceTime - HOUR_MS - now)).toEqual([0, 1, 2, 3]);
    for (const { hubTime } of lines) expect(Math.abs(hubTime - now)).toBeLessThan(NEAR_MS);
  });
});
