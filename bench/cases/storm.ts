/**
 * A hub comes back after a restart and 10,000 devices that it knows return at the same moment, each with its `hello`: hub CPU for each until
 * all are in, beside Mosquitto with as many clients that connect and subscribe.
 */
import { Crowd } from "../clients/crowd.ts";
import type { Door } from "../clients/member.ts";
import { isSmoke } from "../harness/arguments.ts";
import { startMosquitto } from "../harness/peers.ts";
import { finish } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { median, short, spread } from "../harness/statistics.ts";

const DEVICES = isSmoke() ? 100 : 10_000;
const STORMS = isSmoke() ? 1 : 3;
const GOAL_MS = 0.15;
const DATA = "storm-data";
const OPTIONS = ["--no-limits"];

interface Storm {
  /** Server CPU for each device; ms. */
  readonly cpuMs: number;
  /** Until the last one was in. */
  readonly seconds: number;
}

await meetAll();
const [ours, theirs]: [Storm[], Storm[]] = [[], []];
for (let i = 0; i < STORMS; i++) {
  ours.push(await storm("plain", await ServerProcess.startHub(DATA, OPTIONS, { keepsData: true })));
  theirs.push(await storm("mqtt", await startMosquitto()));
}
const costs = ours.map(({ cpuMs }) => cpuMs);
const seconds = ours.map((one) => one.seconds);
finish(
  `${DEVICES} devices that return at once; every one was served`,
  [
    {
      what: "CPU for each device",
      figure: `${short(median(costs))} ms`,
      spread: spread(costs),
      peer: `mosquitto ${short(median(theirs.map(({ cpuMs }) => cpuMs)))} ms`,
      ratio: `${short(median(costs.map((cost, i) => cost / (theirs[i]?.cpuMs ?? Number.NaN))))} ×`,
      goal: `≤ ${GOAL_MS} ms`,
      isMet: median(costs) <= GOAL_MS,
    },
    {
      what: "until the last one is in",
      figure: `${short(median(seconds))} s`,
      spread: spread(seconds),
      peer: `mosquitto ${short(median(theirs.map((one) => one.seconds)))} s`,
    },
  ],
  0,
);

/** All of them come once, in peace, so that the hub knows them. */
async function meetAll(): Promise<void> {
  const hub = await ServerProcess.startHub(DATA, OPTIONS);
  const crowd = await gather("plain", hub, 100);
  await hub.stop();
  crowd.close();
}

async function storm(door: Door, server: ServerProcess): Promise<Storm> {
  const before = server.cpuSeconds;
  const crowd = await gather(door, server, DEVICES);
  const cpuMs = ((server.cpuSeconds - before) / DEVICES) * 1_000;
  const { seconds } = crowd;
  crowd.close();
  await server.stop();
  return { cpuMs, seconds };
}

/** @throws when one of them is not served */
function gather(door: Door, { port }: ServerProcess, atOnce: number): Promise<Crowd> {
  return Crowd.open({ port, door, members: DEVICES, name: "storm", atOnce });
}
