/** Samples to disk through the history, against batched inserts of raw rows by better-sqlite3 in the same run; the goal is 50,000 samples/s and a ratio of 0.25. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Sqlite from "better-sqlite3";
import { systemClock } from "#base/clock.ts";
import { workerPort } from "../../hub/history/sqlite/port.ts";
import { SqliteHistory } from "../../hub/history/sqlite/sqlite-history.ts";
import { round } from "../statistics.ts";

const DEVICES = 50;
const PROPERTIES = ["accel.x", "accel.y", "accel.z", "temperature"];
const SAMPLES = 2_000_000;
const RAW_BATCH = 10_000;
const GOAL = { rate: 50_000, ratio: 0.25 };

// Nothing else keeps the process alive: timers of the clock do not.
setInterval(() => {}, 60_000).unref();
const folder = mkdtempSync(join(tmpdir(), "pharos-history-"));
const raw = insertRows(join(folder, "rows.db"));
const idle = await ingest(join(folder, "history.db"), false);
const recording = await ingest(join(folder, "recording.db"), true);
rmSync(folder, { recursive: true });

console.log(`${SAMPLES} samples of ${DEVICES * PROPERTIES.length} series to disk`);
console.table({
  "rows, better-sqlite3": shown(raw),
  history: shown(idle),
  "history, recording": shown(recording),
});
console.log("ratio", round(idle.rate / raw.rate), "recording", round(recording.rate / raw.rate), "goal", GOAL.ratio);
console.log(
  `longest turn of the hub's thread: ${round(idle.stallMs, 0)} ms, recording ${round(recording.stallMs, 0)} ms`,
);
process.exit(recording.rate >= GOAL.rate && recording.rate / raw.rate >= GOAL.ratio ? 0 : 1);

interface Result {
  readonly rate: number;
  readonly bytes: number;
  readonly stallMs: number;
}

function shown({ rate, bytes }: Result): object {
  return { "samples/s": Math.round(rate), "bytes a sample": round(bytes / SAMPLES) };
}

/** As a walk of a sensor with two decimals. */
function* walk(): Generator<readonly [device: string, property: string, value: number, at: number]> {
  const names = Array.from({ length: DEVICES }, (_, i) => `device-${i}`);
  const start = Date.now() - SAMPLES / 20;
  let [seed, at] = [1, start];
  const levels = new Float64Array(DEVICES * PROPERTIES.length);
  for (let i = 0; i < SAMPLES; ) {
    at += 10;
    for (const [d, device] of names.entries()) {
      for (const [p, property] of PROPERTIES.entries()) {
        seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
        const k = d * PROPERTIES.length + p;
        levels[k] = (levels[k] ?? 0) + ((seed >>> 24) - 127.5) / 100;
        yield [device, property, Math.round((levels[k] ?? 0) * 100) / 100, at + (d % 3)];
        i++;
      }
    }
  }
}

function insertRows(file: string): Result {
  const db = new Sqlite(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = NORMAL");
  db.exec("CREATE TABLE sample (series INTEGER, at REAL, device_time REAL, value REAL)");
  const insert = db.prepare("INSERT INTO sample VALUES (?, ?, ?, ?)");
  const insertAll = db.transaction((rows: ReadonlyArray<readonly [number, number, number]>) => {
    for (const [series, at, value] of rows) insert.run(series, at, at, value);
  });
  const series = new Map<string, number>();
  const start = performance.now();
  let rows: Array<readonly [number, number, number]> = [];
  for (const [device, property, value, at] of walk()) {
    const name = `${device} ${property}`;
    const number = series.get(name) ?? series.size;
    series.set(name, number);
    rows.push([number, at, value]);
    if (rows.length < RAW_BATCH) continue;
    insertAll(rows);
    rows = [];
  }
  insertAll(rows);
  const rate = (SAMPLES / (performance.now() - start)) * 1000;
  db.close();
  return { rate, bytes: statSync(file).size, stallMs: 0 };
}

async function ingest(file: string, isRecorded: boolean): Promise<Result> {
  const connect = workerPort(resolve("dist/bundles/history-worker.js"));
  const history = new SqliteHistory({ file, clock: systemClock(), connect });
  await history.open();
  if (isRecorded) await history.startRecording({ name: "all", by: "bench" });
  let stallMs = 0;
  const start = performance.now();
  let turn = start;
  let count = 0;
  for (const [device, property, value, at] of walk()) {
    // As a hub does: a turn takes what has come, and the next one comes soon.
    if (++count % 2_000 === 0 || history.pressure > 0.9) {
      stallMs = Math.max(stallMs, performance.now() - turn);
      do await new Promise((done) => setImmediate(done));
      while (history.pressure > 0.9);
      turn = performance.now();
    }
    if (!history.append({ device, property, value, at, deviceTime: at })) throw new Error("a sample was not taken");
  }
  await history.committed();
  const rate = (SAMPLES / (performance.now() - start)) * 1000;
  const { bytes, samples } = await history.usage();
  if (samples !== SAMPLES) throw new Error(`${samples} of ${SAMPLES} samples are there`);
  await history.close();
  return { rate, bytes, stallMs };
}
