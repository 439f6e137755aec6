/** A history of more and more samples of one property: what an hour of it costs over REST. Called by `growth`. */
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { systemClock } from "#base/clock.ts";
import { makeFolder } from "#base/folder.ts";
import { DEFAULT_SETTINGS } from "../../hub/history/history-limits.ts";
import { workerPort } from "../../hub/history/sqlite/port.ts";
import { SqliteHistory } from "../../hub/history/sqlite/sqlite-history.ts";
import { isSmoke } from "../harness/arguments.ts";
import { dataDir, ServerProcess } from "../harness/server-process.ts";
import { median } from "../harness/statistics.ts";
import { type Grown, judgeFlat } from "./grown.ts";

const SIZES = isSmoke() ? [10_000, 20_000] : [10_000, 100_000, 1_000_000, 2_000_000];
const QUESTIONS = isSmoke() ? 5 : 40;
const POINTS = 500;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** A sample a second, the last one now. */
const STEP_MS = 1_000;
const BEGIN = Date.now() - (SIZES.at(-1) ?? 0) * STEP_MS;
/** Longer than all of it: nothing grows old meanwhile. */
const KEPT_MS = 400 * DAY_MS;
const DATA = "growth-history-data";
const SERIES = { device: "lab", property: "temperature" };

export async function growByHistory(): Promise<Grown> {
  rmSync(dataDir(DATA), { recursive: true, force: true });
  makeFolder(resolve(dataDir(DATA)));
  const waits: [number, number][] = [];
  const cpu: [number, number][] = [];
  let lost = 0;
  let made = 0;
  for (const size of SIZES) {
    lost += await append(made, size);
    made = size;
    const answers = await ask(size);
    waits.push([size, median(answers.waits)]);
    cpu.push([size, answers.cpuMs]);
    lost += answers.empty;
  }
  rmSync(dataDir(DATA), { recursive: true });
  const of = { chart: "An hour of history against samples", unit: "ms a question", axis: "samples of the property" };
  return {
    rows: [
      judgeFlat(waits, { what: `an hour at ${POINTS} points, until it is answered`, unit: "ms" }),
      judgeFlat(cpu, { what: `an hour at ${POINTS} points, CPU`, unit: "ms" }),
    ],
    curves: [
      { ...of, name: `an hour at ${POINTS} points, until it is answered`, points: waits },
      { ...of, name: "CPU of the hub for it", points: cpu },
    ],
    lost,
  };
}

/** Fills the file up to so many samples. @returns how many are missing in the end */
async function append(from: number, to: number): Promise<number> {
  const history = new SqliteHistory({
    file: join(dataDir(DATA), "history.db"),
    clock: systemClock(),
    connect: workerPort(resolve("dist/bundles/history-worker.js")),
    settings: { ...DEFAULT_SETTINGS, rawMs: KEPT_MS, tenSecondsMs: KEPT_MS },
  });
  await history.open();
  for (let i = from; i < to; i++) {
    const at = BEGIN + i * STEP_MS;
    const value = Math.round((20 + 3 * Math.sin(i / 13_750) + (((i * 7_919) % 101) - 50) / 1_000) * 100) / 100;
    if (!history.append({ ...SERIES, value, at, deviceTime: at })) throw new Error("a sample was not taken");
    if (i % 8_000 !== 0) continue;
    do await new Promise((done) => setImmediate(done));
    while (history.pressure > 0.5);
  }
  await history.committed();
  const { samples } = await history.usage();
  await history.close();
  return to - samples;
}

interface Answers {
  /** Ms until each was there. */
  readonly waits: readonly number[];
  /** Of the hub, for one. */
  readonly cpuMs: number;
  /** Those without points. */
  readonly empty: number;
}

/** Another hour each time, of all that there are. */
async function ask(samples: number): Promise<Answers> {
  const keep = ["--history-raw-ms", `${KEPT_MS}`, "--history-ten-seconds-ms", `${KEPT_MS}`];
  const hub = await ServerProcess.startHub(DATA, ["--no-limits", ...keep], { keepsData: true });
  const room = samples * STEP_MS - HOUR_MS;
  const waits: number[] = [];
  let empty = 0;
  let before = hub.cpuSeconds;
  for (let i = -QUESTIONS; i < QUESTIONS; i++) {
    if (i === 0) before = hub.cpuSeconds;
    const from = Math.round(BEGIN + (room * (i + QUESTIONS)) / (2 * QUESTIONS));
    const start = performance.now();
    const query = `device=lab&property=temperature&from=${from}&to=${from + HOUR_MS}&points=${POINTS}`;
    const answer = await fetch(`http://127.0.0.1:${hub.port}/api/history?${query}`);
    const { points } = (await answer.json()) as { points: readonly unknown[] };
    if (i >= 0) waits.push(performance.now() - start);
    if (points.length < POINTS / 4) empty += 1;
  }
  const cpuMs = ((hub.cpuSeconds - before) / QUESTIONS) * 1_000;
  await hub.stop();
  return { waits, cpuMs, empty };
}
