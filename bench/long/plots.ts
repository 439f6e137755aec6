/** Twelve live series of 100 samples a second each in a real Chromium: how many frames a second the page draws; the goal is 50. */
import { type ChildProcess, spawn } from "node:child_process";
import { chromium } from "playwright-core";
import { isSmoke, secondsOr } from "../harness/arguments.ts";
import { finish } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { quantile, short } from "../harness/statistics.ts";

/** Three series each. */
const SENSORS = 4;
const SERIES = SENSORS * 3;
const SECONDS = secondsOr(20, 0.5);
/** Until the page has nothing else to do. */
const SETTLE_MS = isSmoke() ? 500 : 5_000;
const GOAL_FPS = 50;

const hub = await ServerProcess.startHub("plots-data");
const url = `http://127.0.0.1:${hub.port}`;
const sensors = simulate("accelerometer", SENSORS);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.goto(`${url}/data`);
await page
  .locator(".plot")
  .nth(SENSORS - 1)
  .waitFor();
await page.waitForTimeout(SETTLE_MS);
const cpuBefore = hub.cpuSeconds;
const frames = (await page.evaluate(`new Promise((resolve) => {
  const frames = [];
  let last = performance.now();
  const end = last + ${SECONDS * 1_000};
  requestAnimationFrame(function look(now) {
    frames.push(now - last);
    last = now;
    if (now < end) requestAnimationFrame(look);
    else resolve(frames);
  });
})`)) as number[];
const legend = await page.locator(".legend output").allTextContents();
await browser.close();
sensors.kill();
const hubCores = (hub.cpuSeconds - cpuBefore) / SECONDS;
await hub.stop();

const fps = (frames.length - 1) / SECONDS;
const undrawn = Math.abs(SERIES - legend.length) + legend.filter((text) => !/\d/.test(text)).length;
if (undrawn > 0) console.error(`Not all series had a value: ${legend.join(" | ")}`);
finish(
  `${SERIES} live series of 100 samples a second each on one page in Chromium without a GPU, ${SECONDS} s`,
  [
    { what: "frames a second", figure: short(fps), goal: `≥ ${GOAL_FPS}`, isMet: fps >= GOAL_FPS },
    { what: "a frame, p50", figure: `${short(quantile(frames, 0.5))} ms` },
    { what: "a frame, p99", figure: `${short(quantile(frames, 0.99))} ms` },
    { what: "hub CPU", figure: `${short(hubCores)} cores` },
  ],
  undrawn,
);

function simulate(kind: string, count: number): ChildProcess {
  return spawn(process.execPath, ["bin/pharos.js", "simulate", kind, "--hub", url, "--count", `${count}`], {
    stdio: "ignore",
  });
}
