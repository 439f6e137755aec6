/** From the start of the hub's process until it serves, where a hundred devices are kept from before; and how large its one file is. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { DeviceView } from "#protocol/views.ts";
import { WebSocketClient } from "../clients/websocket-client.ts";
import { isSmoke } from "../harness/arguments.ts";
import { finish } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { median, round, short, spread } from "../harness/statistics.ts";

const DEVICES = 100;
const STARTS = isSmoke() ? 2 : 9;
const GOAL_MS = 1_000;
const DATA = "start-data";
const BUNDLE = "dist/bundles/hub.js";

const first = await ServerProcess.startHub(DATA);
await Promise.all(Array.from({ length: DEVICES }, (_, i) => visit(first.port, `kept-${i}`)));
await first.stop();

const listening: number[] = [];
const serving: number[] = [];
const alone: number[] = [];
const cpu: number[] = [];
let lost = 0;
for (let i = -1; i < STARTS; i++) {
  const node = await startNode();
  const start = performance.now();
  const hub = await ServerProcess.startHub(DATA, [], { keepsData: true });
  const heard = performance.now() - start;
  const { ok } = await fetch(`http://127.0.0.1:${hub.port}/healthz`);
  const served = performance.now() - start;
  const cpuMs = hub.cpuSeconds * 1_000;
  const devices = (await (await fetch(`http://127.0.0.1:${hub.port}/api/devices`)).json()) as DeviceView[];
  await hub.stop();
  lost += DEVICES - devices.length + (ok ? 0 : 1);
  // The first start reads from disk what all others find in memory.
  if (i < 0) continue;
  alone.push(node);
  listening.push(heard);
  serving.push(served);
  cpu.push(cpuMs);
}

const code = readFileSync(BUNDLE);
finish(
  `Start of a hub that knows ${DEVICES} devices from before, ${STARTS} times`,
  [
    {
      what: "from spawn to the line that it listens",
      figure: `${short(median(listening))} ms`,
      spread: spread(listening),
      peer: `${short(median(alone))} ms, Node.js with nothing to do`,
    },
    {
      what: "from spawn to the first answer of /healthz",
      figure: `${short(median(serving))} ms`,
      spread: spread(serving),
      goal: `< ${GOAL_MS} ms`,
      isMet: median(serving) < GOAL_MS,
    },
    { what: "CPU time until then, all threads", figure: `${short(median(cpu))} ms`, spread: spread(cpu) },
    {
      what: "the hub's bundle, and gzipped",
      figure: `${megabytes(code.length)} MB, ${megabytes(gzipSync(code).length)} MB`,
    },
  ],
  lost,
);

/** A device comes in with its properties, and leaves. */
async function visit(port: number, id: string): Promise<void> {
  const device = new WebSocketClient({ port }, `/bridge/${id}`);
  const welcomed = new Promise<void>((resolve) => {
    device.onText = () => resolve();
  });
  await device.open();
  const brightness = { type: "number", minimum: 0, maximum: 100, unit: "percent" };
  const data = { rooms: ["class"], properties: { brightness }, state: { brightness: 50 } };
  device.send(JSON.stringify({ event: "hello", data }));
  await welcomed;
  device.close();
}

/** Ms until Node.js has started and ended. */
async function startNode(): Promise<number> {
  const start = performance.now();
  await once(spawn(process.execPath, ["-e", ""], { stdio: "ignore" }), "exit");
  return performance.now() - start;
}

function megabytes(bytes: number): number {
  return round(bytes / 1e6);
}
