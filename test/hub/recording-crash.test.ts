/** A recording outlives the hub: `pharos hub` is killed in the middle of it and started anew (protocol 7.6). */
import { join } from "node:path";
import { afterEach, beforeAll, expect, it } from "@jest/globals";
import { WebSocket } from "ws";
import type { RecordingView } from "#protocol/recordings.ts";
import { eventually } from "../support/eventually.ts";
import { buildBundles, PharosProcess } from "../support/pharos-process.ts";
import { runPython } from "../support/python.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
let hub: PharosProcess | null = null;

beforeAll(buildBundles, 120_000);
afterEach(async () => {
  await hub?.end("SIGKILL");
  hub = null;
});

async function start(dataDir: string): Promise<string> {
  hub = new PharosProcess(
    "hub",
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--tcp-port",
    "0",
    "--json-logs",
    "--data-dir",
    dataDir,
  );
  const { port } = await hub.event("listening");
  return `http://127.0.0.1:${String(port)}`;
}

async function ask<T>(url: string, method = "GET", body?: object): Promise<T> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

/** A device that says hello and reports its numbers, one after the other, until it is told to stop. */
async function reporter(url: string, from: number) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/bridge/board`);
  const heard: Array<{ event?: string; ack?: number; data?: { acquiring?: boolean } }> = [];
  socket.on("message", (text) => heard.push(JSON.parse(String(text)) as (typeof heard)[0]));
  socket.on("error", () => {});
  await eventually(() => socket.readyState === WebSocket.OPEN);
  socket.send('{"event":"hello","data":{}}');
  await eventually(() => heard.some(({ event }) => event === "welcome"));
  let sent = from;
  const timer = setInterval(() => {
    socket.send(`{"event":"report","data":{"n":${sent},"accel":{"x":0.5,"on":true}},"time":${Date.now()}}`);
    sent += 1;
  }, 5);
  return {
    acquiring: heard.find(({ event }) => event === "welcome")?.data?.acquiring,
    sent: () => sent,
    stop() {
      clearInterval(timer);
      socket.close();
    },
  };
}

/** Reads a table as Python does: its names, numbers of `n`, and markers. */
const READ = `
import csv, sys, json, io, urllib.request
text = urllib.request.urlopen(sys.argv[1]).read().decode("utf-8")
rows = list(csv.DictReader(io.StringIO(text, newline="")))
numbers = [float(row["n"]) for row in rows if row["n"]]
print(json.dumps({"names": list(rows[0]), "numbers": numbers, "markers": [row["marker"] for row in rows if row["marker"]],
  "accel": sorted({row["accel.x"] + row["accel.on"] for row in rows if row["n"]})}))
`;

it("goes on after SIGKILL, loses no more than the last second, and is a table that Python reads", async () => {
  const dataDir = join(newFolder(), "data");
  let url = await start(dataDir);
  const { id } = await ask<RecordingView>(`${url}/api/acquisition/start`, "POST", { name: "crash" });
  const first = await reporter(url, 0);
  expect(first.acquiring).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const sure = first.sent();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await hub?.end("SIGKILL");
  first.stop();

  url = await start(dataDir);
  expect(await ask(`${url}/api/acquisition`)).toMatchObject({
    running: [{ id, name: "crash", markers: [{ by: "hub" }] }],
  });
  const second = await reporter(url, 10_000);
  expect(second.acquiring).toBe(true);
  await ask(`${url}/api/recordings/${id}/markers`, "POST", { text: 'back, "again"' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  second.stop();
  const { stopped } = await ask<{ stopped: RecordingView[] }>(`${url}/api/acquisition/stop`, "POST");
  expect(stopped).toMatchObject([{ id }]);

  const { names, numbers, markers, accel } = JSON.parse(await runPython(READ, `${url}/api/recordings/${id}.csv`)) as {
    names: string[];
    numbers: number[];
    markers: string[];
    accel: string[];
  };
  expect(names).toEqual(
    "hub_time_utc hub_time_ms device_time_utc device_time_ms device accel.on accel.x n marker".split(" "),
  );
  const before = numbers.filter((n) => n < 10_000);
  expect(before).toEqual(before.map((_, i) => i));
  expect(before.length).toBeGreaterThanOrEqual(sure);
  expect(numbers.filter((n) => n >= 10_000).length).toBeGreaterThan(10);
  expect(markers).toEqual([expect.stringContaining("The hub was down"), 'back, "again"']);
  expect(accel).toEqual(["0.5TRUE"]);
  const lines = (await (await fetch(`${url}/api/recordings/${id}.ndjson`)).text()).trim().split("\n");
  expect(lines).toHaveLength(numbers.length);
  expect(await hub?.end("SIGTERM")).toBe(0);
});
