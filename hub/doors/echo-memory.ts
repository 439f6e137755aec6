/** Texts that the hub has just sent to a socket: one that comes back unchanged within a second is an echo (protocol 3.4). */
import type { Clock } from "#base/clock.ts";
import { LIMITS } from "../base/limits.ts";

export class EchoMemory {
  readonly #sent: { readonly text: string; readonly at: number }[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  remember(text: string): void {
    this.#sent.push({ text, at: this.#clock.monotonic() });
    if (this.#sent.length > LIMITS.echoTexts) this.#sent.shift();
  }

  isEcho(text: string): boolean {
    const since = this.#clock.monotonic() - LIMITS.echoMs;
    const index = this.#sent.findIndex((sent) => sent.at >= since && sent.text === text);
    if (index >= 0) this.#sent.splice(index, 1);
    return index >= 0;
  }
}
