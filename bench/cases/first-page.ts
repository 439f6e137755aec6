/**
 * The page on first load, over a link of 5 Mbit/s and 50 ms, in a real Chromium with nothing in its cache: how soon its slider moves a light.
 * `--waterfall` says what was fetched when.
 */
import { chromium } from "playwright-core";
import { AgentProcess } from "../clients/agent-process.ts";
import { type FirstVisit, visit } from "../clients/first-visit.ts";
import { SlowLink } from "../clients/slow-link.ts";
import { isSmoke } from "../harness/arguments.ts";
import { finish, type Row } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { median, round, short, spread } from "../harness/statistics.ts";

const VISITS = isSmoke() ? 1 : 7;
const LINK = { bitsPerSecond: 5_000_000, roundTripMs: 50 };
const GOAL = { ms: 1_000, kilobytes: 60 };

const hub = await ServerProcess.startHub("first-page-data");
const agent = await AgentProcess.start(hub.port, "first-light");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
});
const visits: FirstVisit[] = [];
const kilobytes: number[] = [];
// The first one starts parts of the browser that all others find running.
for (let i = isSmoke() ? 0 : -1; i < VISITS; i++) {
  const link = new SlowLink(hub.port, LINK);
  const seen = await visit(browser, `http://127.0.0.1:${await link.start()}/`, 20 + i);
  if (process.argv.includes("--waterfall")) console.log(seen.waterfall.join("\n"), seen);
  if (i >= 0) visits.push(seen);
  if (i >= 0) kilobytes.push(link.bytesDown / 1_000);
  link.close();
}
await browser.close();
await agent.stop();
await hub.stop();

const code = visits.map(({ codeBytes }) => codeBytes / 1_000);
finish(
  `The page on first load over ${LINK.bitsPerSecond / 1e6} Mbit/s with a round trip of ${LINK.roundTripMs} ms, in Chromium with an empty cache`,
  [
    timed("until a slider is there that takes a wish", ({ usableMs }) => usableMs),
    {
      ...timed("until a move of it is applied, and shown so", ({ answeredMs }) => answeredMs),
      goal: `< ${GOAL.ms} ms`,
      isMet: median(visits.map(({ answeredMs }) => answeredMs)) < GOAL.ms,
    },
    {
      what: "script and style on the wire",
      figure: `${round(median(code), 1)} kB`,
      goal: `≤ ${GOAL.kilobytes} kB`,
      isMet: median(code) <= GOAL.kilobytes,
    },
    {
      what: "all that comes until then, with headers, document and updates",
      figure: `${round(median(kilobytes), 1)} kB`,
      spread: spread(kilobytes),
    },
  ],
  0,
);

function timed(what: string, ms: (visit: FirstVisit) => number): Row {
  const all = visits.map(ms);
  return { what, figure: `${short(median(all))} ms`, spread: spread(all) };
}
