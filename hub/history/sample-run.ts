/** Samples of one series in columns, growing: a sample takes 25 bytes and no object. Called by the codec and every reader of samples. */

const FIRST_CAPACITY = 16;
/** Flags: the source of the time in the lower two bits, and whether the value is a boolean. */
const SOURCE_MASK = 3;
export const BOOLEAN_FLAG = 4;

export class SampleRun {
  times: Float64Array;
  others: Float64Array;
  values: Float64Array;
  flags: Uint8Array;
  length = 0;
  #isSorted = true;

  constructor(capacity = FIRST_CAPACITY) {
    this.times = new Float64Array(capacity);
    this.others = new Float64Array(capacity);
    this.values = new Float64Array(capacity);
    this.flags = new Uint8Array(capacity);
  }

  push(time: number, flags: number, other: number, value: number): void {
    if (this.length === this.times.length) this.#grow();
    const i = this.length++;
    if (i > 0 && this.#isSorted && this.#isBefore(time, flags, other, i - 1)) this.#isSorted = false;
    this.times[i] = time;
    this.flags[i] = flags;
    this.others[i] = other;
    this.values[i] = value;
  }

  /** Appends samples of another run, those in [from, to) by index. */
  pushAll(run: SampleRun, from = 0, to = run.length): void {
    for (let i = from; i < to; i++) this.push(run.time(i), run.flag(i), run.other(i), run.value(i));
  }

  time(i: number): number {
    return this.times[i] ?? Number.NaN;
  }

  value(i: number): number {
    return this.values[i] ?? Number.NaN;
  }

  other(i: number): number {
    return this.others[i] ?? 0;
  }

  flag(i: number): number {
    return this.flags[i] ?? 0;
  }

  source(i: number): number {
    return this.flag(i) & SOURCE_MASK;
  }

  isBoolean(i: number): boolean {
    return (this.flag(i) & BOOLEAN_FLAG) !== 0;
  }

  /** When the hub had it. */
  at(i: number): number {
    return hubTime(this.time(i), this.flag(i), this.other(i));
  }

  /** By time, then by when the hub had it, then as they came. */
  sorted(): SampleRun {
    if (this.#isSorted) return this;
    const order = Uint32Array.from({ length: this.length }, (_, i) => i);
    order.sort((a, b) => this.time(a) - this.time(b) || this.at(a) - this.at(b) || a - b);
    const run = new SampleRun(this.length);
    for (const i of order) run.push(this.time(i), this.flag(i), this.other(i), this.value(i));
    return run;
  }

  /** Of a sorted run: the index of the first sample at `time` or later. */
  indexOf(time: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.time(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Of a sorted run: a copy of the samples in [from, to) by time. */
  between(from: number, to: number): SampleRun {
    const [start, end] = [this.indexOf(from), this.indexOf(to)];
    if (start === 0 && end === this.length) return this;
    return this.slice(start, end);
  }

  slice(start: number, end: number): SampleRun {
    const run = new SampleRun(Math.max(0, end - start));
    run.pushAll(this, start, end);
    return run;
  }

  #isBefore(time: number, flags: number, other: number, i: number): boolean {
    const last = this.time(i);
    return time < last || (time === last && hubTime(time, flags, other) < this.at(i));
  }

  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, this.length * 2);
    const grown = new SampleRun(capacity);
    grown.times.set(this.times);
    grown.others.set(this.others);
    grown.values.set(this.values);
    grown.flags.set(this.flags);
    this.times = grown.times;
    this.others = grown.others;
    this.values = grown.values;
    this.flags = grown.flags;
  }
}

function hubTime(time: number, flags: number, other: number): number {
  return (flags & SOURCE_MASK) === 1 ? other : time;
}
