/** One round of messages to a crowd: sends them, so many under way at a time, and accounts for every delivery. */
import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "../harness/statistics.ts";
import type { RoundOptions, RoundResult } from "./crowd-options.ts";

/** A message is its number and so much more that it has this length. */
const BYTES = 64;
const DIGITS = 8;
/** When nothing more was heard for so long, the rest is lost. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 50;
/** Of so many deliveries one is timed. */
const TIMED = 7;

export class Round {
  readonly #options: RoundOptions;
  readonly #say: (text: string) => void;
  readonly #members: number;
  /** The number that each member hears next. */
  readonly #next: Uint32Array;
  /** By message: how many have heard it. */
  readonly #hearers: Uint32Array;
  readonly #sentAt: number[] = [];
  readonly #waits: number[] = [];
  #sent = 0;
  /** Messages that all have heard. */
  #done = 0;
  #deliveries = 0;
  #wrong = 0;
  #lastHeard = 0;
  #pausedUntil = 0;

  /**
   * @param members those that are waited for
   * @param first the index of the first of them
   */
  constructor(options: RoundOptions, members: number, first: number, say: (text: string) => void) {
    this.#options = options;
    this.#members = members;
    this.#next = new Uint32Array(first + members);
    this.#hearers = new Uint32Array(options.messages);
    this.#say = say;
  }

  /** Resolves when all is delivered, or nothing more comes. */
  async run(): Promise<RoundResult> {
    const start = performance.now();
    this.#lastHeard = start;
    this.#sendMore();
    const all = this.#options.messages * this.#members;
    while (this.#deliveries < all && performance.now() - this.#lastHeard < PATIENCE_MS) {
      await sleep(Math.max(1, Math.min(LOOK_MS, this.#pausedUntil - performance.now())));
      this.#sendMore();
    }
    return {
      deliveries: this.#deliveries,
      lost: all - this.#deliveries + this.#wrong,
      seconds: (this.#lastHeard - start) / 1_000,
      p50: quantile(this.#waits, 0.5),
      p99: quantile(this.#waits, 0.99),
    };
  }

  /** Member `index` hears a text that stands at `start`. */
  heard(index: number, data: Buffer, start: number): void {
    const number = readNumber(data, start);
    if (number !== this.#next[index]) this.#wrong += 1;
    this.#next[index] = number + 1;
    this.#deliveries += 1;
    this.#lastHeard = performance.now();
    if (this.#deliveries % TIMED === 0) this.#waits.push(this.#lastHeard - (this.#sentAt[number] ?? Number.NaN));
    this.#hearers[number] = (this.#hearers[number] ?? 0) + 1;
    const before = this.#done;
    while (this.#hearers[this.#done] === this.#members) this.#done += 1;
    if (this.#done > before) this.#sendMore();
  }

  #sendMore(): void {
    const { messages, inFlight, pauseMs = 0 } = this.#options;
    while (this.#sent < messages && this.#sent - this.#done < inFlight) {
      const now = performance.now();
      if (now < this.#pausedUntil) return;
      this.#pausedUntil = now + pauseMs;
      this.#sentAt.push(now);
      this.#say(
        String(this.#sent++)
          .padStart(DIGITS, "0")
          .padEnd(BYTES, "."),
      );
    }
  }
}

function readNumber(data: Buffer, start: number): number {
  let number = 0;
  for (let i = 0; i < DIGITS; i++) number = number * 10 + (data[start + i] ?? 0) - 48;
  return number;
}
