/** Texts that the hub has just sent to a socket: one that comes back unchanged within a second is an echo (protocol 3.4). */
import type { Clock } from "#base/clock.ts";
import { LIMITS } from "../base/limits.ts";

interface Sent {
  readonly text: string;
  /** Monotonic ms. */
  readonly at: number;
}

/** What went out in the last second, for all connections of an engine: a connection remembers no more than the numbers of its texts. */
export class SentTexts {
  readonly #clock: Clock;
  /** By number, oldest first. */
  readonly #sent = new Map<number, Sent>();
  #newest = 0;
  #characters = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns its number, from 1 */
  add(text: string): number {
    const at = this.#clock.monotonic();
    this.#newest += 1;
    this.#sent.set(this.#newest, { text, at });
    this.#characters += text.length;
    this.#forget(at);
    return this.#newest;
  }

  /** Whether this text is the one of that number, and went out within a second. */
  has(number: number, text: string): boolean {
    const sent = this.#sent.get(number);
    return sent?.text === text && sent.at >= this.#clock.monotonic() - LIMITS.echoMs;
  }

  #forget(now: number): void {
    for (const [number, { text, at }] of this.#sent) {
      const isOld = at < now - LIMITS.echoMs || this.#characters > LIMITS.echoCharacters;
      if (!isOld) return;
      this.#sent.delete(number);
      this.#characters -= text.length;
    }
  }
}

export class EchoMemory {
  readonly #texts: SentTexts;
  /** Numbers of the last texts, the oldest replaced by the next; 0 for none. */
  readonly #numbers: number[] = [];
  #count = 0;

  constructor(texts: SentTexts) {
    this.#texts = texts;
  }

  /** @param number of a text that is sent */
  remember(number: number): void {
    this.#numbers[this.#count % LIMITS.echoTexts] = number;
    this.#count += 1;
  }

  isEcho(text: string): boolean {
    const index = this.#numbers.findIndex((number) => this.#texts.has(number, text));
    if (index >= 0) this.#numbers[index] = 0;
    return index >= 0;
  }
}
