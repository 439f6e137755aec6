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
import { finish, type Row } from "../harness/report.ts";
import { short } from "../harness/statistics.ts";

const DEVICES = 50;
const PROPERTIES = ["accel.x", "accel.y", "accel.z", "temperature"];
const SAMPLES = isSmoke() ? 20_000 : 2_000_000;
const GOAL = { rate: 50_000, ratio: 0.25 };

// Nothing else keeps the process alive: timers of the clock do not.
setInterval(() => {}, 60_000).unref();
const folder = mkdtempSync(join(tmpdir(), "pharos-history-"));
const raw = insertRows(join(folder, "rows.db"), walk());
const idle = await ingest(join(folder, "history.db"), false);
const recording = await ingest(join(folder, "recording.db"), true);
rmSync(folder, { recursive: true });

const isFast = recording.rate >= GOAL.rate && recording.rate / raw.rate >= GOAL.ratio;
const goal = `≥ ${short(GOAL.rate)} a second, ≥ ${GOAL.ratio} ×`;
finish(
  `${short(SAMPLES)} samples of ${DEVICES * PROPERTIES.length} series to disk through the history, against rows by better-sqlite3`,
  [
    against("nothing is recorded", idle),
    { ...against("a recording runs", recording), goal, isMet: isFast },
    { what: "on disk", figure: onDisk(idle), peer: `better-sqlite3 ${onDisk(raw)}` },
    { what: "on disk, recorded", figure: onDisk(recording) },
    { what: "longest turn of the hub's thread", figure: `${short(idle.stallMs)} ms` },
    { what: "longest turn of the hub's thread, recording", figure: `${short(recording.stallMs)} ms` },
  ],
  idle.lost + recording.lost,
);

interface Ingested extends Inserted {
  /** Longest turn of the hub's thread. */
  readonly stallMs: number;
  readonly lost: number;
}

function walk(): Iterable<SampleRow> {
  return walkOf(DEVICES, PROPERTIES, SAMPLES);
}

function against(what: string, { rate }: Inserted): Row {
  const peer = `better-sqlite3 ${short(raw.rate)} rows a second`;
  return { what, figure: `${short(rate)} a second`, peer, ratio: `${short(rate / raw.rate)} ×` };
}

function onDisk({ bytes }: Inserted): string {
  return `${short(bytes / SAMPLES)} bytes a sample`;
}

async function ingest(file: string, isRecorded: boolean): Promise<Ingested> {
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
    history.append({ device, property, value, at, deviceTime: at });
  }
  await history.committed();
  const rate = (SAMPLES / (performance.now() - start)) * 1000;
  const { bytes, samples } = await history.usage();
  await history.close();
  return { rate, bytes, stallMs, lost: Math.abs(SAMPLES - samples) };
}
