/** Three days of an agent whose hub comes and goes, on a clock that runs fast; sockets, files and memory are real. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, expect, it } from "@jest/globals";
import { Agent } from "../../pi-agent/agent.ts";
import { createAgentLog } from "../../pi-agent/agent-log.ts";
import { createSimulatedDriver } from "../../pi-agent/drivers/simulated.ts";
import { createLastLevels } from "../../pi-agent/last-levels.ts";
import { createReportOutbox } from "../../pi-agent/reports/report-outbox.ts";
import { agentSettings } from "../support/agent-settings.ts";
import { eventually } from "../support/eventually.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { SocketHub } from "./socket-hub.ts";

const HOUR_MS = 3_600_000;
const HOURS = 72;
/** The hub goes and comes so often. */
const CYCLES_AN_HOUR = 6;
const MB = 1e6;

const newFolder = temporaryFolders();
let end: () => Promise<void>;
afterEach(() => end());

it("leaks no socket, no timer and no memory in 72 hours in which the hub comes and goes", async () => {
  const hub = await new SocketHub().start();
  const clock = fakeClock();
  const agent = createAgent(hub, clock);
  end = async () => {
    await agent.close();
    await hub.stop();
  };
  await agent.start();
  await eventually(() => hub.all("hello").length === 1);

  // The first hours fill what is bounded, as the code that V8 compiles.
  await live(hub, clock, 0, 6);
  const before = measure(clock);
  await live(hub, clock, 6, HOURS);
  const after = measure(clock);

  expect(clock.monotonic()).toBeGreaterThanOrEqual(HOURS * HOUR_MS);
  expect([after.sockets, after.timers]).toEqual([before.sockets, before.timers]);
  expect(after.heap - before.heap).toBeLessThan(2 * MB);
}, 300_000);

/** Lives from one hour to another; each time the hub is away it is a closed connection or a hub that is not there at all. */
async function live(hub: SocketHub, clock: FakeClock, from: number, to: number): Promise<void> {
  for (let cycle = from * CYCLES_AN_HOUR; cycle < to * CYCLES_AN_HOUR; cycle++) {
    hub.forget();
    if (cycle % 2 === 0) hub.socket.disconnect(true);
    else await hub.stop();
    await clock.advance(60_000);
    if (cycle % 2 === 1) await hub.start();
    await eventually(async () => {
      await clock.advance(1_000);
      return hub.all("hello").length > 0;
    });
    hub.socket.emit("welcome", { id: "pi", name: "pi", time: clock.now() });
    await hub.ask("set", { brightness: cycle % 101, transition: 1_000 });
    await clock.advance(Math.max(0, ((cycle + 1) * HOUR_MS) / CYCLES_AN_HOUR - clock.monotonic()));
  }
}

function measure(clock: FakeClock): { readonly sockets: number; readonly timers: number; readonly heap: number } {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const sockets = process.getActiveResourcesInfo().filter((name) => /Socket|TCP|Pipe/.test(name)).length;
  return { sockets, timers: clock.timers, heap: process.memoryUsage().heapUsed };
}

function createAgent(hub: SocketHub, clock: FakeClock): Agent {
  const folder = newFolder();
  const log = createAgentLog(true, clock, () => {});
  return new Agent(
    agentSettings(hub.url, { onDisconnect: { level: 10, afterMs: 30_000, fadeMs: 2_000 }, sensorIntervalMs: 10_000 }),
    {
      clock,
      driver: createSimulatedDriver(),
      levels: createLastLevels({ clock, path: `${folder}/levels.json`, onFault: () => {} }),
      log,
      sensors: {
        properties: new Map([["cpuTemperature", { type: "number" as const, readOnly: true }]]),
        read: () => ({ cpuTemperature: 48.3 }),
      },
      readVitals: () => ({}),
      keepToken: () => {},
      createReports: (to) => createReportOutbox({ ...to, clock, log, folder: `${folder}/reports` }),
    },
  );
}
