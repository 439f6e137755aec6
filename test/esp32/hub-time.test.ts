/** Where the hub puts the samples of an ESP32 in time: hub and board by the same clock, which is the test's. */
import { afterEach, expect, it } from "@jest/globals";
import { MemoryHistory } from "../../hub/history/memory-history.ts";
import { buildClient, clientConfig, startStandIn } from "../support/espruino.ts";
import { eventually } from "../support/eventually.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { startHub, type TestHub } from "../support/hub.ts";

/** Each reading is a thousandth more than the one before, and the console tells when it was taken, in s since the start. */
const WITNESS =
  "var readings=0;analogRead=function(){print('READ '+(++readings)+' '+getTime());return readings/1000;};\n";
const STEP_MS = 20;
const AWAY_MS = 120_000;

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
});

it("each sample within 50 ms of when it was taken, two minutes without the hub included", async () => {
  const clock = fakeClock();
  const history = new MemoryHistory({ clock });
  let hub: TestHub = await startHub(["--open"], clock, ["--tcp-port", "0"], history);
  opened.push({ close: () => hub.close() });
  const startedAt = clock.now();
  const config = clientConfig(hub.port, { sensorPin: 34, report: 1, heartbeat: 5 });
  const board = startStandIn(WITNESS + buildClient(), config, clock);
  opened.push(board);

  const readings = (): number[][] =>
    board.lines.flatMap((line) => (line.startsWith("READ ") ? [line.split(" ").slice(1).map(Number)] : []));
  const points = () =>
    history.query({ device: "esp32-1", property: "input", from: 0, to: clock.now() + STEP_MS, points: 10_000 });
  const tries = (): number => board.lines.filter((line) => line.startsWith("Hub: connecting")).length;

  /** Time stands still until all that was measured has arrived: the network takes none of it. */
  const arrived = () => eventually(async () => (await points()).length === readings().length);
  async function run(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      await clock.advance(STEP_MS);
      await arrived();
    }
  }
  /** Up to the next try to connect. */
  async function connected(): Promise<void> {
    for (const before = tries(); tries() === before; ) await clock.advance(STEP_MS);
    await arrived();
  }

  await connected();
  await run(5_000);
  const closing = hub.close();
  await board.saw(/closed; next try/);
  await closing;
  await clock.advance(AWAY_MS);
  expect(readings().length - (await points()).length).toBeGreaterThanOrEqual(AWAY_MS / 1000 - 1);
  hub = await startHub(["--open", "--port", `${hub.port}`], clock, ["--tcp-port", "0"], history);
  await connected();
  await run(5_000);

  const kept = await points();
  expect(kept.map(([, , , , last]) => Math.round(last * 10))).toEqual(readings().map(([n]) => n));
  const errors = kept.map(([time], i) => time - (startedAt + (readings()[i]?.[1] ?? 0) * 1000));
  expect(Math.max(...errors.map(Math.abs))).toBeLessThan(50);
});
