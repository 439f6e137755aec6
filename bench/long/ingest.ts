/**
 * Reports to disk through the plain door while a recording runs, against batched inserts of raw rows by better-sqlite3 in the same run; then
 * `kill -9` at full rate. The goal is 50,000 samples/s, a ratio of 0.25, and all that was acknowledged a second before the kill, once.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkExport, type ExportFaults } from "../clients/export-check.ts";
import { fieldsOf, type LoadOptions, samplesOf } from "../clients/load-options.ts";
import { LoadProcess } from "../clients/load-process.ts";
import { insertRows } from "../clients/raw-inserts.ts";
import { Recorder } from "../clients/recorder.ts";
import { walkOf } from "../clients/sensor-walk.ts";
import { isSmoke, secondsOr } from "../harness/arguments.ts";
import { finish, type Row } from "../harness/report.ts";
import { dataDir, ServerProcess } from "../harness/server-process.ts";
import { short } from "../harness/statistics.ts";

type Frames = LoadOptions["frames"];

const IS_SMOKE = isSmoke();
const DEVICES = IS_SMOKE ? 5 : 200;
const SECONDS = secondsOr(10, 0.5);
const RAW_ROWS = IS_SMOKE ? 10_000 : 2_000_000;
/** What is measured, and then killed; a short run does one of each. */
const MEASURED: readonly Frames[] = IS_SMOKE ? ["reports"] : ["reports", "report"];
const KILLED: readonly Frames[] = IS_SMOKE ? ["report"] : ["reports", "report", "reports", "report", "reports"];
/** The hub is killed after so long, and up to so much more. */
const KILL_AFTER_MS = IS_SMOKE ? { least: 1_600, more: 100 } : { least: 4_000, more: 1_000 };
/** What was acknowledged so long before the kill is not lost. */
const LOST_AT_MOST_MS = 1_000;
const GOAL = { rate: 50_000, ratio: 0.25 };
const DATA = "ingest-data";

const measured: Ingested[] = [];
for (const frames of MEASURED) measured.push(await ingest(frames));
const killed: Killed[] = [];
for (const frames of KILLED) killed.push(await killAndCheck(frames));
rmSync(dataDir(DATA), { recursive: true });
const fields = fieldsOf({ hasTemperature: true });
finish(
  `${DEVICES} devices, reports of ${fields.length} samples (${fields.join(", ")}), recorded for ${SECONDS} s, against rows by better-sqlite3; then \`kill -9\` at that rate`,
  [...measured.flatMap(rowsOf), ...killed.map(killedRow)],
  [...measured.map(({ lost }) => lost), ...killed.map(faultsOf)].reduce((sum, count) => sum + count, 0),
);

interface Ingested {
  readonly frames: Frames;
  /** Samples a second, from the first report until the recording was stopped. */
  readonly rate: number;
  /** Of rows by better-sqlite3, just before. */
  readonly raw: number;
  /** That were sent. */
  readonly samples: number;
  /** Of those, the ones that the recording has not. */
  readonly lost: number;
  readonly cpuSeconds: number;
  readonly bytes: number;
  readonly longestGapMs: number;
  readonly longestWaitMs: number;
}

interface Killed extends ExportFaults {
  readonly frames: Frames;
  readonly acknowledged: number;
  /** In the recording as the hub counts them. */
  readonly counted: number;
}

function measureRaw(): number {
  const folder = mkdtempSync(join(tmpdir(), "pharos-raw-"));
  const { rate } = insertRows(join(folder, "rows.db"), walkOf(DEVICES, fieldsOf({ hasTemperature: true }), RAW_ROWS));
  rmSync(folder, { recursive: true });
  return rate;
}

