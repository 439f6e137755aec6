/** Samples to disk through the history, against batched inserts of raw rows by better-sqlite3 in the same run; the goal is 50,000 samples/s and a ratio of 0.25. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemClock } from "#base/clock.ts";
import { workerPort } from "../../hub/history/sqlite/port.ts";
import { SqliteHistory } from "../../hub/history/sqlite/sqlite-history.ts";
import { type Inserted, insertRows } from "../clients/raw-inserts.ts";
import { type SampleRow, walkOf } from "../clients/sensor-walk.ts";
import { isSmoke } from "../harness/arguments.ts";
import { round } from "../harness/statistics.ts";

const IS_SMOKE = isSmoke();
const DEVICES = 50;
const PROPERTIES = ["accel.x", "accel.y", "accel.z", "temperature"];
const SAMPLES = IS_SMOKE ? 50_000 : 2_000_000;
const GOAL = { rate: 50_000, ratio: 0.25 };

// Nothing else keeps the process alive: timers of the clock do not.
setInterval(() => {}, 60_000).unref();
const folder = mkdtempSync(join(tmpdir(), "pharos-history-"));
const raw = insertRows(join(folder, "rows.db"), walk());
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
process.exit(IS_SMOKE || (recording.rate >= GOAL.rate && recording.rate / raw.rate >= GOAL.ratio) ? 0 : 1);

interface Result extends Inserted {
  readonly stallMs: number;
}

function walk(): Iterable<SampleRow> {
  return walkOf(DEVICES, PROPERTIES, SAMPLES);
}

function shown({ rate, bytes }: Inserted): object {
  return { "samples/s": Math.round(rate), "bytes a sample": round(bytes / SAMPLES) };
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
