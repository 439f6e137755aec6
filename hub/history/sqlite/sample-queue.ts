/** Samples on their way to the worker: named by numbers, gathered in batches, and not too many. Called by the SQLite history. */
import { HISTORY_LIMITS } from "../history-limits.ts";
import { BOOLEAN_FLAG } from "../sample-run.ts";
import type { TimedSample } from "../sample-time.ts";
import { BATCH_COLUMNS, FLAGS, type SeriesName } from "./batch.ts";

const BATCH_NUMBERS = HISTORY_LIMITS.batchSamples * BATCH_COLUMNS;

export class SampleQueue {
  readonly #numbers = new Map<string, Map<string, number>>();
  #series = 0;
  #next = 1;
  #fresh: SeriesName[] = [];
  #batch = new Float64Array(BATCH_NUMBERS);
  #length = 0;
  /** Samples that are not on disk yet, here or with the worker. */
  waiting = 0;
  dropped = 0;

  get pressure(): number {
    return this.waiting / HISTORY_LIMITS.queueSamples;
  }

  get isBatchFull(): boolean {
    return this.#length >= BATCH_NUMBERS;
  }

  /** Series that the file has. Those that are only known here are told to the worker again. */
  know(names: readonly SeriesName[], next: number): void {
    this.#next = Math.max(this.#next, next);
    this.#fresh = [...this.#numbers].flatMap(([device, properties]) =>
      [...properties].map(([property, number]) => ({ device, property, number })),
    );
    for (const { device, property, number } of names) {
      if (this.#find(device, property) === undefined) this.#put(device, property, number);
    }
  }

  /** @returns false when there is no room */
  add(device: string, property: string, { time, source, other, value, isBoolean }: TimedSample): boolean {
    const number = this.#find(device, property) ?? this.#name(device, property);
    if (number === null || this.waiting >= HISTORY_LIMITS.queueSamples || this.isBatchFull) {
      this.dropped++;
      return false;
    }
    const at = this.#length;
    this.#batch[at] = number * FLAGS + source + (isBoolean ? BOOLEAN_FLAG : 0);
    this.#batch[at + 1] = time;
    this.#batch[at + 2] = other;
    this.#batch[at + 3] = value;
    this.#length += BATCH_COLUMNS;
    this.waiting++;
    return true;
  }

  /** What was gathered; null when there is nothing. */
  take(): { readonly batch: Float64Array; readonly fresh: readonly SeriesName[] } | null {
    if (this.#length === 0) return null;
    const isFull = this.isBatchFull;
    const batch = isFull ? this.#batch : this.#batch.slice(0, this.#length);
    if (isFull) this.#batch = new Float64Array(BATCH_NUMBERS);
    this.#length = 0;
    const fresh = this.#fresh;
    this.#fresh = [];
    return { batch, fresh };
  }

  /** So many are on disk. */
  release(samples: number): void {
    this.waiting -= samples;
  }

  /** What was with the worker is lost. */
  lose(): void {
    const here = this.#length / BATCH_COLUMNS;
    this.dropped += this.waiting - here;
    this.waiting = here;
  }

  /** What comes of the device from now on is a series of its own. */
  forget(device: string): void {
    this.#series -= this.#numbers.get(device)?.size ?? 0;
    this.#numbers.delete(device);
  }

  #find(device: string, property: string): number | undefined {
    return this.#numbers.get(device)?.get(property);
  }

  #name(device: string, property: string): number | null {
    if (this.#series >= HISTORY_LIMITS.series) return null;
    const number = this.#next++;
    this.#put(device, property, number);
    this.#fresh.push({ number, device, property });
    return number;
  }

  #put(device: string, property: string, number: number): void {
    const properties = this.#numbers.get(device) ?? new Map<string, number>();
    properties.set(property, number);
    this.#numbers.set(device, properties);
    this.#series++;
  }
}
