/**
 * Many plain devices that say SOS each second: hub CPU, memory over time, and whether presence is right for all.
 * `npm run bench -- beats --seconds=600` for the long run.
 */
import { once } from "node:events";
import { WebSocket } from "ws";
import type { DeviceView } from "#protocol/views.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { quantile, round } from "../harness/statistics.ts";

const DEVICES = 5_000;
const SECONDS = Number(/--seconds=(\d+)/.exec(process.argv.join(" "))?.[1] ?? 60);
const STOPPED = 100;
/** Connections that are opened at the same time. */
const BATCH = 100;

const hub = await ServerProcess.startHub("beats-data");
const devices: WebSocket[] = [];
for (let i = 0; i < DEVICES; i += BATCH) {
  devices.push(...(await Promise.all(Array.from({ length: BATCH }, (_, j) => connect(`beat-${i + j}`)))));
}
const beating = new Set(devices);
// Each at its own moment of the second.
for (const device of devices) {
  setTimeout(() => {
    setInterval(() => beating.has(device) && device.readyState === WebSocket.OPEN && device.send("SOS"), 1000).unref();
  }, Math.random() * 1000).unref();
}

await sleep(10);
const cpuBefore = hub.cpuSeconds;
const started = performance.now();
const memory: number[] = [];
let wrong = 0;
for (let second = 0; second < SECONDS; second += 5) {
  await sleep(5);
  memory.push(hub.residentMb);
  if (second % 20 === 0) wrong += (await views()).filter(({ presence }) => presence !== "online").length;
}
const cpu = (hub.cpuSeconds - cpuBefore) / ((performance.now() - started) / 1000);

for (const device of devices.slice(0, STOPPED)) beating.delete(device);
await sleep(4.5);
const silent = (await views()).filter(({ presence }) => presence === "offline").length;

const half = Math.floor(memory.length / 2);
console.log(`${DEVICES} plain devices, SOS each second, ${SECONDS} s`);
console.table({
  "hub CPU, cores": { figure: round(cpu) },
  "resident, first half, MB": { figure: round(quantile(memory.slice(0, half), 0.5)) },
  "resident, second half, MB": { figure: round(quantile(memory.slice(half), 0.5)) },
  "not online though beating": { figure: wrong },
  [`offline of ${STOPPED} that stopped`]: { figure: silent },
});
for (const device of devices) device.terminate();
await hub.stop();
process.exit(cpu < 1 && wrong === 0 && silent === STOPPED ? 0 : 1);

async function connect(id: string): Promise<WebSocket> {
  const ws = new WebSocket(`ws://127.0.0.1:${hub.port}/bridge/${id}`);
  await once(ws, "open");
  ws.send(JSON.stringify({ event: "hello", data: {} }));
  await once(ws, "message");
  return ws;
}

async function views(): Promise<DeviceView[]> {
  return (await (await fetch(`http://127.0.0.1:${hub.port}/api/devices`)).json()) as DeviceView[];
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
