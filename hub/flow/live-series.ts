/**
 * Series that somebody watches now: their samples are gathered, and told together at the end of a turn. What is told is made once,
 * however many watch. Fed by the history intake; nothing is done for a series that nobody watches.
 */
import type { Clock } from "#base/clock.ts";
import { LIMITS } from "../base/limits.ts";
import { timeSample } from "../history/sample-time.ts";
import type { Sample } from "../history/store.ts";
import { limit, type Samples, thin } from "./thin.ts";

/** Takes the samples of one turn, which belong to all who watch. */
export type SeriesListener = (samples: Samples) => void;

interface Watched {
  readonly listeners: Set<SeriesListener>;
  /** `[time, value, …]` of this turn. */
  gathered: number[];
}

export class LiveSeries {
  readonly #clock: Clock;
  readonly #devices = new Map<string, Map<string, Watched>>();
  /** Those that have something to tell. */
  readonly #fresh = new Set<Watched>();
  #isTurn = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns ends it */
  watch(device: string, property: string, listener: SeriesListener): () => void {
    const ofDevice = this.#devices.get(device) ?? new Map<string, Watched>();
    const watched = ofDevice.get(property) ?? { listeners: new Set<SeriesListener>(), gathered: [] };
    this.#devices.set(device, ofDevice.set(property, watched));
    watched.listeners.add(listener);
    return () => {
      watched.listeners.delete(listener);
      if (watched.listeners.size > 0) return;
      this.#fresh.delete(watched);
      if (ofDevice.get(property) === watched) ofDevice.delete(property);
      if (ofDevice.size === 0 && this.#devices.get(device) === ofDevice) this.#devices.delete(device);
    };
  }

  /** Asked once for a whole report. */
  isWatched(device: string): boolean {
    return this.#devices.has(device);
  }

  put(sample: Sample): void {
    const watched = this.#devices.get(sample.device)?.get(sample.property);
    const timed = watched === undefined ? null : timeSample(sample);
    if (watched === undefined || timed === null) return;
    watched.gathered.push(timed.time, timed.value);
    if (watched.gathered.length / 2 >= LIMITS.plotTurnSamples) {
      watched.gathered = [...limit(Float64Array.from(watched.gathered), LIMITS.plotPending)];
    }
    this.#fresh.add(watched);
    if (this.#isTurn) return;
    this.#isTurn = true;
    this.#clock.after(LIMITS.plotTurnMs, () => this.#tell());
  }

  #tell(): void {
    this.#isTurn = false;
    const fresh = [...this.#fresh];
    this.#fresh.clear();
    for (const watched of fresh) {
      const samples = thin(Float64Array.from(watched.gathered), LIMITS.plotWidthMs);
      watched.gathered = [];
      for (const listener of watched.listeners) listener(samples);
    }
  }
}
