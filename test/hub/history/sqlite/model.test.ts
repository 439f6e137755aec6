import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { MemoryHistory } from "../../../../hub/history/memory-history.ts";
import type { SqliteHistory } from "../../../../hub/history/sqlite/sqlite-history.ts";
import type { HistoryStore, Sample } from "../../../../hub/history/store.ts";
import { type FakeClock, fakeClock } from "../../../support/fake-clock.ts";
import { gather, inlineHistory } from "../../../support/history-benches.ts";
import { copyAsCrashed } from "../../../support/store-files.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();

type Step =
  | {
      readonly do: "put";
      readonly device: string;
      readonly value: number | boolean;
      readonly back: number;
      readonly clock: "none" | "right" | "off";
      readonly wait: number;
    }
  | {
      readonly do: "burst";
      readonly device: string;
      readonly count: number;
      readonly everyMs: number;
      readonly back: number;
    }
  | { readonly do: "rest" | "wait" | "reopen" | "crash" | "stop" | "remove" | "mark" | "count" }
  | { readonly do: "start"; readonly devices: readonly string[] | undefined }
  | { readonly do: "jump"; readonly ms: number }
  | {
      readonly do: "ask";
      readonly device: string;
      readonly from: number;
      readonly span: number;
      readonly points: number;
    };

const device = fc.constantFrom("a", "b");
/** Ahead of the hub, too. */
const back = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 200_000_000 }),
  fc.integer({ min: -5_000, max: 5_000 }),
  fc.integer({ min: -5_000_000, max: 0 }),
);
const value = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }).map((n) => n / 100),
  fc.double({ noNaN: true, min: -1e300, max: 1e300 }),
  fc.boolean(),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  // After it, what was open is in chunks.
  { weight: 4, arbitrary: fc.constant({ do: "rest" as const }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("put" as const),
      device,
      value,
      back,
      clock: fc.constantFrom("none" as const, "right" as const, "off" as const),
      wait: fc.integer({ min: 1, max: 3000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("burst" as const),
      device,
      count: fc.integer({ min: 1, max: 6_000 }),
      everyMs: fc.constantFrom(0.25, 1, 7, 1000),
      back,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("wait" as const, "reopen" as const, "crash" as const, "stop" as const, "mark" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("start" as const), devices: fc.constantFrom(["a"], undefined) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("jump" as const),
      ms: fc.constantFrom(-7_200_000, 7_200_000, -30_000, 30_000.25, -700, 700),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("count" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("ask" as const),
      device,
      from: back,
      span: fc.integer({ min: 1, max: 100_000_000 }),
      points: fc.integer({ min: 1, max: 50 }),
    }),
  },
);

/** Two histories that hear the same: one on disk, one that is simple. */
class Pair {
  readonly clock: FakeClock = fakeClock();
  readonly model = new MemoryHistory({ clock: this.clock });
  #file = join(makeFolder(), "history.db");
  #copies = 0;
  store!: SqliteHistory;
  #recording: string | null = null;

  async open(): Promise<void> {
    this.store = inlineHistory(this.#file, this.clock);
    await this.store.open();
    await this.model.open();
  }

  async both<T>(run: (history: HistoryStore) => Promise<T>): Promise<T> {
    const [mine, expected] = [await run(this.store), await run(this.model)];
    expect(mine).toEqual(expected);
    return mine;
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case "put":
        await this.clock.advance(step.wait);
        this.#put(step.device, step.value, step.back, step.clock);
        return;
      case "burst":
        await this.clock.advance(1);
        for (let i = 0; i < step.count; i++) {
          const back = Math.round((step.back + (step.count - i) * step.everyMs) * 1000) / 1000;
          this.#put(step.device, i % 17, back, "right");
        }
        return;
      case "rest":
        return this.clock.advance(660_000);
      case "wait":
        return this.clock.advance(1_000);
      case "reopen":
        await this.both((history) => history.close());
        return this.open();
      case "crash":
        return this.#crash();
      case "start":
        await this.clock.advance(1);
        this.#recording = (
          await this.both((history) =>
            history.startRecording({ name: "r", ...(step.devices && { devices: step.devices }), by: "page" }),
          )
        ).id;
        return;
      case "stop": {
        const id = this.#recording;
        this.#recording = null;
        if (id !== null) await this.both(async (history) => (await history.stopRecording(id)).samples);
        return;
      }
      case "mark": {
        const id = this.#recording;
        if (id !== null)
          await this.both(async (history) => (await history.addMarker(id, { text: "m", by: "page" })).samples);
        return;
      }
      case "jump":
        await this.#look();
        this.clock.jump(this.clock.now() + step.ms);
        return this.#look();
      case "count":
        return this.#countFiles();
      case "remove":
        await this.both((history) => history.removeDevice("a"));
        return;
      case "ask": {
        const to = this.clock.now() - step.from + 1;
        const question = { device: step.device, property: "t", from: to - step.span, to, points: step.points };
        await this.both(async (history) => rounded(await history.query(question)));
        return;
      }
      default:
        step satisfies never;
    }
  }

  /** What both say in the end. */
  async compare(): Promise<void> {
    await this.both((history) => history.listSeries());
    for (const { device, property, first, last, samples } of await this.model.listSeries()) {
      const whole = { device, property, from: first, to: last + 1 };
      for (const points of [13, Math.min(samples, 10_000)]) {
        await this.both(async (history) => rounded(await history.query({ ...whole, points })));
      }
    }
    await this.#countFiles();
  }

  /** Each recording has as many samples as its file. */
  async #countFiles(): Promise<void> {
    for (const { id } of await this.model.listRecordings()) {
      const samples = await this.both(async (history) => (await history.getRecording(id)).samples);
      const file = await this.both(async (history) => gather(history.exportNdjson(id)));
      expect(samplesIn(file)).toBe(samples);
    }
  }

  /** Both see when the clock was set at the same moment. */
  async #look(): Promise<void> {
    await this.both(async (history) => (await history.listRecordings()).length);
  }

  #put(device: string, value: number | boolean, back: number, clock: "none" | "right" | "off"): void {
    const now = this.clock.now();
    const sample: Sample = { device, property: "t", value, at: now };
    const own = { none: {}, right: { deviceTime: now - back }, off: { deviceTime: now - back, clock: "off" as const } };
    // What is corrected lies a little before its arrival, here as much as its last digits say.
    const at = clock === "off" ? now - Math.abs(back % 3_000) : now;
    const whole = { ...sample, ...own[clock], at };
    const [mine, expected] = [this.store.append(whole), this.model.append(whole)];
    // Up to hundreds of thousands of times in a run: `expect` alone would take as long as the histories.
    if (mine !== expected) expect(mine).toBe(expected);
  }

  /** The process is gone, and another opens what is on disk. */
  async #crash(): Promise<void> {
    await this.store.committed();
    await this.model.close();
    const copy = `${this.#file}.${++this.#copies}`;
    copyAsCrashed(this.#file, copy);
    await this.store.close();
    this.#file = copy;
    return this.open();
  }
}

