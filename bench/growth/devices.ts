/** More and more plain devices that say SOS each second, at one hub: its CPU and the memory it holds. Called by `growth`. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceView } from "#protocol/views.ts";
import { Crowd } from "../clients/crowd.ts";
import { isSmoke } from "../harness/arguments.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { median } from "../harness/statistics.ts";
import { type Grown, judgeLinear } from "./grown.ts";

const SIZES = isSmoke() ? [2, 4, 8] : [100, 1_000, 10_000];
const WINDOWS = isSmoke() ? 1 : 3;
const WINDOW_MS = isSmoke() ? 500 : 1_500;
/** Until those who came write nothing any more, and beats are learned. */
const SETTLE_MS = isSmoke() ? 500 : 2_000;

export async function growByDevices(): Promise<Grown> {
  const hub = await ServerProcess.startHub("growth-devices-data", ["--no-limits"], { isInspected: true });
  const crowds: Crowd[] = [];
  const cpu: [number, number][] = [];
  const memory: [number, number][] = [];
  let lost = 0;
  let there = 0;
  for (const size of SIZES) {
    // Beside its members each crowd has one that speaks.
    const members = size - there - 1;
    const name = `grown-${size}`;
    const crowd = await Crowd.open({ port: hub.port, door: "plain", members, name, atOnce: 50, isAlone: true });
    crowds.push(crowd);
    await crowd.beat(true, members);
    there = size;
    await sleep(SETTLE_MS);
    cpu.push([size, median(await shares(hub))]);
    memory.push([size, await hub.heldMb()]);
    lost += size - (await countOnline(hub)) - crowds.length;
  }
  for (const crowd of crowds) crowd.close();
  await hub.stop();
  const of = { axis: "plain devices that say SOS each second", name: "hub" };
  return {
    rows: [
      judgeLinear(cpu, { what: "CPU with devices that beat", unit: "µs a second", factor: 1e4 }),
      judgeLinear(memory, { what: "memory with devices that beat", unit: "kB", factor: 1_024 }),
    ],
    curves: [
      { ...of, chart: "CPU against devices", unit: "CPU of the hub, % of a core", points: cpu },
      { ...of, chart: "Memory against devices", unit: "memory held by the hub, MB", points: memory },
    ],
    lost: Math.max(0, lost),
  };
}

/** Per cent of a core, by window. */
async function shares(hub: ServerProcess): Promise<readonly number[]> {
  const percents: number[] = [];
  for (let window = 0; window < WINDOWS; window++) {
    const [before, start] = [hub.cpuSeconds, performance.now()];
    await sleep(WINDOW_MS);
    percents.push(((hub.cpuSeconds - before) / ((performance.now() - start) / 1_000)) * 100);
  }
  return percents;
}

/** Those that speak do not beat, and may count as late. */
async function countOnline({ port }: ServerProcess): Promise<number> {
  const devices = (await (await fetch(`http://127.0.0.1:${port}/api/devices`)).json()) as DeviceView[];
  return devices.filter(({ id, presence }) => presence === "online" && !id.endsWith("-speaker")).length;
}
