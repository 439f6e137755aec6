/** What the ESP32 client measures, frame by frame, against a hub that says whatever a test wants. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type BoardUnderTest, boards, buildClient, clientConfig } from "../support/espruino.ts";
import { eventually } from "../support/eventually.ts";
import { type PlainHub, startPlainHub } from "../support/plain-hub.ts";

/** Each reading is a thousandth more than the one before, so that a value tells which sample it is; the console tells too. */
const COUNTING = "var readings=0;analogRead=function(){print('READING '+(++readings));return readings/1000;};\n";
const client = buildClient();

type Sample = readonly [time: number, values: { readonly input: number }];

interface Frame {
  readonly event?: string;
  readonly id?: number;
  readonly time?: number;
  readonly data?: unknown;
}

describe.each(boards())("the ESP32 client's reports, %s", (_name, start) => {
  let hub: PlainHub;
  let board: BoardUnderTest;

  /** At 100 samples a second, unless stated. */
  function measure(more: object = {}, before = ""): void {
    const config = clientConfig(hub.port, { sensorPin: 34, report: 0.01, heartbeat: 30, ...more });
    board = start(`${COUNTING}${before}${client}`, config);
  }

  const frames = (): Frame[] =>
    hub.heard.filter((text) => text.startsWith("{")).map((text) => JSON.parse(text) as Frame);
  const named = (event: string): Frame[] => frames().filter((frame) => frame.event === event);
  const live = (): Sample[] =>
    named("report").map(({ time = Number.NaN, data }) => [time, data as { readonly input: number }]);
  const batches = (): Sample[][] => named("reports").map(({ data }) => data as Sample[]);
  const numbers = (samples: readonly Sample[]): number[] => samples.map(([, { input }]) => Math.round(input * 10));
  const acknowledge = (frame: Frame | undefined, error?: object): void =>
    hub.say(JSON.stringify(error ? { ack: frame?.id, error } : { ack: frame?.id, data: null }));
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  /** Welcome, and what was measured before that has arrived. */
  async function settle(): Promise<void> {
    await eventually(() => named("reports").length > 0);
    acknowledge(named("reports")[0]);
    await eventually(() => live().length > 2);
  }

  /** Acknowledges each batch from the `from`th on, as it comes, until no more come. */
  async function takeBatches(from = 0): Promise<void> {
    for (let n = from; ; n++) {
      acknowledge(named("reports")[n]);
      try {
        await eventually(() => named("reports").length > n + 1, 300);
      } catch {
        return;
      }
    }
  }

  beforeEach(async () => {
    hub = await startPlainHub();
  });
  afterEach(async () => {
    await board.close();
    await hub.close();
  });

  it("are declared where a pin is measured, and only there", async () => {
    measure({ rooms: ["lab", "row-1"] });
    await hub.greeted();
    const [hello = ""] = hub.heard;
    expect(hello).toMatch(/^[ -~]{1,499}$/);
    expect(JSON.parse(hello)).toMatchObject({
      data: { properties: { input: { type: "number", minimum: 0, maximum: 100, unit: "percent", readOnly: true } } },
    });
    await board.close();
    measure({ sensorPin: null });
    await hub.greeted(2);
    expect(hub.heard.findLast((text) => text.includes('"hello"'))).not.toContain("input");
    const before = named("report").length;
    await pause(100);
    expect(named("report")).toHaveLength(before);
  });

  it("come each by itself, with percent and the board's own milliseconds", async () => {
    measure({ report: 0.05 });
    await eventually(() => live().length > 8);
    const samples = live();
    expect(numbers(samples)).toEqual(samples.map((_, i) => (numbers(samples)[0] ?? 0) + i));
    const times = samples.map(([time]) => time);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect((times.at(-1) ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual((times.length - 2) * 45);
    expect(times.every((time) => Number.isInteger(time) && time >= 0 && time < 60_000)).toBe(true);
  });

  it("of the time before the welcome follow a live one, in batches under 500 bytes, one at a time", async () => {
    hub.welcomes = false;
    measure();
    await hub.greeted();
    await board.saw(/^READING 50$/);
    expect(named("report")).toEqual([]);
    hub.event("welcome", { acquiring: false });
    await eventually(() => named("reports").length === 1);
    const first = frames().find(({ event }) => event === "report" || event === "reports");
    expect(first?.event).toBe("report");
    await pause(100);
    expect(named("reports")).toHaveLength(1);
    await takeBatches();

    for (const text of hub.heard) expect(text).toMatch(/^[ -~]{1,499}$/);
    const kept = batches().flat();
    expect(kept.length).toBeGreaterThanOrEqual(50);
    // Each sample once, and none is missing up to the first live one.
    expect(numbers(kept)).toEqual(kept.map((_, i) => i + 1));
    expect(numbers(live())[0]).toBe(kept.length + 1);
    expect(kept.at(-1)?.[0]).toBeLessThan(live()[0]?.[0] ?? 0);
  });

  it("that the hub refuses are told on the console and forgotten", async () => {
    hub.welcomes = false;
    measure();
    await hub.greeted();
    await board.saw(/^READING 40$/);
    hub.event("welcome", {});
    await eventually(() => named("reports").length === 1);
    acknowledge({ id: 4711 }, { code: "TOO_MANY", message: "of another" });
    acknowledge(named("reports")[0], { code: "INVALID_VALUE", message: "no" });
    await eventually(() => named("reports").length === 2);
    await board.saw(/^The hub refused \{"code":"INVALID_VALUE"/);
    expect(board.lines.join("\n")).not.toContain("TOO_MANY");
    const [first = [], second = []] = batches();
    expect(numbers(second)[0]).toBe((numbers(first).at(-1) ?? 0) + 1);
  });

  it("ask now and then whether they arrived, and what nobody acknowledged comes again", async () => {
    measure({ report: 0.02 });
    await settle();
    const asking = (): Frame[] => named("report").filter(({ id }) => id !== undefined);
    await eventually(() => asking().length === 1);
    await pause(300);
    expect(asking()).toHaveLength(1);
    acknowledge(asking()[0]);
    await eventually(() => asking().length === 2);
    const sure = numbers(live())[named("report").findIndex(({ id }) => id !== undefined)] ?? 0;
    const known = named("reports").length;
    hub.drop("killed");
    await hub.greeted(2);
    const before = numbers(live()).at(-1) ?? 0;
    await eventually(() => named("reports").length > known);
    await takeBatches(known);
    const again = numbers(batches().slice(known).flat());
    expect(again).toEqual(again.map((_, i) => sure + 1 + i));
    expect(again.at(-1)).toBeGreaterThanOrEqual(before - 1);
  });

  it("stop and go on as the hub asks, not faster than every 50 ms", async () => {
    measure({ report: 0.05 });
    await eventually(() => live().length > 2);
    expect(await hub.ask("acquire", { running: false })).toEqual({ ack: 1, data: null });
    const { length } = live();
    await pause(250);
    expect(live()).toHaveLength(length);
    expect(await hub.ask("acquire", { running: true, intervalMs: 1 })).toEqual({ ack: 2, data: null });
    await eventually(() => live().length >= length + 5);
    const times = live()
      .slice(length)
      .map(([time]) => time);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual((times.length - 1) * 45);
  });

  it("that were stopped stay stopped over a new connection, unless the hub is recording", async () => {
    measure({ report: 0.02 });
    await settle();
    await hub.ask("acquire", { running: false });
    const { length } = live();
    hub.drop("killed");
    await hub.greeted(2);
    await eventually(() => named("reports").length === 2);
    // Only where the counter stands, by which the hub understands the batch.
    expect(named("report").slice(length)).toEqual([{ event: "report", data: {}, time: expect.any(Number) }]);
    await pause(100);
    expect(named("report")).toHaveLength(length + 1);
    hub.event("welcome", { acquiring: true });
    await eventually(() => named("report").length > length + 4);
  });

  it("do not make up in a burst for those that were missed while something blocked", async () => {
    const block = "setTimeout(function(){var end=getTime()+0.5;while(getTime()<end);print('FREE');},5)";
    measure(
      { report: 0.05 },
      `var count=analogRead;analogRead=function(){if(readings===20)${block};return count();};\n`,
    );
    await board.saw(/^FREE/);
    const before = live().length;
    await eventually(() => live().length >= before + 5);
    const times = live().map(([time]) => time);
    const steps = times.slice(2).map((time, i) => time - (times[i + 1] ?? 0));
    expect(Math.max(...steps)).toBeGreaterThan(400);
    expect(Math.min(...steps)).toBeGreaterThan(30);
  });
});
