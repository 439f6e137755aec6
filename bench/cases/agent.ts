/** The agent of a Raspberry Pi while nobody moves its light: it beats, reports its own temperature and memory, and otherwise waits. */
import { setTimeout as sleep } from "node:timers/promises";
import { AgentProcess } from "../clients/agent-process.ts";
import { isSmoke } from "../harness/arguments.ts";
import { finish } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { median, short, spread } from "../harness/statistics.ts";

const WINDOWS = isSmoke() ? 2 : 4;
const WINDOW_MS = isSmoke() ? 500 : 5_000;
/** Until what runs once at the start has run. */
const SETTLE_MS = isSmoke() ? 500 : 3_000;
const GOAL = { percent: 1, mb: 60 };

const hub = await ServerProcess.startHub("agent-hub-data");
const agent = await AgentProcess.start(hub.port, "idle-pi");
await sleep(SETTLE_MS);
const percents: number[] = [];
const megabytes: number[] = [];
for (let window = 0; window < WINDOWS; window++) {
  const [before, start] = [agent.cpuSeconds, performance.now()];
  await sleep(WINDOW_MS);
  percents.push(((agent.cpuSeconds - before) / ((performance.now() - start) / 1_000)) * 100);
  megabytes.push(agent.residentMb);
}
const isThere = await agent.isOnline();
await agent.stop();
await hub.stop();

const percent = percents.reduce((sum, each) => sum + each, 0) / WINDOWS;
finish(
  `The agent of a Raspberry Pi with one light, connected and idle, over ${(WINDOWS * WINDOW_MS) / 1_000} s`,
  [
    {
      what: "CPU, share of a core",
      figure: `${short(percent)} %`,
      spread: spread(percents),
      goal: `< ${GOAL.percent} %`,
      isMet: percent < GOAL.percent,
    },
    {
      what: "resident memory",
      figure: `${short(median(megabytes))} MB`,
      spread: spread(megabytes),
      goal: `< ${GOAL.mb} MB`,
      isMet: Math.max(...megabytes) < GOAL.mb,
    },
  ],
  isThere ? 0 : 1,
);
