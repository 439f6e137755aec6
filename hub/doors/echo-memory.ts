/** Texts that the hub has just sent to a socket: one that comes back unchanged within a second is an echo (protocol 3.4). */
import type { Clock } from "#base/clock.ts";
import { LIMITS } from "../base/limits.ts";

/** A text that went out; one for all who were sent it. */
export interface SentText {
  readonly text: string;
  /** Monotonic ms. */
  readonly at: number;
}

export class EchoMemory {
  /** The last ones, the oldest replaced by the next. */
  readonly #sent: (SentText | null)[] = [];
  readonly #clock: Clock;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  remember(sent: SentText): void {
    this.#sent[this.#count % LIMITS.echoTexts] = sent;
    this.#count += 1;
  }

  isEcho(text: string): boolean {
    const index = this.#sent.findIndex((sent) => sent?.text === text && this.#isFresh(sent));
    if (index >= 0) this.#sent[index] = null;
    return index >= 0;
  }

  #isFresh({ at }: SentText): boolean {
    return at >= this.#clock.monotonic() - LIMITS.echoMs;
  }
}
