/** Reports of more and more properties at once: what one costs the hub, history and store included. Called by `growth`. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceView } from "#protocol/views.ts";
import { WideDevice } from "../clients/wide-device.ts";
import { isSmoke } from "../harness/arguments.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { median } from "../harness/statistics.ts";
import { type Grown, judgeLinear } from "./grown.ts";

/** Each with as many reports as make a window long enough. */
const SIZES = [
  { properties: 1, reports: 4_000 },
  { properties: 8, reports: 2_000 },
  { properties: 64, reports: 400 },
];
const WINDOWS = isSmoke() ? 1 : 3;
const PART = isSmoke() ? 0.01 : 1;
/** Until what was reported last is on disk, by the lazy commits of store and history. */
const WRITTEN_MS = isSmoke() ? 100 : 1_000;

export async function growByProperties(): Promise<Grown> {
  const hub = await ServerProcess.startHub("growth-properties-data", ["--no-limits"]);
  const stands = SIZES.map(({ properties, reports }) => ({
    properties,
    reports: reports * PART,
    device: new WideDevice(hub.port, properties),
    costs: [] as number[],
  }));
  await Promise.all(stands.map(({ device }) => device.open()));
  for (let window = -1; window < WINDOWS; window++) {
    for (const { device, reports, costs } of stands) {
      const before = hub.cpuSeconds;
      await device.report(reports);
      await sleep(WRITTEN_MS);
      if (window >= 0) costs.push(((hub.cpuSeconds - before) / reports) * 1e6);
    }
  }
  const shown = await countProperties(hub);
  for (const { device } of stands) device.close();
  await hub.stop();
  const costs = stands.map(({ properties, costs: each }) => [properties, median(each)] as const);
  return {
    rows: [judgeLinear(costs, { what: "a report with properties", unit: "µs" })],
    curves: [
      {
        chart: "CPU of a report against properties",
        name: "a report of a plain device, kept in store and history",
        unit: "CPU of the hub, µs a report",
        axis: "properties in it",
        points: costs,
      },
    ],
    lost: SIZES.reduce((sum, { properties }) => sum + properties, 0) - shown,
  };
}

/** Properties with a reported value, of all devices. */
async function countProperties({ port }: ServerProcess): Promise<number> {
  const devices = (await (await fetch(`http://127.0.0.1:${port}/api/devices`)).json()) as DeviceView[];
  return devices.flatMap(({ state }) => Object.values(state ?? {})).filter(({ reported }) => reported !== null).length;
}
