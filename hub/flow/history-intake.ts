/** The one place that every sample passes, once, on its way to the history: whatever the flows learn of a property is put here. */
import type { Clock } from "#base/clock.ts";
import type { Value, Values } from "#protocol/values.ts";
import type { Logger } from "../base/logger.ts";
import type { Device } from "../devices/device.ts";
import type { Registry } from "../devices/registry.ts";
import type { HistoryStore } from "../history/store.ts";
import type { LiveSeries } from "./live-series.ts";

/** When values were measured. */
export interface Measured {
  /** The hub's clock: their arrival, or the device's counter or wrong clock corrected (protocol 1.2). */
  readonly at: number;
  /** The device's own time, as it said it. */
  readonly deviceTime?: number;
  /** The device's clock is known to be wrong. */
  readonly clock?: "off";
}

export interface HistoryIntakeParts {
  readonly history: HistoryStore;
  /** What somebody watches just now. */
  readonly live: LiveSeries;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Samples that are lost are told again after this, if there are more. */
const TELL_AGAIN_MS = 60_000;

export class HistoryIntake {
  readonly #parts: HistoryIntakeParts;
  /** Samples that the history took since the start. */
  taken = 0;
  #dropped = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(parts: HistoryIntakeParts) {
    this.#parts = parts;
  }

  /** Every number and boolean of the values, those in objects as `accel.x`. Never throws: a full history harms no connection. */
  put(device: Device, values: Values, when: Measured): void {
    // One that the hub named is never stored (protocol 1.1), and the last words of one that was removed do not bring it back.
    if (device.hubGiven || this.#parts.registry.get(device.id) !== device) return;
    for (const property in values) {
      const value = values[property] as Value;
      if (typeof value !== "object") this.#append(device.id, property, value, when);
      else for (const field in value) this.#append(device.id, `${property}.${field}`, value[field], when);
    }
  }

  #append(device: string, property: string, value: Value | undefined, when: Measured): void {
    if (typeof value !== "number" && typeof value !== "boolean") return;
    const { history, live } = this.#parts;
    const sample = { device, property, value, ...when };
    // What is watched is shown also while the disk is full.
    if (live.isWatched(device)) live.put(sample);
    if (history.append(sample)) this.taken += 1;
    else if (history.dropped > this.#dropped) this.#tellLoss(history.dropped);
  }

  #tellLoss(dropped: number): void {
    this.#dropped = dropped;
    const { clock, logger } = this.#parts;
    if (clock.monotonic() - this.#toldAt < TELL_AGAIN_MS) return;
    this.#toldAt = clock.monotonic();
    logger.warn(
      { event: "history-full", dropped },
      `Samples are lost (${dropped} since the start): more come than the disk takes. Report less often, or make room on it.`,
    );
  }
}
