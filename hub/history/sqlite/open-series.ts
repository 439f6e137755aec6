/** What the engine has in memory of one series: what is not in a chunk yet, and what tells a sample that was sent twice. */
import { isCounter } from "#protocol/time.ts";
import { KnownTimes } from "../known-times.ts";
import { BOOLEAN_FLAG, SampleRun } from "../sample-run.ts";
import { SAME_COUNTER_MS, SOURCE } from "../sample-time.ts";

/** Device times are known by stretches of this length. */
const SLOT_MS = 60_000;

/** What chunks have in [from, to]. */
type ReadChunks = (from: number, to: number) => Iterable<SampleRun>;

export class OpenSeries {
  readonly number: number;
  readonly device: string;
  readonly property: string;
  /** Of all that can be shown. */
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;
  /** Raw samples in all, the open ones among them. */
  samples = 0;
  /** Samples of journal rows up to this one are in chunks. */
  journalUntil = 0;
  /** What is in no chunk yet, in order of coming. */
  run = new SampleRun();
  /** So many of them are in the journal. */
  journaled = 0;
  /** The journal row with the first of them. */
  openSince: number | null = null;
  /** Monotonic ms when the first of them came. */
  openedAt = 0;
  /** Whether its row is in the file. */
  isStored = false;
  /** No device time that was believed is newer. */
  lastBelieved = Number.NEGATIVE_INFINITY;
  #lastCounter = Number.POSITIVE_INFINITY;
  readonly #slots = new Map<number, KnownTimes>();

  constructor(number: number, device: string, property: string) {
    this.number = number;
    this.device = device;
    this.property = property;
  }

  push(time: number, flags: number, other: number, value: number): void {
    this.run.push(time, flags, other, value);
    this.samples++;
    if (time < this.first) this.first = time;
    if (time > this.last) this.last = time;
    const source = flags & ~BOOLEAN_FLAG;
    if (source === SOURCE.counter) this.#lastCounter = other;
    if (source === SOURCE.epoch && time > this.lastBelieved) this.lastBelieved = time;
    if (this.#slots.size > 0 && source !== SOURCE.hub) this.#learn(time, source, other);
  }

  /** Whether it is newer than all there is, so that nothing has to be read to know that it is none of them. */
  isNew(time: number, source: number, other: number): boolean {
    if (source === SOURCE.hub) return true;
    if (time <= this.last) return false;
    return source === SOURCE.epoch || (other > this.#lastCounter && !this.#mayBeBelieved(other));
  }

  /** Whether this sample is there already. */
  has(time: number, source: number, other: number, read: ReadChunks): boolean {
    if (this.#knownAround(time, read).has(time, source, other)) return true;
    return (
      source === SOURCE.counter && this.#mayBeBelieved(other) && this.#knownAround(other, read).hasBelieved(time, other)
    );
  }

  #mayBeBelieved(own: number): boolean {
    return !isCounter(own) && own <= this.lastBelieved;
  }

  #knownAround(time: number, read: ReadChunks): KnownTimes {
    const slot = Math.floor(time / SLOT_MS);
    const there = this.#slots.get(slot);
    if (there !== undefined) return there;
    // Beyond its edges too: the times of the hub for one counter may differ.
    const [from, to] = [slot * SLOT_MS - SAME_COUNTER_MS, (slot + 1) * SLOT_MS + SAME_COUNTER_MS];
    const known = new KnownTimes();
    for (const run of read(from, to)) known.addAll(run.between(from, to));
    for (let i = 0; i < this.run.length; i++) {
      const at = this.run.time(i);
      if (at >= from && at < to) known.add(at, this.run.source(i), this.run.other(i));
    }
    this.#slots.set(slot, known);
    return known;
  }

  /** How many device times it has in mind. */
  get knownTimes(): number {
    let size = 0;
    for (const slot of this.#slots.values()) size += slot.size + 1;
    return size;
  }

  forgetTimes(): void {
    this.#slots.clear();
  }

  /** Its open samples are in the journal up to row `number`. */
  wasJournaled(number: number): void {
    if (this.journaled < this.run.length) this.openSince ??= number;
    this.journaled = this.run.length;
  }

  /** Its open samples are in chunks. */
  wasSealed(number: number): void {
    this.run = new SampleRun();
    this.journaled = 0;
    this.openSince = null;
    this.journalUntil = number;
  }

  #learn(time: number, source: number, other: number): void {
    const slots = [time - SAME_COUNTER_MS, time, time + SAME_COUNTER_MS].map((at) => Math.floor(at / SLOT_MS));
    for (const slot of new Set(slots)) this.#slots.get(slot)?.add(time, source, other);
  }
}
