/** The load process: many devices that report, until it is told to stop or the hub is gone. Started by `LoadProcess` with its options as JSON. */
import type { FromLoad, LoadOptions, LoadResult } from "../clients/load-options.ts";
import { ReportingDevice } from "../clients/reporting-device.ts";

/** How often it is looked which reports are due. */
const TICK_MS = 2;

const options = JSON.parse(process.argv[2] ?? "{}") as LoadOptions;
const longest = { gapMs: 0, waitMs: 0 };
let lastAcknowledged = Number.POSITIVE_INFINITY;
let isStopping = false;
const devices = Array.from({ length: options.devices }, (_, i) => new ReportingDevice(options, i, onAcknowledged));
await Promise.all(devices.map((device) => device.connect()));

// Each at its own moment of a step.
const from = Date.now();
for (const [i, device] of devices.entries()) device.start(from + (i % options.stepMs));
process.on("message", () => {
  isStopping = true;
  for (const device of devices) device.stop();
});
process.on("disconnect", () => process.exit());
say({ kind: "running" });
const timer = setInterval(tick, TICK_MS);

function onAcknowledged(waitMs: number): void {
  const now = performance.now();
  longest.gapMs = Math.max(longest.gapMs, now - lastAcknowledged);
  longest.waitMs = Math.max(longest.waitMs, waitMs);
  lastAcknowledged = now;
}

function tick(): void {
  for (const device of devices) device.pump();
  const isOver = devices.every((device) => (isStopping ? device.isDone : device.isCut));
  if (!isOver) return;
  clearInterval(timer);
  say({ kind: "result", result: result() });
  process.disconnect();
}

function result(): LoadResult {
  return {
    devices: devices.map((device) => device.result),
    longestGapMs: longest.gapMs,
    longestWaitMs: longest.waitMs,
    cut: devices.filter((device) => device.isCut).length,
  };
}

function say(message: FromLoad): void {
  process.send?.(message);
}
