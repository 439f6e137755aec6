/**
 * Three floods, each from an address of its own, while devices that do nothing wrong beat and ask: handshakes as fast as the generator makes them,
 * half requests, and devices that read nothing. Their presence stays right, they are answered, and the hub's memory stays bounded.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceView } from "#protocol/views.ts";
import { PlainDevice } from "../clients/plain-device.ts";
import { isSmoke, secondsOr } from "../harness/arguments.ts";
import { finish, type Row } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { quantile, short } from "../harness/statistics.ts";
import type { FloodOptions, FloodResult } from "../loads/flood.ts";

const SECONDS = secondsOr(25, 0.5);
const CONNECTIONS = isSmoke() ? 50 : 1_000;
const WITNESSES = 20;
/** Until beats are learned. */
const WARM_UP_MS = isSmoke() ? 200 : 5_000;
/** Messages into the room of those that do not read: more than the hub and the kernel keep for one of them. */
const TEXT = "x".repeat(16_000);
const TEXTS_A_SECOND = 10;
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
const asking = await PlainDevice.connect(hub.port, "witness-0");
const others = Array.from({ length: WITNESSES - 1 }, (_, i) => PlainDevice.connect(hub.port, `witness-${i + 1}`));
const witnesses = [asking, ...(await Promise.all(others))];
const beat = setInterval(() => {
  for (const device of witnesses) device.send("SOS");
}, 1_000);
await sleep(WARM_UP_MS);

const rows: Row[] = [];
let losses = 0;
for (const flood of FLOODS) {
  const before = hub.residentMb;
  const { wrong, most, result } = await run(flood);
  const unopened = Math.max(0, (isSmoke() ? 1 : flood.connections) - result.opened);
  losses += wrong + unopened;
  rows.push(...rowsOf(flood, result, most - before));
  if (asking.isCut) break;
  asking.waits.length = 0;
}
clearInterval(beat);
losses += asking.unanswered + (hub.hasEnded ? 1 : 0);
for (const device of witnesses) device.close();
await hub.stop();
finish(
  `${SECONDS} s of each flood, and ${WITNESSES} devices that do nothing wrong: they were online all the time, and answered`,
  rows,
  losses,
);

function rowsOf({ kind, isSpokenTo = false }: Flood, { opened, ended }: FloodResult, moreMb: number): readonly Row[] {
  const p99 = quantile(asking.waits, 0.99);
  return [
    {
      what: `${kind}: a report is answered, p99`,
      figure: `${short(p99)} ms`,
      goal: `< ${GOAL_MS} ms`,
      isMet: p99 < GOAL_MS,
    },
    { what: `${kind}: memory more`, figure: `${short(moreMb)} MB`, goal: `< ${MOST_MB} MB`, isMet: moreMb < MOST_MB },
    { what: `${kind}: connections opened`, figure: short(opened) },
    ...(isSpokenTo ? [] : [{ what: `${kind}: ended by the hub`, figure: short(ended) }]),
  ];
}

async function run({ isSpokenTo = false, ...flood }: Flood) {
  const speaker = isSpokenTo ? await PlainDevice.connect(hub.port, "speaker", { rooms: ["flood"] }) : null;
  const options: FloodOptions = { ...flood, port: hub.port };
  const child = fork("dist/bench/loads/flood.js", [JSON.stringify(options)]);
  await once(child, "message");
  const speaking = setInterval(() => speaker?.send(TEXT), 1_000 / TEXTS_A_SECOND);
  let wrong = 0;
  let most = 0;
  const end = performance.now() + SECONDS * 1_000;
  for (let i = 0; performance.now() < end; i++) {
    await asking.ask();
    if (asking.isCut) break;
    most = Math.max(most, hub.residentMb);
    if (i % 10 === 0) wrong += WITNESSES - (await online());
    await sleep(100);
  }
  clearInterval(speaking);
  speaker?.close();
  child.send("stop");
  const [result] = (await once(child, "message")) as [FloodResult];
  return { wrong, most, result };
}

async function online(): Promise<number> {
  const views = (await (await fetch(`http://127.0.0.1:${hub.port}/api/devices`)).json()) as DeviceView[];
  return views.filter(({ id, presence }) => id.startsWith("witness-") && presence === "online").length;
}
