/**
 * A million random and broken frames and 100,000 requests over every door of a closed and of an open hub: no crash, no memory that grows, and a
 * device among them is served within 50 ms (p99). `--smoke` is a short one.
 */
import { type EventEmitter, once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { Mutations } from "../clients/mutations.ts";
import { PlainDevice } from "../clients/plain-device.ts";
import { isSmoke } from "../harness/arguments.ts";
import { finish } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { quantile, short } from "../harness/statistics.ts";

const FRAMES = isSmoke() ? 2_000 : 1_000_000;
const REQUESTS = isSmoke() ? 200 : 100_000;
const A_CONNECTION = 500;
/** Memory that a hub may have more after the second half than after the first, MB. */
const GROWTH_MB = 60;
const GOAL_MS = 50;

const hub = await ServerProcess.startHub("fuzz-data", ["--strikes", "1000000", "--tcp-port", "0", "--no-limits"]);
const fuzz = new Mutations(20_261_201);
const device = await PlainDevice.connect(hub.port, "witness");
let isDone = false;
const witnessed = witness();
await frames(FRAMES / 2);
await requests(REQUESTS / 2);
const half = hub.residentMb;
await frames(FRAMES / 2);
await requests(REQUESTS / 2);
const end = hub.residentMb;
isDone = true;
await witnessed;
const isAlive = await fetch(`http://127.0.0.1:${hub.port}/healthz`).then(
  ({ ok }) => ok,
  () => false,
);
device.close();
await hub.stop();

const { waits, unanswered } = device;
const p99 = quantile(waits, 0.99);
const growth = end - half;
finish(
  `${short(FRAMES)} random and broken frames and ${short(REQUESTS)} requests, and a device among them that does nothing wrong`,
  [
    {
      what: "a report of the device is answered, p99",
      figure: `${short(p99)} ms`,
      goal: `< ${GOAL_MS} ms`,
      isMet: p99 < GOAL_MS,
    },
    { what: "its reports answered", figure: short(waits.length) },
    { what: "resident memory, half way", figure: `${short(half)} MB` },
    {
      what: "more at the end",
      figure: `${short(growth)} MB`,
      goal: `< ${GROWTH_MB} MB`,
      isMet: growth < GROWTH_MB,
    },
  ],
  unanswered + (waits.length > 0 ? 0 : 1) + (isAlive ? 0 : 1),
);

/** It asks for an answer ten times a second. */
async function witness(): Promise<void> {
  while (!isDone && !device.isCut) {
    await device.ask();
    await sleep(100);
  }
}

async function frames(count: number): Promise<void> {
  for (let sent = 0; sent < count && !hub.hasEnded; ) {
    const ws = new WebSocket(`ws://127.0.0.1:${hub.port}/bridge/fuzz-${fuzz.below(100)}`);
    ws.on("error", () => {});
    await Promise.race([once(ws, "open").catch(() => {}), ended(ws)]);
    for (let i = 0; i < A_CONNECTION; i++, sent++) {
      if (ws.readyState === WebSocket.OPEN) ws.send(fuzz.below(30) === 0 ? fuzz.bytes(200) : fuzz.frame());
      if (i % 50 === 0) while (ws.bufferedAmount > 65_536) await sleep(5);
    }
    ws.close();
    await Promise.race([ended(ws), sleep(5_000)]);
    ws.terminate();
  }
}

/** However a connection ends: whether the hub has crashed is seen by the hub. */
async function ended(connection: EventEmitter): Promise<void> {
  await once(connection, "close").catch(() => {});
}

async function requests(count: number): Promise<void> {
  for (let i = 0; i < count && !hub.hasEnded; i += 20) {
    await Promise.all(Array.from({ length: 20 }, oneRequest));
  }
}

async function oneRequest(): Promise<void> {
  const socket = connect(hub.port, "127.0.0.1");
  socket.on("error", () => {}).resume();
  socket.end(fuzz.request(), "latin1");
  await Promise.race([ended(socket), sleep(300)]);
  socket.destroy();
}
