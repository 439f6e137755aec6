/** Measures again and again, whether or not the hub is there, as the hub asks (protocol 4.3, 5.3). Held by `device.ts`. */
import { createAlarm } from "./alarm.ts";
import type { Fields } from "./commands.ts";
import type { Delivery } from "./delivery.ts";
import type { Sensor } from "./sensor.ts";
import type { Uptime } from "./uptime.ts";

const MIN_INTERVAL_MS = 50;
const MAX_INTERVAL_MS = 3600000;

export interface Reporter {
  /** Measures now, then every interval. */
  start(): void;
  /** @param acquiring whether the hub is recording: then this measures even if it was told to stop */
  welcomed(acquiring: unknown): void;
  acquire(data: Fields): void;
}

/** @param seconds between two samples, until the hub asks for others */
export function createReporter(sensor: Sensor, uptime: Uptime, seconds: number, delivery: Delivery): Reporter {
  let intervalMs = seconds * 1000;
  let isRunning = true;
  let lastTime = -1;

  const measure = (): void => {
    // Never twice the same: the hub would take the second for the first, sent again.
    lastTime = Math.max(uptime(), lastTime + 1);
    delivery.put(lastTime, sensor());
  };
  const clockwork = {
    tick(): void {
      clockwork.alarm.set(intervalMs);
      if (isRunning) measure();
    },
    alarm: createAlarm(() => clockwork.tick()),
  };

  return {
    start: () => clockwork.tick(),
    welcomed(acquiring: unknown) {
      if (acquiring === true) isRunning = true;
      delivery.welcomed();
      if (isRunning) measure();
      delivery.resume(isRunning ? null : uptime());
    },
    acquire(data: Fields) {
      isRunning = data.running !== false;
      if (typeof data.intervalMs !== "number") return;
      const asked = Math.min(Math.max(Math.floor(data.intervalMs), MIN_INTERVAL_MS), MAX_INTERVAL_MS);
      if (asked === intervalMs) return;
      intervalMs = asked;
      clockwork.alarm.set(intervalMs);
    },
  };
}
