/** Recordings over REST, and what pages are told of them (protocol 7.6). */
import { once } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { io } from "socket.io-client";
import type { Update } from "#protocol/dashboard-events.ts";
import type { RecordingView } from "#protocol/recordings.ts";
import { eventually } from "../../../support/eventually.ts";
import { fault, PLAIN, restBench } from "../../../support/rest-bench.ts";

describe("recordings over REST", () => {
  const { call, device, hub } = restBench();

  async function start(body?: object): Promise<RecordingView> {
    const { status, body: answer } = await call("POST", "/api/acquisition/start", body);
    expect(status).toBe(200);
    return answer as RecordingView;
  }

  it("start, are listed and looked at, take a name, notes and markers, and stop", async () => {
    const board = await device("board", PLAIN);
    const { id, ...started } = await start({ name: " Drop test ", devices: ["board"], intervalMs: 20 });
    expect(started).toMatchObject({
      name: "Drop test",
      by: "rest",
      devices: ["board"],
      intervalMs: 20,
      stoppedAt: null,
    });
    expect(await board.next("acquire")).toEqual({ running: true, intervalMs: 20 });
    await board.ask("report", { light: 1, accel: { x: 1, y: 2 } });
    expect(await call("GET", "/api/acquisition")).toMatchObject({ body: { running: [{ id, samples: 3 }] } });
    expect(await call("GET", "/api/recordings")).toMatchObject({ status: 200, body: [{ id, name: "Drop test" }] });
    const marked = await call("POST", `/api/recordings/${id}/markers`, { text: "door opened" });
    expect(marked).toMatchObject({ status: 200, body: { markers: [{ id: 1, text: "door opened", by: "rest" }] } });
    await call("POST", `/api/recordings/${id}/markers`, { text: "typo", at: 1_000 });
    expect(await call("DELETE", `/api/recordings/${id}/markers/2`)).toMatchObject({ body: { markers: [{ id: 1 }] } });
    await call("PATCH", `/api/recordings/${id}`, { name: "Second", notes: "with lid" });
    expect(await call("GET", `/api/recordings/${id}`)).toMatchObject({ body: { name: "Second", notes: "with lid" } });
    const stopped = await call("POST", "/api/acquisition/stop");
    expect(stopped).toMatchObject({
      status: 200,
      body: { stopped: [{ id, stoppedAt: expect.any(Number), samples: 3 }] },
    });
    await eventually(() =>
      board.heard.some(([event, data]) => event === "acquire" && !(data as { running: boolean }).running),
    );
    expect(await call("POST", "/api/acquisition/stop", {})).toEqual({ status: 200, body: { stopped: [] } });
  });

  it("stop one by one when an id is stated", async () => {
    const [first, second] = [await start(), await start()];
    expect(await call("POST", "/api/acquisition/stop", { id: first.id })).toMatchObject({
      body: { stopped: [{ id: first.id }] },
    });
    expect(await call("GET", "/api/acquisition")).toMatchObject({ body: { running: [{ id: second.id }] } });
  });

  it("are deleted, and come back", async () => {
    const { id } = await start();
    expect(await call("DELETE", `/api/recordings/${id}`)).toMatchObject({
      body: { id, deletedAt: expect.any(Number) },
    });
    expect(await call("GET", "/api/recordings")).toEqual({ status: 200, body: [] });
    expect(await call("GET", "/api/acquisition")).toEqual({ status: 200, body: { running: [] } });
    expect(await call("GET", "/api/recordings?deleted=true")).toMatchObject({ body: [{ id }] });
    expect(await call("POST", `/api/recordings/${id}/restore`)).toMatchObject({ body: { id, deletedAt: null } });
    expect(await call("GET", "/api/recordings")).toMatchObject({ body: [{ id }] });
  });

  it("come as files with the name of the recording", async () => {
    const board = await device("board", PLAIN);
    const { id } = await start({ name: 'Über 1/2: "lid"' });
    await board.ask("report", { light: 1.5 });
    const csv = await fetch(`${hub().url}/api/recordings/${id}.csv`);
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(decodeURIComponent(csv.headers.get("content-disposition") ?? "")).toContain("Über 1-2- -lid-.csv");
    expect(await csv.text()).toMatch(/^hub_time_utc,hub_time_ms,.*,light\r\n.*,board,1.5\r\n$/s);
    const lines = await fetch(`${hub().url}/api/recordings/${id}.ndjson`);
    expect(lines.headers.get("content-type")).toBe("application/x-ndjson");
    expect(JSON.parse(await lines.text())).toMatchObject({ device: "board", values: { light: 1.5 } });
  });

  it("are refused with a code", async () => {
    for (const path of ["99", "99.csv", "99.ndjson", "x"]) {
      expect(await call("GET", `/api/recordings/${path}`)).toEqual(fault(404, "NOT_FOUND"));
    }
    expect(await call("POST", "/api/acquisition/stop", { id: "99" })).toEqual(fault(404, "NOT_FOUND"));
    for (const body of [{ devices: [] }, { devices: ["-bad"] }, { intervalMs: 0 }, { nmae: "typo" }, { name: " " }]) {
      expect(await call("POST", "/api/acquisition/start", body)).toEqual(fault(400, "BAD_REQUEST"));
    }
    expect(await call("GET", "/api/recordings?deleted=maybe")).toEqual(fault(400, "BAD_REQUEST"));
    expect(hub().hub.house.acquiring).toBe(false);
  });

  it("reach every page within 100 ms, whoever starts them", async () => {
    const page = io(`${hub().url}/dashboard`, { transports: ["websocket"] });
    const updates: Update[] = [];
    page.on("update", (update: Update, done: () => void) => {
      updates.push(update);
      done();
    });
    await once(page as unknown as NodeJS.EventEmitter, "connect");
    await eventually(() => updates.some(({ acquisition }) => acquisition?.running.length === 0));
    const { id } = await start({ name: "by rest" });
    await eventually(() => updates.some(({ acquisition }) => acquisition?.running[0]?.id === id), 100);
    expect(await page.emitWithAck("mark", { recording: id, text: "M" })).toMatchObject({ markers: [{ by: "page" }] });
    expect(await page.emitWithAck("stopRecording", {})).toMatchObject({ stopped: [{ id }] });
    expect(await page.emitWithAck("startRecording", { name: "by page" })).toMatchObject({
      by: "page",
      name: "by page",
    });
    expect(await page.emitWithAck("startRecording", { intervalMs: -1 })).toMatchObject({
      error: { code: "BAD_REQUEST" },
    });
    await eventually(() => updates.at(-1)?.acquisition?.running[0]?.name === "by page");
    page.close();
  });
});

