/**
 * A lesson: devices that report their accelerometer a hundred times a second are recorded while pages watch and plot. A report is three
 * samples here: x, y and z. `npm run bench -- recording --seconds=600` for the long run.
 */
import { rmSync } from "node:fs";
import { fieldsOf, type LoadOptions, samplesOf } from "../clients/load-options.ts";
import { LoadProcess } from "../clients/load-process.ts";
import { Recorder } from "../clients/recorder.ts";
import { WatchingPage } from "../clients/watching-page.ts";
import { isSmoke, secondsOr } from "../harness/arguments.ts";
import { finish } from "../harness/report.ts";
import { dataDir, ServerProcess } from "../harness/server-process.ts";
import { quantile, short } from "../harness/statistics.ts";

const IS_SMOKE = isSmoke();
const DEVICES = IS_SMOKE ? 5 : 50;
const STEP_MS = 10;
const PAGES = IS_SMOKE ? 2 : 5;
/** Devices whose fields a page plots. */
const PLOTTED = 4;
const SECONDS = secondsOr(60, 1);
const DATA = "recording-data";

rmSync(dataDir(DATA), { recursive: true, force: true });
const hub = await ServerProcess.startHub(DATA, ["--no-limits"]);
const atStart = hub.residentMb;
const pages = Array.from({ length: PAGES }, () => new WatchingPage(hub.port));
await Promise.all(pages.map((page) => page.connect()));
const recorder = new Recorder(hub.port);
const { id } = await recorder.start();
const options: LoadOptions = {
  port: hub.port,
  devices: DEVICES,
  frames: "report",
  hasTemperature: false,
  stepMs: STEP_MS,
};
const load = await LoadProcess.start(options);
await Promise.all(pages.map((page, i) => page.plot(seriesOf(i))));

const [cpuBefore, start] = [hub.cpuSeconds, performance.now()];
const before = pages.map(({ updates, plots, plotted }) => ({ updates, plots, plotted }));
const memory: number[] = [];
for (let second = 0; second < SECONDS; second++) {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  memory.push(hub.residentMb);
}
const seconds = (performance.now() - start) / 1000;
const cpu = (hub.cpuSeconds - cpuBefore) / seconds;
const perPage = (what: "updates" | "plots" | "plotted") =>
  pages.reduce((sum, page, i) => sum + page[what] - (before[i]?.[what] ?? 0), 0) / PAGES / seconds;
const rates = { updates: perPage("updates"), plots: perPage("plots"), plotted: perPage("plotted") };
const result = await load.stop();
const { samples } = await recorder.stop(id);
const sent = samplesOf(result, options);

const half = memory.length / 2;
for (const page of pages) page.close();
await hub.stop();
rmSync(dataDir(DATA), { recursive: true });
finish(
  `${DEVICES} devices × ${1000 / STEP_MS} reports a second, a report is ${fieldsOf(options).length} samples, recorded, and ${PAGES} pages that plot; ${SECONDS} s`,
  [
    { what: "hub CPU", figure: `${short(cpu)} cores` },
    { what: "resident at the start", figure: `${short(atStart)} MB` },
    { what: "resident, first half", figure: `${short(quantile(memory.slice(0, Math.ceil(half)), 0.5))} MB` },
    { what: "resident, second half", figure: `${short(quantile(memory.slice(Math.floor(half)), 0.5))} MB` },
    { what: "a page is told: updates", figure: `${short(rates.updates)} a second` },
    { what: "a page is told: plots", figure: `${short(rates.plots)} a second` },
    { what: "a page is told: samples in plots", figure: `${short(rates.plotted)} a second` },
    { what: "longest wait of a device", figure: `${short(result.longestWaitMs)} ms` },
    { what: "samples recorded, of those sent", figure: `${short(samples)} of ${short(sent)}` },
  ],
  Math.abs(sent - samples) + (rates.updates > 0 && rates.plotted > 0 ? 0 : 1),
);

/** Another few devices for each page, as people do. */
function seriesOf(page: number): { device: string; property: string }[] {
  const devices = Array.from({ length: PLOTTED }, (_, i) => `load-${(page * PLOTTED + i) % DEVICES}`);
  return devices.flatMap((device) => fieldsOf(options).map((property) => ({ device, property })));
}
