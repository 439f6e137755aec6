/** Twelve live series of 100 samples a second each in a real Chromium: how many frames a second the page draws; the goal is 50. */
import { type ChildProcess, spawn } from "node:child_process";
import { chromium } from "playwright-core";
import { isSmoke, secondsOr } from "../harness/arguments.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { quantile, round } from "../harness/statistics.ts";

/** Three series each. */
const SENSORS = 4;
const IS_SMOKE = isSmoke();
const SECONDS = secondsOr(20);
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
await page.waitForTimeout(IS_SMOKE ? 500 : 5_000);
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
console.log(`${SENSORS * 3} series × 100 samples/s, one page, ${SECONDS} s`);
console.table({
  "frames a second": { figure: round(fps, 1) },
  "ms a frame, p50": { figure: round(quantile(frames, 0.5), 1) },
  "ms a frame, p99": { figure: round(quantile(frames, 0.99), 1) },
  "hub CPU, cores": { figure: round(hubCores) },
});
const isDrawn = legend.length === SENSORS * 3 && legend.every((text) => /\d/.test(text));
if (!isDrawn) console.error(`not all series had a value: ${legend.join(" | ")}`);
process.exit(isDrawn && (IS_SMOKE || fps >= GOAL_FPS) ? 0 : 1);

function simulate(kind: string, count: number): ChildProcess {
  return spawn(process.execPath, ["bin/pharos.js", "simulate", kind, "--hub", url, "--count", `${count}`], {
    stdio: "ignore",
  });
}
