/** The last things that were said, for the messages room of every page. */
import type { Said } from "#protocol/dashboard-events.ts";
import { LIMITS } from "../base/limits.ts";
import type { SaidLine } from "../flow/house.ts";

const MAX_SHOWN_TEXT = 2_000;

export class SaidLog {
  readonly #lines: Said[] = [];
  #seq = 0;

  add(line: SaidLine, now: number): void {
    this.#seq += 1;
    const text = line.text.length > MAX_SHOWN_TEXT ? `${line.text.slice(0, MAX_SHOWN_TEXT)}…` : line.text;
    this.#lines.push({ ...line, text, seq: this.#seq, at: now });
    if (this.#lines.length > LIMITS.saidLines) this.#lines.shift();
  }

  /** The number of the newest line. */
  get newest(): number {
    return this.#seq;
  }

  /** Lines after number `seq`, as far as they are still kept. */
  since(seq: number): Said[] {
    const first = this.#lines[0]?.seq ?? 0;
    return this.#lines.slice(Math.max(0, seq + 1 - first));
  }
}
