/** Resident memory of the hub with 100 devices in one room that say SOS each second, heard by all, and shown to a page; the goal is under 100 MB. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceView } from "#protocol/views.ts";
import { PlainDevice } from "../clients/plain-device.ts";
import { WatchingPage } from "../clients/watching-page.ts";
import { isSmoke, secondsOr } from "../harness/arguments.ts";
import { finish } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { short } from "../harness/statistics.ts";

const DEVICES = isSmoke() ? 10 : 100;
const SECONDS = secondsOr(20, 1);
const GOAL_MB = 100;
const HELLO = {
  rooms: ["class"],
  heartbeat: 1,
  properties: {
    brightness: { type: "number", minimum: 0, maximum: 100, unit: "percent" },
    power: { type: "boolean" },
  },
  state: { brightness: 0, power: false },
};

const hub = await ServerProcess.startHub("memory-data");
const before = hub.residentMb;
const page = new WatchingPage(hub.port);
await page.connect();
const devices = await Promise.all(
  Array.from({ length: DEVICES }, (_, i) => PlainDevice.connect(hub.port, `esp32-${i}`, HELLO)),
);
let after = 0;
for (let second = 0; second < SECONDS; second++) {
  for (const device of devices) device.send("SOS");
  await sleep(1_000);
  after = Math.max(after, hub.residentMb);
}
const offline = DEVICES - (hub.hasEnded ? 0 : await online());
for (const device of devices) device.close();
page.close();
await hub.stop();
finish(
  `${DEVICES} devices in one room, each says SOS each second to all others, and a page watches; ${SECONDS} s`,
  [
    { what: "resident memory, idle", figure: `${short(before)} MB` },
    {
      what: `with ${DEVICES} devices, the most`,
      figure: `${short(after)} MB`,
      goal: `< ${GOAL_MB} MB`,
      isMet: after < GOAL_MB,
    },
  ],
  offline + (page.updates > 0 ? 0 : 1),
);

async function online(): Promise<number> {
  const views = (await (await fetch(`http://127.0.0.1:${hub.port}/api/devices`)).json()) as DeviceView[];
  return views.filter(({ presence }) => presence === "online").length;
}
