/** Which of its two times a sample is kept under, and when two are the same sample (protocol 1.2, 4.3). Called by every store. */
import { isCounter } from "#protocol/time.ts";
import type { Sample } from "./store.ts";

/** Where the time of a sample comes from. */
export const SOURCE = {
  /** The device said none: it is the hub's. */
  hub: 0,
  /** The device's own, a time since the epoch. */
  epoch: 1,
  /** The hub's, since that of the device is a counter, or wrong. */
  counter: 2,
} as const;

/** Two samples with the same counter are the same if the hub's times are this near; the counter may start anew at any time. */
export const SAME_COUNTER_MS = 2_000;

/** Before the first ESP32 client, nothing was measured: a clock that says so was never set. */
const EARLIEST_MS = Date.UTC(2016, 0, 1);
const AHEAD_MS = 86_400_000;
const LATEST_MS = 4.1e12;

export interface TimedSample {
  /** Ms, to the microsecond. */
  readonly time: number;
  readonly source: number;
  /** The hub's time where the device's counts, the device's where the hub's counts, else 0. */
  readonly other: number;
  readonly value: number;
  readonly isBoolean: boolean;
}

/** Null for a sample that cannot be kept: without a finite number or a time of this age. */
export function timeSample({ value, at, deviceTime, clock }: Sample): TimedSample | null {
  const number = Number(value);
  if (!Number.isFinite(number) || !(at > 0 && at < LATEST_MS)) return null;
  const isBoolean = value === true || value === false;
  // Adding 0 makes 0 of -0, which JSON does not know either.
  const rest = { value: number + 0, isBoolean };
  const hub = toMicroseconds(at);
  if (deviceTime === undefined || !Number.isFinite(deviceTime) || Math.abs(deviceTime) > LATEST_MS) {
    return { time: hub, source: SOURCE.hub, other: 0, ...rest };
  }
  const device = toMicroseconds(deviceTime);
  const isCredible = clock !== "off" && !isCounter(device) && device >= EARLIEST_MS && device <= hub + AHEAD_MS;
  if (isCredible) return { time: device, source: SOURCE.epoch, other: hub, ...rest };
  return { time: hub, source: SOURCE.counter, other: device, ...rest };
}

/** What a device can tell apart; and so a time takes few bytes. */
function toMicroseconds(ms: number): number {
  return Number.isInteger(ms) ? ms + 0 : Math.round(ms * 1000) / 1000 + 0;
}

/** The two times of a kept sample as they were said. */
export function timesOf(time: number, source: number, other: number): { at: number; deviceTime: number | null } {
  if (source === SOURCE.hub) return { at: time, deviceTime: null };
  return source === SOURCE.epoch ? { at: other, deviceTime: time } : { at: time, deviceTime: other };
}
