/** How far the clock of a device is off, learned from its reports (protocol 1.2). Pure, told the hub's time; `flow/inbound.ts` asks it. */

/** A clock within this of the hub's is right: networks delay, and few clocks are better set. */
const RIGHT_MS = 5_000;
/** No client keeps what it sends as a live report for longer than this. */
const LONGEST_WAIT_MS = 86_400_000;
/** Reports that came late together get less late one by one; those of a clock that was set back stay as late as this. */
const SAME_DELAY_MS = 1_000;

export class DeviceClock {
  /** What is to be added to its times, ms: 0 when it is right, null while nobody knows. */
  #offset: number | null = null;
  /** A clock that was right and seems to be set back, unless its reports only came late. */
  #doubt: { readonly offset: number; readonly since: number } | null = null;

  /** What is to be added to its times, ms; 0 as long as they are to be believed. */
  get offset(): number {
    return this.#offset ?? 0;
  }

  get isOff(): boolean {
    return this.offset !== 0;
  }

  /** A live report: no later than the network made it, and never before it was measured. So the least (arrival − time) is the best. */
  hear(time: number, now: number): void {
    const offset = now - time;
    const delay = offset - (this.#offset ?? Number.POSITIVE_INFINITY);
    if (delay < 0) this.#set(offset);
    else if (delay <= RIGHT_MS) this.#doubt = null;
    else if (this.isOff || Math.abs(offset) <= RIGHT_MS || delay > LONGEST_WAIT_MS) this.#set(offset);
    else this.#suspect(offset, now);
  }

  /** A batch whose newest time is this: how long it waited nobody knows, but not that it comes from the future. */
  hearBatch(newest: number, now: number): void {
    if (newest + this.offset <= now + RIGHT_MS) return;
    this.#offset = newest <= now + RIGHT_MS ? null : now - newest;
  }

  /** What its last report says that was kept over a restart of the hub. */
  recall(time: number, at: number): void {
    this.#set(at - time);
  }

  #suspect(offset: number, now: number): void {
    const doubt = this.#doubt;
    if (doubt === null || Math.abs(offset - doubt.offset) > SAME_DELAY_MS) this.#doubt = { offset, since: now };
    else if (now - doubt.since >= RIGHT_MS) this.#set(Math.min(offset, doubt.offset));
  }

  #set(offset: number): void {
    this.#offset = Math.abs(offset) <= RIGHT_MS ? 0 : offset;
    this.#doubt = null;
  }
}
