/**
 * Frames that came in, in their order. Those of one turn of the event loop are taken together, so that what they say leaves together; beyond a
 * number the rest waits for the next turn, and meanwhile nothing more is read: a client that floods waits for the others, instead of all for it.
 */
import { LIMITS } from "../base/limits.ts";

/** Counts turns of the event loop, for all inboxes of a door; costs nothing while nothing comes. */
export class Turns {
  #now = 0;
  #isCounting = false;
  #waiting: Array<() => void> = [];

  /** The number of this turn. */
  get now(): number {
    this.#count();
    return this.#now;
  }

  /** Calls `run` in the next turn. */
  next(run: () => void): void {
    this.#waiting.push(run);
    this.#count();
  }

  #count(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    setImmediate(() => {
      this.#isCounting = false;
      this.#now += 1;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const run of waiting) run();
    });
  }
}

/** Where the frames come from. */
export interface Source {
  stopReading(): void;
  /** The inbox has room; others may have reasons of their own to wait. */
  goOnReading(): void;
}

export class Inbox<T> {
  readonly #turns: Turns;
  readonly #source: Source;
  readonly #take: (one: T) => void;
  /** No more than what one read from the network brings. */
  #waiting: T[] = [];
  #isBusy = false;
  /** Frames wait for another turn, and nothing more is read. */
  isBehind = false;
  #turn = -1;
  /** Taken in this turn. */
  #taken = 0;

  constructor(turns: Turns, source: Source, take: (one: T) => void) {
    this.#turns = turns;
    this.#source = source;
    this.#take = take;
  }

  put(one: T): void {
    this.#waiting.push(one);
    if (!this.#isBusy) this.#goOn();
  }

  /** Takes one; the next one not before all promises that it settled are through, so that answers keep their order. */
  #goOn(): void {
    this.#isBusy = true;
    const one = this.#waiting.shift();
    if (one !== undefined) this.#take(one);
    queueMicrotask(() => process.nextTick(() => this.#next()));
  }

  #next(): void {
    if (this.#waiting.length === 0) this.#rest();
    else if (this.#mayTake()) this.#goOn();
    else {
      this.isBehind = true;
      this.#source.stopReading();
      this.#turns.next(() => this.#goOn());
    }
  }

  #rest(): void {
    this.#isBusy = false;
    if (!this.isBehind) return;
    this.isBehind = false;
    this.#source.goOnReading();
  }

  #mayTake(): boolean {
    const { now } = this.#turns;
    if (this.#turn !== now) {
      this.#turn = now;
      this.#taken = 0;
    }
    this.#taken += 1;
    return this.#taken < LIMITS.framesATurn;
  }
}
