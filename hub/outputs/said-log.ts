/** The last things that were said, for the messages room of every page. */
import type { Said } from "#protocol/dashboard-events.ts";
import { LIMITS } from "../base/limits.ts";
import type { SaidLine } from "../flow/house.ts";

const MAX_SHOWN_TEXT = 2_000;

export class SaidLog {
  /** Line number `seq` stands at `seq` modulo its length; the oldest is replaced by the next. */
  readonly #lines: Said[] = [];
  #seq = 0;

  add({ from, to, kind, text: whole }: SaidLine, at: number): void {
    this.#seq += 1;
    const text = whole.length > MAX_SHOWN_TEXT ? `${whole.slice(0, MAX_SHOWN_TEXT)}…` : whole;
    this.#lines[(this.#seq - 1) % LIMITS.saidLines] = { from, to, kind, text, seq: this.#seq, at };
  }

  /** The number of the newest line. */
  get newest(): number {
    return this.#seq;
  }

  /** Lines after number `seq`, as far as they are still kept. */
  since(seq: number): Said[] {
    const lines: Said[] = [];
    for (let i = Math.max(seq, this.#seq - LIMITS.saidLines); i < this.#seq; i++) {
      const line = this.#lines[i % LIMITS.saidLines];
      if (line !== undefined) lines.push(line);
    }
    return lines;
  }
}
