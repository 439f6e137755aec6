import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { DEFAULT_SETTINGS, type HistorySettings } from "../../../../hub/history/history-limits.ts";
import type { SqliteHistory } from "../../../../hub/history/sqlite/sqlite-history.ts";
import { type FakeClock, fakeClock } from "../../../support/fake-clock.ts";
import { gather, inlineHistory } from "../../../support/history-benches.ts";
import { START } from "../../../support/history-contract.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Bench {
  readonly clock: FakeClock;
  readonly history: SqliteHistory;
  readonly file: string;
  readonly notices: string[];
}

async function bench(settings: Partial<HistorySettings>): Promise<Bench> {
  const clock = fakeClock(START);
  const file = join(makeFolder(), "history.db");
  const history = inlineHistory(file, clock, { settings: { ...DEFAULT_SETTINGS, ...settings } });
  const notices: string[] = [];
  history.onNotice((sentence) => notices.push(sentence));
  await history.open();
  return { clock, history, file, notices };
}

/** Samples of a past stretch, as a device sends them that was away. */
async function backfill(
  history: SqliteHistory,
  device: string,
  from: number,
  to: number,
  everyMs: number,
): Promise<void> {
  let seed = 1;
  for (let at = from; at < to; at += everyMs) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    history.append({ device, property: "t", value: seed / 7, at, deviceTime: at });
  }
  await history.committed();
}

/** Long enough for a pass that may delete. */
async function settle({ clock }: Bench): Promise<void> {
  for (let i = 0; i < 90; i++) await clock.advance(60_000);
}

function extremes(points: ReadonlyArray<readonly number[]>): readonly number[] {
  return [Math.min(...points.map(([, min = 0]) => min)), Math.max(...points.map(([, , max = 0]) => max))];
}

describe("what is old", () => {
  it("goes at full rate and is still there rolled up, extremes kept", async () => {
    const parts = await bench({ rawMs: 2 * DAY, tenSecondsMs: 3 * DAY, minuteMs: 4 * DAY });
    const { history } = parts;
    await backfill(history, "a", START - 6 * DAY, START, 60_000);
    const whole = { device: "a", property: "t", from: START - 6 * DAY, to: START, points: 200 };
    const before = extremes(await history.query(whole));
    expect((await history.listSeries())[0]).toMatchObject({ samples: 8640, first: START - 6 * DAY });
    await settle(parts);
    const [series] = await history.listSeries();
    expect(series?.first).toBe(START - 6 * DAY);
    expect(series?.samples).toBeGreaterThan(2880 - 120);
    expect(series?.samples).toBeLessThan(2880 + 1440);
    const after = await history.query(whole);
    expect(extremes(after)).toEqual(before);
    expect(after.length).toBeLessThanOrEqual(200);
    expect(after.length).toBeGreaterThan(100);
    const oldest = await history.query({ ...whole, to: START - 5 * DAY, points: 1000 });
    expect(oldest).toHaveLength(24);
    await history.close();
  });

  it("stays where a recording has it, and goes when that is purged", async () => {
    const parts = await bench({ rawMs: HOUR, undoMs: HOUR });
    const { history, clock } = parts;
    const { id } = await history.startRecording({ name: "kept", devices: ["a"], by: "page" });
    for (const device of ["a", "b"]) await backfill(history, device, START, START + 100_000, 1000);
    await clock.advance(100_000);
    await history.stopRecording(id);
    await clock.advance(3 * HOUR);
    const samples = async (): Promise<readonly number[]> => (await history.listSeries()).map((one) => one.samples);
    expect(await samples()).toEqual([100, 0]);
    expect((await gather(history.exportNdjson(id))).split("\n")).toHaveLength(101);
    const raw = await history.query({ device: "a", property: "t", from: START, to: START + 100_000, points: 1000 });
    expect(raw).toHaveLength(100);
    await history.removeRecording(id);
    await clock.advance(2 * HOUR);
    expect(await samples()).toEqual([0, 0]);
    await history.close();
  });

  it("waits for an hour after the wall clock was set", async () => {
    const parts = await bench({ rawMs: DAY });
    const { history, clock } = parts;
    await backfill(history, "a", START - HOUR, START, 1000);
    await settle(parts);
    clock.jump(START + 20 * 365 * DAY);
    for (let i = 0; i < 50; i++) await clock.advance(60_000);
    expect((await history.listSeries())[0]?.samples).toBe(3600);
    clock.jump(START + 3 * HOUR);
    await settle(parts);
    expect((await history.listSeries())[0]?.samples).toBe(3600);
    await history.close();
  });

  it("makes room under the disk cap: the oldest at full rate first, recordings not, and says so", async () => {
    const parts = await bench({ capBytes: 400_000 });
    const { history, clock, notices } = parts;
    const { id } = await history.startRecording({ name: "kept", devices: ["rec"], by: "page" });
    await backfill(history, "rec", START, START + 3_000, 1);
    await clock.advance(3_000);
    await history.stopRecording(id);
    await backfill(history, "a", START - 40 * HOUR, START, 1_000);
    await settle(parts);
    const { bytes } = await history.usage();
    expect(bytes).toBeLessThan(400_000);
    expect(await history.getRecording(id)).toMatchObject({ samples: 3000 });
    expect((await gather(history.exportNdjson(id))).split("\n")).toHaveLength(3001);
    expect(notices.join("\n")).toMatch(/reached its cap of 0 MB: samples before 202\d-.* are kept as roll-ups only/);
    const [a] = await history.listSeries();
    expect(a?.samples).toBeLessThan(144_000);
    const points = await history.query({ device: "a", property: "t", from: START - 40 * HOUR, to: START, points: 100 });
    expect(points.length).toBeGreaterThan(30);
    await history.close();
  });

  it("says when recordings alone are more than the cap, once, and keeps them", async () => {
    const parts = await bench({ capBytes: 40_000 });
    const { history, clock, notices } = parts;
    const { id } = await history.startRecording({ name: "large", by: "page" });
    await backfill(history, "a", START, START + 10_000, 1);
    await clock.advance(10_000);
    await settle(parts);
    expect(notices.filter((sentence) => /delete recordings, or raise the cap/.test(sentence))).toHaveLength(1);
    expect((await gather(history.exportNdjson(id))).split("\n")).toHaveLength(10_001);
    await history.close();
  });

  it("gives its pages back to the disk, a few at a time", async () => {
    const parts = await bench({});
    const { history, file } = parts;
    await backfill(history, "a", START - DAY, START, 500);
    await history.close();
    const full = statSync(file).size;
    const next = inlineHistory(file, parts.clock);
    await next.open();
    await next.removeDevice("a");
    await settle(parts);
    await next.close();
    expect(statSync(file).size).toBeLessThan(full / 3);
  });
});
