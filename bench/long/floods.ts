/**
 * Three floods, each from an address of its own, while devices that do nothing wrong beat and ask: handshakes as fast as the generator makes them,
 * half requests, and devices that read nothing. Their presence stays right, they are answered, and the hub's memory stays bounded.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import type { DeviceView } from "#protocol/views.ts";
import { isSmoke, secondsOr } from "../harness/arguments.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { quantile, round } from "../harness/statistics.ts";
import type { FloodOptions, FloodResult } from "../loads/flood.ts";

const SECONDS = secondsOr(25);
const CONNECTIONS = isSmoke() ? 50 : 1_000;
const WITNESSES = 20;
/** Messages into the room of those that do not read: more than the hub and the kernel keep for one of them. */
const TEXT = "x".repeat(16_000);
const TEXTS_A_SECOND = 20;
/** Memory that a flood may cost the hub, MB: a queue of 1 MiB for each connection is the most there is. */
const MOST_MB = 300;
/** A device in a flood is answered within; ms, p99. */
const GOAL_MS = 50;

interface Flood extends Pick<FloodOptions, "kind" | "from" | "connections"> {
  /** Somebody speaks into the room `flood`. */
  readonly isSpokenTo?: boolean;
}

const FLOODS: readonly Flood[] = [
  { kind: "handshakes", from: "127.0.0.2", connections: 50 },
  { kind: "half-open", from: "127.0.0.3", connections: CONNECTIONS },
  { kind: "slow-readers", from: "127.0.0.4", connections: CONNECTIONS, isSpokenTo: true },
];

const hub = await ServerProcess.startHub("floods-data", ["--tcp-port", "0"]);
const witnesses = await Promise.all(Array.from({ length: WITNESSES }, (_, i) => connect(`witness-${i}`, {})));
const [asking = fail("nobody asks")] = witnesses;
const beat = setInterval(() => {
  for (const device of witnesses) device.send("SOS");
}, 1_000);
await sleep(5_000);

const rows: { [name: string]: object } = {};
let isGood = true;
for (const flood of FLOODS) {
  const before = hub.residentMb;
  const { waits, wrong, most, result } = await run(flood);
  const p99 = quantile(waits, 0.99);
  rows[flood.kind] = {
    opened: result.opened,
    "ended by the hub": flood.isSpokenTo ? "" : result.ended,
    "not online though beating": wrong,
    "report answered, p99 ms": round(p99, 1),
    "memory more, MB": round(most - before, 0),
  };
  isGood &&=
    result.opened >= (isSmoke() ? 1 : flood.connections) &&
    wrong === 0 &&
    (isSmoke() || (p99 < GOAL_MS && most - before < MOST_MB));
}
clearInterval(beat);
for (const device of witnesses) device.terminate();
await hub.stop();
console.log(`${SECONDS} s of each flood, and ${WITNESSES} devices that do nothing wrong`);
console.table(rows);
process.exit(isGood ? 0 : 1);

async function run({ isSpokenTo = false, ...flood }: Flood) {
  const speaker = isSpokenTo ? await connect("speaker", { rooms: ["flood"] }) : null;
  const options: FloodOptions = { ...flood, port: hub.port };
  const child = fork("dist/bench/loads/flood.js", [JSON.stringify(options)]);
  await once(child, "message");
  const speaking = setInterval(() => speaker?.send(TEXT), 1_000 / TEXTS_A_SECOND);
  const waits: number[] = [];
  let wrong = 0;
  let most = 0;
  const end = performance.now() + SECONDS * 1_000;
  for (let i = 0; performance.now() < end; i++) {
    waits.push(await answered(i));
    most = Math.max(most, hub.residentMb);
    if (i % 10 === 0) wrong += await notOnline();
    await sleep(100);
  }
  clearInterval(speaking);
  speaker?.terminate();
  child.send("stop");
  const [result] = (await once(child, "message")) as [FloodResult];
  return { waits, wrong, most, result };
}

/** @returns ms until the hub acknowledged a report */
async function answered(id: number): Promise<number> {
  const begin = performance.now();
  asking.send(JSON.stringify({ event: "report", data: { n: id }, id }));
  for (;;) {
    const [text] = (await once(asking, "message")) as [Buffer];
    if (String(text).includes(`"ack":${id},`) || String(text).includes(`"ack":${id}}`))
      return performance.now() - begin;
  }
}

async function notOnline(): Promise<number> {
  const views = (await (await fetch(`http://127.0.0.1:${hub.port}/api/devices`)).json()) as DeviceView[];
  return views.filter(({ id, presence }) => id.startsWith("witness-") && presence !== "online").length;
}

async function connect(id: string, hello: object): Promise<WebSocket> {
  const ws = new WebSocket(`ws://127.0.0.1:${hub.port}/bridge/${id}`);
  await once(ws, "open");
  ws.send(JSON.stringify({ event: "hello", data: hello }));
  await once(ws, "message");
  return ws;
}

function fail(why: string): never {
  throw new Error(why);
}
