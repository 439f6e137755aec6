import { beforeEach, describe, expect, it } from "@jest/globals";
import type { PointView, RecordingView } from "#protocol/recordings.ts";
import { type PlotSpec, specFromHistory } from "../../../web/data/model/catalog.ts";
import type { HistoryQuestion } from "../../../web/data/model/history-client.ts";
import { createReplay, type Replay } from "../../../web/data/model/replay.ts";

const START = 1_000_000;
const LENGTH = 120_000;
const RECORDING = {
  id: "1",
  name: "Drop",
  startedAt: START,
  stoppedAt: START + LENGTH,
  lengthMs: LENGTH,
  spans: [{ from: START, to: START + LENGTH }],
  markers: [],
} as unknown as RecordingView;
const STANDING = { at: null, speed: 1, isPlaying: false };
const SPECS: readonly PlotSpec[] = specFromHistory("lab", ["light"]);

describe("a recording that is played", () => {
  let time: number;
  let asked: HistoryQuestion[];
  let replay: Replay;

  /** The value of each second is its number. */
  async function history(question: HistoryQuestion): Promise<readonly PointView[]> {
    asked.push(question);
    const seconds = Array.from({ length: LENGTH / 1_000 }, (_, i) => START + i * 1_000);
    return seconds
      .filter((at) => at >= question.from && at < question.to)
      .map((at) => [at, (at - START) / 1_000, (at - START) / 1_000, (at - START) / 1_000, (at - START) / 1_000]);
  }

  beforeEach(async () => {
    time = 5_000;
    asked = [];
    const parts = {
      recording: RECORDING,
      specs: SPECS,
      ms: 10_000,
      ask: history,
      series: async () => [],
      begin: STANDING,
    };
    replay = createReplay({ ...parts, monotonic: () => time, now: () => 0 });
    await replay.ready;
  });

  /** Draws as a page does, 50 times a second. */
  async function watch(ms: number): Promise<void> {
    for (const end = time + ms; time < end; time += 20) {
      replay.range();
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    }
    replay.range();
  }

  /** So few are drawn as points: what was measured, and nothing between. */
  const shown = (): readonly unknown[] => {
    const columns = replay.models[0]?.columns;
    const [from, to] = replay.range();
    columns?.draw({ from, to, isHeld: false, until: 0 });
    return (columns?.points[0] ?? []).map((i) => columns?.y[0]?.[i]);
  };
  const latest = (): number | undefined => replay.models[0]?.latest[0]?.value;

  it("stands at its start until it is played, then its time passes as the time of who watches", async () => {
    await watch(1_000);
    expect([replay.at.value, shown()]).toEqual([START, [0]]);
    replay.play();
    await watch(5_000);
    expect(replay.at.value).toBe(START + 5_000);
    expect(shown()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(latest()).toBe(5);
    expect(replay.range()).toEqual([START - 5_000, START + 5_000]);
  });

  it("stops and goes on where it was", async () => {
    replay.play();
    await watch(2_000);
    replay.pause();
    await watch(10_000);
    expect(replay.at.value).toBe(START + 2_000);
    replay.play();
    await watch(1_000);
    expect(replay.at.value).toBe(START + 3_000);
  });

  it.each([1, 2, 5, 10, 20, 50, 100])("runs %i times as fast, and leaves nothing out", async (speed) => {
    replay.setSpeed(speed);
    replay.play();
    const seen = new Set<unknown>();
    for (let i = 0; i < (LENGTH / speed / 20) * 1.1; i++) {
      await watch(20);
      for (const value of shown()) seen.add(value);
    }
    expect(replay.at.value).toBe(START + LENGTH);
    expect(replay.isPlaying.value).toBe(false);
    expect(seen.size).toBe(LENGTH / 1_000);
  });

  it("asks ahead in pieces, each once", async () => {
    replay.play();
    await watch(60_000);
    expect(asked.map(({ from }) => from)).toEqual(asked.map((_, i) => START + i * 10_000));
    expect(asked.length).toBeLessThanOrEqual(8);
  });

  it("goes to any moment, and shows what was before it and nothing of elsewhere", async () => {
    replay.play();
    await watch(3_000);
    replay.pause();
    replay.seek(START + 60_000);
    await watch(100);
    expect(shown()).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60]);
    replay.seek(START + 2_000);
    await watch(100);
    expect([shown(), latest()]).toEqual([[0, 1, 2], 2]);
    replay.seek(0);
    await watch(100);
    expect(replay.at.value).toBe(START);
  });

  it("begins anew when it is played at its end", async () => {
    replay.seek(START + LENGTH);
    await watch(100);
    replay.play();
    await watch(1_000);
    expect(replay.at.value).toBeLessThan(START + 3_000);
    expect(replay.isPlaying.value).toBe(true);
  });

  it("waits for what has not come yet", async () => {
    let answer: (points: readonly PointView[]) => void = () => {};
    const slow = createReplay({
      recording: RECORDING,
      specs: SPECS,
      ms: 10_000,
      ask: () => new Promise((resolve) => (answer = resolve)),
      series: async () => [],
      begin: STANDING,
      monotonic: () => time,
      now: () => 0,
    });
    slow.play();
    for (let i = 0; i < 100; i++) {
      time += 20;
      slow.range();
    }
    expect(slow.at.value).toBe(START);
    answer([]);
    await slow.ready;
    time += 20;
    slow.range();
    expect(slow.at.value).toBeGreaterThan(START);
    slow.close();
  });

  it("goes on where it was when it is made anew, and plays as soon as there is something to show", async () => {
    const begin = { at: START + 60_000, speed: 2, isPlaying: true };
    const parts = { recording: RECORDING, specs: SPECS, ms: 60_000, ask: history, series: async () => [], begin };
    replay = createReplay({ ...parts, monotonic: () => time, now: () => 0 });
    expect(replay.isPlaying.value).toBe(false);
    await replay.ready;
    expect(replay.isPlaying.value).toBe(true);
    await watch(1_000);
    expect([replay.at.value, replay.speed.value]).toEqual([START + 62_000, 2]);
  });
});
