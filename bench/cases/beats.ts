/**
 * Many plain devices that say SOS each second: hub CPU, memory over time, and whether presence is right for all.
 * `npm run bench -- beats --seconds=600` for the long run.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceView } from "#protocol/views.ts";
import { Crowd } from "../clients/crowd.ts";
import { isSmoke, secondsOr } from "../harness/arguments.ts";
import { finish } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { quantile, short } from "../harness/statistics.ts";

const DEVICES = isSmoke() ? 100 : 10_000;
const SECONDS = secondsOr(20);
const STOPPED = DEVICES / 100;
const NAME = "beat";
/** Until beats are learned. */
const WARM_UP_MS = isSmoke() ? 3_000 : 10_000;
/** Three beats, and some. */
const TILL_OFFLINE_MS = 4_500;
const GOAL_CORES = 0.6;

const hub = await ServerProcess.startHub("beats-data", ["--no-limits"]);
// In its room each would hear all others; devices that beat are mostly alone.
const crowd = await Crowd.open({
  port: hub.port,
  door: "plain",
  members: DEVICES,
  name: NAME,
  atOnce: 100,
  isAlone: true,
});
await crowd.beat(true, DEVICES);
await sleep(WARM_UP_MS);
const before = hub.cpuSeconds;
const start = performance.now();
const memory: number[] = [];
let wrong = 0;
while (performance.now() - start < SECONDS * 1_000) {
  await sleep(1_000);
  memory.push(hub.residentMb);
}
const cores = (hub.cpuSeconds - before) / ((performance.now() - start) / 1_000);
wrong += DEVICES - (await count("online"));
await crowd.beat(false, STOPPED);
await sleep(TILL_OFFLINE_MS);
wrong += Math.abs(STOPPED - (await count("offline")));
crowd.close();
await hub.stop();
const half = Math.floor(memory.length / 2);
finish(
  `${DEVICES} plain devices, SOS each second, ${SECONDS} s; those that beat were online, and ${STOPPED} that stopped were offline`,
  [
    { what: "hub CPU", figure: `${short(cores)} cores`, goal: `< ${GOAL_CORES} cores`, isMet: cores < GOAL_CORES },
    { what: "resident, first half", figure: `${short(quantile(memory.slice(0, half), 0.5))} MB` },
    { what: "resident, second half", figure: `${short(quantile(memory.slice(half), 0.5))} MB` },
  ],
  wrong,
);

async function count(presence: DeviceView["presence"]): Promise<number> {
  const views = (await (await fetch(`http://127.0.0.1:${hub.port}/api/devices`)).json()) as DeviceView[];
  return views.filter((view) => view.id !== `${NAME}-speaker` && view.presence === presence).length;
}