describe("the history over REST", () => {
  const { call, device, hub } = restBench();

  it("answers with points and with what there is", async () => {
    const now = Date.now();
    const batch = [1, 5, 3].map((light, i) => [now - 3_000 + i * 1_000, { light, lamp: { on: i > 0 } }]);
    expect(await call("POST", "/api/devices/board/reports", batch)).toMatchObject({ status: 200 });
    const ask = (query: string): Promise<unknown> => call("GET", `/api/history?device=board&${query}`);
    expect(await ask(`property=light&from=${now - 3_000}&to=${now}&points=100`)).toEqual({
      status: 200,
      body: { points: [1, 5, 3].map((value, i) => [now - 3_000 + i * 1_000, value, value, value, value]) },
    });
    expect(await ask("property=lamp.on")).toMatchObject({ body: { points: [[now - 3_000, 0, 0, 0, 0], {}, {}] } });
    const { body } = (await ask(`property=light&from=${now - 4_000}&points=2`)) as { body: { points: number[][] } };
    expect(body.points.length).toBeLessThanOrEqual(2);
    expect(Math.max(...body.points.map(([, , max]) => max ?? 0))).toBe(5);
    expect(await ask("property=nothing")).toEqual({ status: 200, body: { points: [] } });
    expect(await call("GET", "/api/history/series")).toMatchObject({
      body: [
        { device: "board", property: "lamp.on", samples: 3 },
        { device: "board", property: "light", samples: 3, first: now - 3_000, last: now - 1_000 },
      ],
    });
    await call("DELETE", "/api/devices/board");
    expect(await call("GET", "/api/history/series")).toEqual({ status: 200, body: [] });
  });

  it.each([
    "",
    "device=board",
    "device=-bad&property=a",
    "device=board&property=a&from=yesterday",
    "device=board&property=a&from=",
    "device=board&property=a&from=2000&to=1000",
    "device=board&property=a&points=0",
    "device=board&property=a&property=b",
  ])("refuses ?%s", async (query) => {
    expect(await call("GET", `/api/history?${query}`)).toEqual(fault(400, "BAD_REQUEST"));
  });

  it("is counted in /metrics, and degrades the hub when the disk takes none", async () => {
    const board = await device("board", PLAIN);
    await board.ask("report", { a: 1, b: true });
    const { history } = hub().hub.house;
    let metrics = await (await fetch(`${hub().url}/metrics`)).text();
    expect(metrics).toMatch(/^pharos_history_samples_total 2$/m);
    expect(metrics).toMatch(/^pharos_history_dropped_total 0$/m);
    expect(metrics).toMatch(/^pharos_history_stored_samples 2$/m);
    expect(metrics).toMatch(/^pharos_history_bytes [1-9]/m);
    (history as unknown as { setWritable(isWritable: boolean): void }).setWritable(false);
    expect(await call("GET", "/readyz")).toEqual({ status: 200, body: { status: "ready", degraded: ["storage"] } });
    expect(await call("POST", "/api/acquisition/start")).toEqual(fault(507, "STORAGE"));
    metrics = await (await fetch(`${hub().url}/metrics`)).text();
    expect(metrics).toMatch(/^pharos_storage_writable 0$/m);
  });
});
