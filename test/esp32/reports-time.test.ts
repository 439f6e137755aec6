/** What the ESP32 client keeps over long times, on the stand-in: its clock is the test's. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type BoardUnderTest, buildClient, clientConfig, startStandIn } from "../support/espruino.ts";
import { eventually } from "../support/eventually.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";
import { type PlainHub, startPlainHub } from "../support/plain-hub.ts";

/** Each reading is a thousandth more than the one before, so that a value tells which sample it is. */
const COUNTING = "var readings=0;analogRead=function(){return ++readings/1000;};\n";
const client = buildClient();

interface Frame {
  readonly event?: string;
  readonly id?: number;
  readonly time?: number;
  readonly data?: unknown;
}

describe("the ESP32 client's samples in time", () => {
  const opened: { close(): Promise<void> }[] = [];
  let hub: PlainHub;
  let clock: FakeClock;

  function board(before = ""): ReturnType<typeof startStandIn> {
    const config = clientConfig(hub.port, { heartbeat: 5, sensorPin: 34, report: 1 });
    const started = startStandIn(`${COUNTING}${before}${client}`, config, clock);
    opened.push(started);
    return started;
  }

  const frames = (): Frame[] =>
    hub.heard.filter((text) => text.startsWith("{")).map((text) => JSON.parse(text) as Frame);
  const named = (event: string): Frame[] => frames().filter((frame) => frame.event === event);
  const numbersOf = ({ data }: Frame): number[] =>
    (data as [number, { input: number }][]).map(([, { input }]) => Math.round(input * 10));
  const times = (): number[] => named("report").map(({ time = Number.NaN }) => time);
  const acknowledge = (frame: Frame | undefined): void => hub.say(JSON.stringify({ ack: frame?.id, data: null }));

  /** Turns the hands in steps of 200 ms, with real time between them for the network, until `condition` holds. */
  async function until(condition: () => boolean): Promise<void> {
    await eventually(async () => {
      if (!condition()) await clock.advance(200);
      return condition();
    });
  }

  /** Lets time pass in steps, with a sign of life from the hub after each, so that it is not taken for gone. */
  async function pass(seconds: number, by: BoardUnderTest, step = 10): Promise<void> {
    for (let passed = 0; passed < seconds; passed += step) {
      await clock.advance(step * 1000);
      const sign = `still here at ${clock.monotonic()}`;
      hub.say(sign);
      await by.saw(new RegExp(`^< ${sign}$`));
    }
  }

  /** Acknowledges each batch from the `from`th on, as it comes, until no more come. */
  async function takeBatches(from = 0): Promise<void> {
    for (let n = from; ; n++) {
      acknowledge(named("reports")[n]);
      try {
        await eventually(() => named("reports").length > n + 1, 200);
      } catch {
        return;
      }
    }
  }

  beforeEach(async () => {
    clock = fakeClock();
    hub = await startPlainHub();
    opened.push({ close: () => hub.close() });
  });
  afterEach(async () => {
    for (const thing of opened.splice(0).reverse()) await thing.close();
  });

  it("are the newest 240 after a long time without the hub", async () => {
    hub.welcomes = false;
    const esp32 = board();
    await until(() => hub.heard.includes("SOS"));
    await pass(400, esp32);
    hub.event("welcome", {});
    await eventually(() => named("reports").length === 1);
    await takeBatches();
    const kept = named("reports").flatMap(numbersOf);
    // The live one is the 240th.
    expect(kept).toHaveLength(239);
    expect(kept[0]).toBeGreaterThan(150);
    expect(kept).toEqual(kept.map((_, i) => (kept[0] ?? 0) + i));
    for (const text of hub.heard) expect(text.length).toBeLessThan(500);
  });

  it("are forgotten by mark: newer ones that took their place while the answer was out are not", async () => {
    hub.welcomes = false;
    const esp32 = board();
    await until(() => hub.heard.includes("SOS"));
    await pass(30, esp32);
    hub.event("welcome", {});
    await eventually(() => named("reports").length === 1);
    const first = numbersOf(named("reports")[0] ?? {});
    const live = named("report").length;
    // 220 live ones push out the first ten of the batch that is on its way.
    await pass(220, esp32);
    await eventually(() => named("report").length >= live + 219);
    acknowledge(named("reports")[0]);
    await eventually(() => named("reports").length === 2);
    expect(numbersOf(named("reports")[1] ?? {})[0]).toBe((first.at(-1) ?? 0) + 1);
    await takeBatches(1);
    const kept = named("reports").flatMap(numbersOf);
    expect(kept).toEqual(kept.map((_, i) => i + 1));
  });

  it("count on when somebody sets the clock of the board", async () => {
    const set = (at: number, seconds: number): string => `setTimeout(function(){shift=${seconds};},${at});\n`;
    const shifting = "var shift=0,clock=getTime;getTime=function(){return clock()+shift;};\n";
    const esp32 = board(`${shifting}${set(5500, -3)}${set(10_500, 1.7e9)}`);
    await until(() => times().length > 0);
    await pass(20, esp32, 1);
    await eventually(() => times().length >= 20);
    const steps = times()
      .slice(2)
      .map((time, i) => time - (times()[i + 1] ?? 0));
    for (const step of steps) expect(step).toBeGreaterThan(0);
    for (const step of steps) expect(step).toBeLessThanOrEqual(1000);
    // Of each of the two seconds in which the clock was set no more is lost than that second.
    expect(steps.reduce((sum, step) => sum + step, 0)).toBeGreaterThanOrEqual((steps.length - 2) * 1000);
  });

  it("go on being taken while the Wi-Fi is gone, and come when it is back", async () => {
    const { wifi } = board();
    await until(() => named("reports").length === 1);
    acknowledge(named("reports")[0]);
    await until(() => named("report").length > 2);
    wifi.lose();
    await clock.advance(60_000);
    const before = named("report").length;
    hub.welcomes = false;
    wifi.restore();
    await until(() => hub.paths.length === 2);
    await hub.greeted(2);
    await clock.advance(3000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(named("report")).toHaveLength(before);
    hub.event("welcome", {});
    await until(() => named("reports").length > 1);
    await takeBatches(1);
    const kept = named("reports").flatMap(numbersOf);
    expect(named("report").length).toBeGreaterThan(before);
    expect(kept.length).toBeGreaterThanOrEqual(60);
    expect(kept).toEqual(kept.map((_, i) => i + 1));
  });
});