async function ingest(frames: Frames): Promise<Ingested> {
  const raw = measureRaw();
  const hub = await startAfresh();
  const recorder = new Recorder(hub.port);
  const { id } = await recorder.start();
  const options = loadOf(hub, frames);
  const load = await LoadProcess.start(options);
  const [cpuBefore, start] = [hub.cpuSeconds, performance.now()];
  await sleep(SECONDS * 1000);
  const result = await load.stop();
  const recording = await recorder.stop(id);
  const seconds = (performance.now() - start) / 1000;
  const cpuSeconds = hub.cpuSeconds - cpuBefore;
  await hub.stop();
  const samples = samplesOf(result, options);
  const lost = Math.abs(samples - recording.samples);
  const { size: bytes } = statSync(join(dataDir(DATA), "history.db"));
  return { ...result, frames, raw, rate: samples / seconds, samples, lost, cpuSeconds, bytes };
}

/** Kills the hub, starts it again on the same data, and compares the export of the recording with what was acknowledged. */
async function killAndCheck(frames: Frames): Promise<Killed> {
  const hub = await startAfresh();
  const { id } = await new Recorder(hub.port).start();
  const options = loadOf(hub, frames);
  const load = await LoadProcess.start(options);
  await sleep(KILL_AFTER_MS.least + Math.random() * KILL_AFTER_MS.more);
  const killedAt = Date.now();
  await hub.kill();
  const result = await load.result;

  const next = await ServerProcess.startHub(DATA, ["--no-limits"], { keepsData: true });
  const recorder = new Recorder(next.port);
  const faults = await checkExport(recorder.rows(id), result, options, killedAt - LOST_AT_MOST_MS);
  const { samples: counted } = await recorder.stop(id);
  await next.stop();
  const reports = result.devices.reduce((sum, { acknowledged }) => sum + (acknowledged.at(-1)?.[1] ?? 0), 0);
  return { frames, acknowledged: reports * fieldsOf(options).length, counted, ...faults };
}

/** A kill that nothing was due at shows nothing. */
function faultsOf({ missing, repeated, wrong, samples, counted, due }: Killed): number {
  return missing + repeated + wrong + Math.abs(samples - counted) + (due > 0 ? 0 : 1);
}

function startAfresh(): Promise<ServerProcess> {
  rmSync(dataDir(DATA), { recursive: true, force: true });
  return ServerProcess.startHub(DATA, ["--no-limits"]);
}

function loadOf({ port }: ServerProcess, frames: Frames): LoadOptions {
  return { port, devices: DEVICES, frames, hasTemperature: true, stepMs: 1 };
}

function rowsOf(one: Ingested): readonly Row[] {
  const { rate, raw, samples, cpuSeconds, bytes, longestGapMs, longestWaitMs } = one;
  const what = one.frames === "reports" ? "`reports` of 100" : "`report`";
  return [
    {
      what: `samples to disk, ${what}`,
      figure: `${short(rate)} a second`,
      peer: `better-sqlite3 ${short(raw)} rows a second`,
      ratio: `${short(rate / raw)} ×`,
      goal: `≥ ${short(GOAL.rate)} a second, ≥ ${GOAL.ratio} ×`,
      isMet: rate >= GOAL.rate && rate / raw >= GOAL.ratio,
    },
    { what: `hub CPU, ${what}`, figure: `${short((cpuSeconds / samples) * 1e6)} s a million` },
    { what: `on disk, ${what}`, figure: `${short(bytes / samples)} bytes a sample` },
    { what: `longest time without an acknowledgement, ${what}`, figure: `${short(longestGapMs)} ms` },
    { what: `longest wait of a device, ${what}`, figure: `${short(longestWaitMs)} ms` },
  ];
}

/** Due are the samples that were acknowledged a second before. */
function killedRow({ frames, acknowledged, due, samples, missing, repeated, wrong }: Killed, index: number): Row {
  return {
    what: `kill ${index + 1}, \`${frames}\`: missing, twice, wrong of the samples due`,
    figure: `${missing}, ${repeated}, ${wrong} of ${short(due)}`,
    peer: `${short(acknowledged)} acknowledged, ${short(samples)} there`,
  };
}
