/**
 * Reports to disk through the plain door while a recording runs, against batched inserts of raw rows by better-sqlite3 in the same run; then
 * `kill -9` at full rate. The goal is 50,000 samples/s, a ratio of 0.25, and all that was acknowledged a second before the kill, once.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkExport, type ExportFaults } from "../clients/export-check.ts";
import { fieldsOf, type LoadOptions, samplesOf } from "../clients/load-options.ts";
import { LoadProcess } from "../clients/load-process.ts";
import { insertRows } from "../clients/raw-inserts.ts";
import { Recorder } from "../clients/recorder.ts";
import { walkOf } from "../clients/sensor-walk.ts";
import { isSmoke, secondsOr } from "../harness/arguments.ts";
import { dataDir, ServerProcess } from "../harness/server-process.ts";
import { round } from "../harness/statistics.ts";

type Frames = LoadOptions["frames"];

const IS_SMOKE = isSmoke();
const DEVICES = IS_SMOKE ? 5 : 200;
const SECONDS = secondsOr(10);
const RAW_ROWS = IS_SMOKE ? 50_000 : 2_000_000;
const KILLS = IS_SMOKE ? 1 : 5;
/** The hub is killed after so many seconds, and up to one more. */
const KILL_AFTER_S = IS_SMOKE ? 1.5 : 4;
/** What was acknowledged so long before the kill is not lost. */
const LOST_AT_MOST_MS = 1_000;
const GOAL = { rate: 50_000, ratio: 0.25 };
const DATA = "ingest-data";

const batches = await ingest("reports");
const singles = await ingest("report");
const fields = fieldsOf({ hasTemperature: true });
console.log(
  `${DEVICES} devices, reports of ${fields.length} samples (${fields.join(", ")}), recorded for ${SECONDS} s`,
);
console.table({ "`reports` of 100": shown(batches), "`report`": shown(singles) });

const kills: Record<string, object> = {};
let isWhole = true;
for (let i = 0; i < KILLS; i++) {
  const frames = i % 2 === 0 ? "reports" : "report";
  const { isRight, ...figures } = await killAndCheck(frames);
  kills[`${i + 1}, \`${frames}\``] = figures;
  isWhole &&= isRight;
}
console.log("killed at full rate, samples; due are those acknowledged a second before");
console.table(kills);
rmSync(dataDir(DATA), { recursive: true });
const isFast = [batches, singles].every(({ rate, raw }) => rate >= GOAL.rate && rate / raw >= GOAL.ratio);
process.exit(isWhole && (IS_SMOKE || isFast) ? 0 : 1);

interface Ingested {
  /** Samples a second, from the first report until the recording was stopped. */
  readonly rate: number;
  /** Of rows by better-sqlite3, just before. */
  readonly raw: number;
  readonly samples: number;
  readonly cpuSeconds: number;
  readonly bytes: number;
  readonly longestGapMs: number;
  readonly longestWaitMs: number;
}

function measureRaw(): number {
  const folder = mkdtempSync(join(tmpdir(), "pharos-raw-"));
  const { rate } = insertRows(join(folder, "rows.db"), walkOf(DEVICES, fieldsOf({ hasTemperature: true }), RAW_ROWS));
  rmSync(folder, { recursive: true });
  return rate;
}

/** @throws when the recording has not what was sent */
async function ingest(frames: Frames): Promise<Ingested> {
  const raw = measureRaw();
  const hub = await startAfresh();
  const recorder = new Recorder(hub.port);
  const { id } = await recorder.start();
  const options = loadOf(hub, frames);
  const load = await LoadProcess.start(options);
  const [cpuBefore, start] = [hub.cpuSeconds, performance.now()];
  await sleep(SECONDS);
  const result = await load.stop();
  const recording = await recorder.stop(id);
  const seconds = (performance.now() - start) / 1000;
  const cpuSeconds = hub.cpuSeconds - cpuBefore;
  await hub.stop();
  const samples = samplesOf(result, options);
  if (recording.samples !== samples) throw new Error(`${recording.samples} of ${samples} samples were recorded.`);
  const { size: bytes } = statSync(join(dataDir(DATA), "history.db"));
  return { ...result, raw, rate: samples / seconds, samples, cpuSeconds, bytes };
}

/** Kills the hub, starts it again on the same data, and compares the export of the recording with what was acknowledged. */
async function killAndCheck(frames: Frames): Promise<ExportFaults & { acknowledged: number; isRight: boolean }> {
  const hub = await startAfresh();
  const { id } = await new Recorder(hub.port).start();
  const options = loadOf(hub, frames);
  const load = await LoadProcess.start(options);
  await sleep(KILL_AFTER_S + Math.random());
  const killedAt = Date.now();
  await hub.kill();
  const result = await load.result;

  const next = await ServerProcess.startHub(DATA, ["--no-limits"], { keepsData: true });
  const recorder = new Recorder(next.port);
  const faults = await checkExport(recorder.rows(id), result, options, killedAt - LOST_AT_MOST_MS);
  const { samples } = await recorder.stop(id);
  await next.stop();
  const reports = result.devices.reduce((sum, { acknowledged }) => sum + (acknowledged.at(-1)?.[1] ?? 0), 0);
  const isExact = faults.missing + faults.repeated + faults.wrong === 0 && faults.samples === samples && faults.due > 0;
  return { acknowledged: reports * fieldsOf(options).length, ...faults, isRight: isExact };
}

function startAfresh(): Promise<ServerProcess> {
  rmSync(dataDir(DATA), { recursive: true, force: true });
  return ServerProcess.startHub(DATA, ["--no-limits"]);
}

function loadOf({ port }: ServerProcess, frames: Frames): LoadOptions {
  return { port, devices: DEVICES, frames, hasTemperature: true, stepMs: 1 };
}

function shown({ rate, raw, samples, cpuSeconds, bytes, longestGapMs, longestWaitMs }: Ingested): object {
  return {
    "samples/s": Math.round(rate),
    "rows/s by better-sqlite3": Math.round(raw),
    ratio: round(rate / raw, 3),
    "hub CPU, s per million": round((cpuSeconds / samples) * 1e6),
    "bytes a sample": round(bytes / samples),
    "longest gap, ms": round(longestGapMs, 0),
    "longest wait, ms": round(longestWaitMs, 0),
  };
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
