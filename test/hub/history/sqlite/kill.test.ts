import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Row } from "../../../../hub/history/store.ts";
import { eventually } from "../../../support/eventually.ts";
import { fakeClock } from "../../../support/fake-clock.ts";
import { gather, inlineHistory } from "../../../support/history-benches.ts";
import { bundleWorker, bundleWriter } from "../../../support/history-bundles.ts";
import { copyAsCrashed } from "../../../support/store-files.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();
/** The moments of the kills: the same in each run. */
const SEED = 20_260_102;
const KILLS = 30;

let worker = "";
let program = "";

beforeAll(async () => {
  const folder = makeFolder();
  worker = await bundleWorker(folder);
  program = await bundleWriter(folder);
});

interface Killed {
  /** All up to this one were put more than a second before the end. */
  readonly old: number;
  readonly newest: number;
}

async function runAndKill(file: string, ms: number): Promise<Killed> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [program, file, worker], { env, stdio: ["ignore", "pipe", "pipe"] });
  let [text, faults] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    faults += part;
  });
  const closed = once(child, "close");
  await eventually(() => text.includes("\n") || child.exitCode !== null, 10_000);
  await new Promise((resolve) => setTimeout(resolve, ms));
  const killedAt = Date.now();
  child.kill("SIGKILL");
  const [, signal] = await closed;
  expect({ signal, faults }).toEqual({ signal: "SIGKILL", faults: "" });
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" ").map(Number));
  const old = lines.flatMap(([n = 0, at = 0]) => (at < killedAt - 1000 ? [n] : []));
  return { old: old.at(-1) ?? 0, newest: lines.at(-1)?.[0] ?? 0 };
}

interface Found {
  readonly values: readonly number[];
  readonly own: readonly number[];
  readonly samples: number;
  readonly markers: number;
  readonly csvLines: number;
}

/** What the next hub finds, on a copy. */
async function findRecorded(file: string, copy: string): Promise<Found> {
  copyAsCrashed(file, copy);
  const history = inlineHistory(copy, fakeClock(Date.now()));
  await history.open();
  const [recording] = await history.listRecordings();
  if (recording === undefined) throw new Error("the recording is gone");
  expect(recording.stoppedAt).toBeNull();
  const rows: Row[] = [];
  for await (const some of history.readRows(recording.id)) rows.push(...some);
  const csvLines = (await gather(history.exportCsv(recording.id))).trimEnd().split("\n").length;
  await history.close();
  const of = (device: string): number[] => rows.flatMap((row) => (row.device === device ? Number(row.values.n) : []));
  const { samples, markers } = recording;
  return { values: of("a"), own: of("b"), samples, markers: markers.length, csvLines };
}

describe("a recording after kill -9", () => {
  it(`is whole up to the last second and goes on, at ${KILLS} random moments`, async () => {
    const folder = makeFolder();
    const file = join(folder, "history.db");
    let [seed, safe, checked] = [SEED, 0, 0];
    for (let i = 0; i < KILLS; i++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const { old, newest } = await runAndKill(file, (seed / 2 ** 32) * 500 + (i % 4 === 3 ? 1100 : 0));
      const { values, own, samples, markers, csvLines } = await findRecorded(file, join(folder, `copy-${i}.db`));
      safe = Math.max(safe, old);
      // Each once, in order, with none missing.
      expect(values).toEqual(Array.from({ length: values.length }, (_, k) => k + 1));
      expect(values.length).toBeGreaterThanOrEqual(safe);
      expect(values.length).toBeLessThanOrEqual(newest);
      expect(Math.abs(own.length - values.length)).toBeLessThanOrEqual(8192);
      expect(samples).toBe(values.length + own.length);
      // One for each start, this one among them, but for those that were killed before they had written anything.
      expect(markers).toBeLessThanOrEqual(i + 1);
      expect(markers).toBeGreaterThan(i / 2);
      expect(csvLines).toBe(1 + values.length + own.length + markers);
      if (old > 0) checked++;
      safe = values.length;
    }
    expect(checked).toBeGreaterThan(5);
  }, 120_000);
});
