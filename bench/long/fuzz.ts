/**
 * A million random and broken frames and 100,000 requests over every door of a closed and of an open hub: no crash, no memory that grows, and a
 * device among them is served within 50 ms (p99). `--seconds` bounds it; `--smoke` is a short one.
 */
import { once } from "node:events";
import { connect } from "node:net";
import { WebSocket } from "ws";
import { Mutations } from "../clients/mutations.ts";
import { isSmoke } from "../harness/arguments.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { quantile, round } from "../harness/statistics.ts";

const FRAMES = isSmoke() ? 5_000 : 1_000_000;
const REQUESTS = isSmoke() ? 500 : 100_000;
const A_CONNECTION = 500;
/** Memory that a hub may have more after the second half than after the first, MB. */
const GROWTH_MB = 60;
const GOAL_MS = 50;

const hub = await ServerProcess.startHub("fuzz-data", ["--strikes", "1000000", "--tcp-port", "0", "--no-limits"]);
const fuzz = new Mutations(20_261_201);
const waits: number[] = [];
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
const isAlive = (await fetch(`http://127.0.0.1:${hub.port}/healthz`)).ok;
await hub.stop();

const p99 = quantile(waits, 0.99);
console.log(`${FRAMES} frames and ${REQUESTS} requests`);
console.table({
  "resident MB, half way": { figure: round(half, 0) },
  "resident MB, at the end": { figure: round(end, 0) },
  "a device's report, p99 ms": { figure: round(p99, 1) },
  "reports answered": { figure: waits.length },
});
process.exit(isAlive && waits.length > 0 && (isSmoke() || (p99 < GOAL_MS && end - half < GROWTH_MB)) ? 0 : 1);

/** A device that does nothing wrong, and asks for an answer ten times a second. */
async function witness(): Promise<void> {
  const ws = new WebSocket(`ws://127.0.0.1:${hub.port}/bridge/witness`);
  await once(ws, "open");
  for (let id = 1; !isDone; id++) {
    const begin = performance.now();
    ws.send(JSON.stringify({ event: "report", data: { n: id }, id }));
    await new Promise<void>((resolve) => {
      ws.on("message", function hear(text) {
        if (!String(text).includes(`"ack":${id}`)) return;
        ws.off("message", hear);
        resolve();
      });
    });
    waits.push(performance.now() - begin);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  ws.close();
}

async function frames(count: number): Promise<void> {
  for (let sent = 0; sent < count; ) {
    const ws = new WebSocket(`ws://127.0.0.1:${hub.port}/bridge/fuzz-${fuzz.below(100)}`);
    ws.on("error", () => {});
    await Promise.race([once(ws, "open"), once(ws, "close")]);
    for (let i = 0; i < A_CONNECTION; i++, sent++) {
      if (ws.readyState === WebSocket.OPEN) ws.send(fuzz.below(30) === 0 ? fuzz.bytes(200) : fuzz.frame());
      if (i % 50 === 0) while (ws.bufferedAmount > 65_536) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    ws.close();
    await Promise.race([once(ws, "close"), new Promise((resolve) => setTimeout(resolve, 5_000))]);
    ws.terminate();
  }
}

async function requests(count: number): Promise<void> {
  for (let i = 0; i < count; i += 20) {
    await Promise.all(Array.from({ length: 20 }, oneRequest));
  }
}

async function oneRequest(): Promise<void> {
  const socket = connect(hub.port, "127.0.0.1");
  socket.on("error", () => {}).resume();
  socket.end(fuzz.request(), "latin1");
  await Promise.race([once(socket, "close"), new Promise((resolve) => setTimeout(resolve, 300))]);
  socket.destroy();
}
