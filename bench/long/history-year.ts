/** A year of one property at 1 Hz: how soon year, day and hour open at 1,000 points, and how many bytes a sample takes; the goal is 200 ms. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemClock } from "#base/clock.ts";
import { DEFAULT_SETTINGS } from "../../hub/history/history-limits.ts";
import { workerPort } from "../../hub/history/sqlite/port.ts";
import { SqliteHistory } from "../../hub/history/sqlite/sqlite-history.ts";
import { isSmoke } from "../harness/arguments.ts";
import { quantile, round } from "../harness/statistics.ts";

const DAY_MS = 86_400_000;
const IS_SMOKE = isSmoke();
const YEAR_S = (IS_SMOKE ? 7 : 365) * 86_400;
const GOAL_MS = 200;
const ROUNDS = 20;

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
const table: Record<string, object> = {};
let slowest = 0;
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
  table[name] = {
    "first ms": round(times[0] ?? 0, 1),
    p50: round(quantile(times, 0.5), 1),
    max: round(Math.max(...times), 1),
    points: count,
  };
  if (["year", "day", "hour"].includes(name)) slowest = Math.max(slowest, ...times);
}
await history.close();
rmSync(folder, { recursive: true });

console.log(`a year of one property at 1 Hz: ${samples} samples${isThere ? "" : `, made in ${round(seconds, 0)} s`}`);
console.table(table);
console.log(
  `${round(bytes / samples)} bytes a sample with roll-ups, ${round(bytes / 1024 / 1024, 0)} MB; the file opens in ${round(openMs, 0)} ms`,
);
process.exit(samples === YEAR_S && (IS_SMOKE || slowest < GOAL_MS) ? 0 : 1);

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
    if (
      !store.append({ device: "lab", property: "temperature", value: Math.round(value * 100) / 100, at, deviceTime })
    ) {
      throw new Error("a sample was not taken");
    }
    if (i % 8_000 === 0) {
      do await new Promise((done) => setImmediate(done));
      while (store.pressure > 0.5);
    }
  }
  await store.committed();
}
