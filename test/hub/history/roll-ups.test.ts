import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { openSqliteFile } from "../../../hub/base/sqlite-file.ts";
import { PERIODS_MS, ROLL_UP_LEVELS, type RollUp, type RollUps, rollUp } from "../../../hub/history/roll-ups.ts";
import { SampleRun } from "../../../hub/history/sample-run.ts";
import { HISTORY_FILE } from "../../../hub/history/sqlite/history-file.ts";
import { RollUpTable } from "../../../hub/history/sqlite/roll-up-table.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();
const START = Date.UTC(2026, 0, 1);

function runOf(samples: ReadonlyArray<readonly [number, number]>): SampleRun {
  const run = new SampleRun();
  for (const [at, value] of samples) run.push(at, 0, 0, value);
  return run.sorted();
}

function listOf(entries: RollUps): readonly RollUp[] {
  return Array.from({ length: entries.length }, (_, i) => entries.entry(i));
}

/** The mean to a part of the range in it, as far as it is stored. */
function near(entries: readonly RollUp[]): unknown {
  return entries.map(({ mean, ...rest }) => ({
    ...rest,
    place: rest.max > rest.min ? Number(((mean - rest.min) / (rest.max - rest.min)).toFixed(4)) : 0,
  }));
}

describe("roll-ups", () => {
  it("have of each period the least, the most, the mean, the last and how many", () => {
    const run = runOf([
      [START + 1, 4],
      [START + 9_999, 1],
      [START + 10_000, 7],
      [START + 35_000, 8],
      [START + 39_000, 9],
    ]);
    expect(listOf(rollUp(run, 10_000))).toEqual([
      { lastTime: START + 9_999, count: 2, min: 1, max: 4, mean: 2.5, last: 1 },
      { lastTime: START + 10_000, count: 1, min: 7, max: 7, mean: 7, last: 7 },
      { lastTime: START + 39_000, count: 2, min: 8, max: 9, mean: 8.5, last: 9 },
    ]);
  });

  it("are on disk as of all samples at once, whatever the order and the pieces they came in", () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 40_000_000 }), { minLength: 1, maxLength: 200 });
    const db = openSqliteFile(join(makeFolder(), "history.db"), HISTORY_FILE);
    const table = new RollUpTable(db, (why) => {
      throw new Error(why);
    });
    let series = 0;
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 20 }), fc.boolean(), (offsets, piece, isRound) => {
        series++;
        const samples = offsets.map((at, i) => [START + at, isRound ? i / 100 : Math.sin(i) * 1e5] as const);
        for (let i = 0; i < samples.length; i += piece) table.add(series, runOf(samples.slice(i, i + piece)));
        for (const level of ROLL_UP_LEVELS) {
          const found = [...table.read(series, level, START, START + 50_000_000)].flatMap(listOf);
          expect(near(found)).toEqual(near(listOf(rollUp(runOf(samples), PERIODS_MS[level]))));
        }
      }),
      { numRuns: 60 },
    );
    db.close();
  });

  it("keep means within the bounds of their values, also of huge ones", () => {
    const [entry] = listOf(
      rollUp(
        runOf([
          [START, 1.7e308],
          [START + 1, 1.6e308],
        ]),
        10_000,
      ),
    );
    expect(entry?.mean).toBeGreaterThanOrEqual(1.6e308);
    expect(entry?.mean).toBeLessThanOrEqual(1.7e308);
  });
});
