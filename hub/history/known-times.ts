/** The device times that one series has in one stretch of time: what tells a sample that was sent twice (protocol 4.3). Called by the stores. */
import type { SampleRun } from "./sample-run.ts";
import { SAME_COUNTER_MS, SOURCE } from "./sample-time.ts";

export class KnownTimes {
  readonly #epochs = new Set<number>();
  /** Counter → the hub's times at which it was seen; a counter that starts anew passes there again. */
  readonly #counters = new Map<number, number[]>();
  size = 0;

  add(time: number, source: number, other: number): void {
    if (source === SOURCE.hub) return;
    this.size++;
    if (source === SOURCE.epoch) this.#epochs.add(time);
    else this.#counters.set(other, [...(this.#counters.get(other) ?? []), time]);
  }

  addAll(run: SampleRun): void {
    for (let i = 0; i < run.length; i++) this.add(run.time(i), run.source(i), run.other(i));
  }

  has(time: number, source: number, other: number): boolean {
    if (source === SOURCE.hub) return false;
    if (source === SOURCE.epoch) return this.#epochs.has(time);
    return this.#counters.get(other)?.some((seen) => Math.abs(seen - time) <= SAME_COUNTER_MS) === true;
  }
}