function samplesIn(ndjson: string): number {
  const rows = ndjson.split("\n").filter((line) => line !== "");
  return rows.reduce((sum, row) => sum + Object.keys((JSON.parse(row) as { values: object }).values).length, 0);
}

/** Means of the same samples may differ in the last digits, by the order of summing. */
function rounded(points: ReadonlyArray<readonly number[]>): unknown {
  return points.map(([time, min = 0, max = 0, mean = 0, last]) => {
    const size = Math.max(Math.abs(min), Math.abs(max), 1e-300);
    return [time, min, max, Math.round((mean / size) * 1e6), last];
  });
}

describe("the SQLite history beside a plain model", () => {
  it("says the same after any row of samples, questions, recordings, crashes and restarts", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: "max" }), async (steps) => {
        const pair = new Pair();
        await pair.open();
        for (const one of steps) await pair.take(one);
        await pair.compare();
        await pair.take({ do: "reopen" });
        await pair.compare();
        await pair.store.close();
      }),
      { numRuns: Number(process.env.HISTORY_RUNS ?? 30), interruptAfterTimeLimit: 50_000, endOnFailure: true },
    );
  }, 120_000);

  it("has a sample in its recording after a small step of the clock back, a crash, and a stop before the clock is there again", async () => {
    const pair = new Pair();
    await pair.open();
    const steps: readonly Step[] = [
      { do: "start", devices: ["a"] },
      { do: "put", device: "a", value: 1, back: 0, clock: "off", wait: 1_864 },
      { do: "jump", ms: -700 },
      { do: "crash" },
      { do: "mark" },
      { do: "crash" },
      { do: "stop" },
    ];
    for (const one of steps) await pair.take(one);
    await pair.compare();
    expect(await pair.store.listRecordings()).toMatchObject([{ samples: 1 }]);
    await pair.store.close();
  });
});
