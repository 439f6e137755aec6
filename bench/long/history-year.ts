/** A year of one property at 1 Hz: how soon year, day and hour open at 1,000 points, and how many bytes a sample takes; the goal is 200 ms. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemClock } from "#base/clock.ts";
import { DEFAULT_SETTINGS } from "../../hub/history/history-limits.ts";
import { workerPort } from "../../hub/history/sqlite/port.ts";
import { SqliteHistory } from "../../hub/history/sqlite/sqlite-history.ts";
import { isSmoke } from "../harness/arguments.ts";
import { finish, type Row } from "../harness/report.ts";
import { median, short, spread } from "../harness/statistics.ts";

const DAY_MS = 86_400_000;
const YEAR_S = (isSmoke() ? 2 : 365) * 86_400;
const GOAL_MS = 200;
const ROUNDS = isSmoke() ? 3 : 20;
/** The spans that the goal is for. */
const JUDGED = ["year", "day", "hour"];

setInterval(() => {}, 60_000).unref();
/** `--keep=FILE` makes it once, and asks it again the next time. */
const kept = process.argv.find((word) => word.startsWith("--keep="))?.slice("--keep=".length);
const folder = mkdtempSync(join(tmpdir(), "pharos-year-"));
const file = kept ?? join(folder, "year.db");
const end = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const begin = end - YEAR_S * 1000;
const isThere = existsSync(file);

const first = openHistory();
await first.open();
const made = performance.now();
if (!isThere) await generate(first);
const seconds = (performance.now() - made) / 1000;
const { bytes, samples } = await first.usage();
await first.close();

const opening = performance.now();
const history = openHistory();
await history.open();
const openMs = performance.now() - opening;
const [series] = await history.listSeries();
const to = (series?.last ?? end) + 1;
const spans = {
  year: YEAR_S * 1000,
  month: 30 * DAY_MS,
  week: 7 * DAY_MS,
  day: DAY_MS,
  hour: 3_600_000,
  minute: 60_000,
};
const rows: Row[] = [];
let lost = Math.abs(YEAR_S - samples);
for (const [name, span] of Object.entries(spans)) {
  const times: number[] = [];
  let count = 0;
  for (let i = 0; i < ROUNDS; i++) {
    // Another stretch each time, of those that are as long: nothing is found where the last answer came from.
    const until = name === "year" ? to : to - Math.floor((i * (YEAR_S * 1000 - span)) / ROUNDS);
    const start = performance.now();
    const points = await history.query({
      device: "lab",
      property: "temperature",
      from: until - span,
      to: until,
      points: 1000,
    });
    times.push(performance.now() - start);
    count = Math.max(count, points.length);
  }
  lost += count > 0 ? 0 : 1;
  const slowest = Math.max(...times);
  rows.push({
    what: `${name}, ${short(count)} points: the slowest of ${ROUNDS}`,
    figure: `${short(slowest)} ms`,
    spread: `${spread(times)}, median ${short(median(times))}, first ${short(times[0] ?? Number.NaN)}`,
    ...(JUDGED.includes(name) ? { goal: `< ${GOAL_MS} ms`, isMet: slowest < GOAL_MS } : {}),
  });
}
await history.close();
rmSync(folder, { recursive: true });

rows.push(
  { what: "on disk, roll-ups included", figure: `${short(bytes / samples)} bytes a sample` },
  { what: "the file", figure: `${short(bytes / 1024 / 1024)} MB` },
  { what: "the file opens in", figure: `${short(openMs)} ms` },
);
if (!isThere) rows.push({ what: "it was made in", figure: `${short(seconds)} s` });
finish(
  `${YEAR_S / 86_400} days of one property at 1 Hz, ${short(samples)} samples, asked for at up to 1,000 points`,
  rows,
  lost,
);

function openHistory(): SqliteHistory {
  const settings = { ...DEFAULT_SETTINGS, rawMs: 400 * DAY_MS, tenSecondsMs: 400 * DAY_MS };
  return new SqliteHistory({
    file,
    clock: systemClock(),
    connect: workerPort(resolve("dist/bundles/history-worker.js")),
    settings,
  });
}

/** A room's temperature: days, weather, and a sensor of two decimals that is never quite still and comes a few ms late. */
async function generate(store: SqliteHistory): Promise<void> {
  let [seed, weather] = [1, 0];
  for (let i = 0; i < YEAR_S; i++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    weather += ((seed >>> 20) - 2047.5) / 1e6;
    const noise = ((seed >>> 12) & 255) / 255 - 0.5;
    const value = 20 + 3 * Math.sin((i / 86_400) * 2 * Math.PI) + weather + noise * 0.08;
    const deviceTime = begin + i * 1000 + ((seed >>> 5) % 3);
    const at = deviceTime + 4 + ((seed >>> 8) % 5);
    store.append({ device: "lab", property: "temperature", value: Math.round(value * 100) / 100, at, deviceTime });
    if (i % 8_000 === 0) {
      do await new Promise((done) => setImmediate(done));
      while (store.pressure > 0.5);
    }
  }
  await store.committed();
}
