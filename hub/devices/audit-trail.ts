/** Who asked what of one device: bounded; a drag of the slider is one entry, not one for each value. */
import type { Clock, Timer } from "#base/clock.ts";
import type { AuditEntry } from "#protocol/views.ts";
import { LIMITS } from "../base/limits.ts";

export class AuditTrail {
  readonly #clock: Clock;
  readonly #onSettled: (entry: AuditEntry) => void;
  #entries: AuditEntry[] = [];
  /** The newest entry while its like may still take its place. */
  #open: { entry: AuditEntry; readonly timer: Timer } | null = null;

  /** @param onSettled called once for each entry that stays, to be stored */
  constructor(clock: Clock, onSettled: (entry: AuditEntry) => void) {
    this.#clock = clock;
    this.#onSettled = onSettled;
  }

  /** Newest first. */
  get entries(): readonly AuditEntry[] {
    return [...this.#entries].reverse();
  }

  /** Takes up what was stored, oldest first. */
  load(entries: readonly AuditEntry[]): void {
    this.#entries = [...entries];
  }

  /** Adds an entry. A `set` by the same, of the same property, soon after the last, takes its place. */
  add(entry: AuditEntry): void {
    const kept =
      entry.value.length > LIMITS.auditValue
        ? { ...entry, value: `${entry.value.slice(0, LIMITS.auditValue)}…` }
        : entry;
    if (this.#open !== null && isLike(this.#open.entry, kept)) {
      this.#entries.pop();
      this.#open.entry = kept;
    } else {
      this.settle();
      this.#open = { entry: kept, timer: this.#clock.after(LIMITS.auditMergeMs, () => this.settle()) };
    }
    this.#entries.push(kept);
    if (this.#entries.length > LIMITS.auditEntries) this.#entries.shift();
  }

  /** The newest entry stays as it is. */
  settle(): void {
    if (this.#open === null) return;
    const { entry, timer } = this.#open;
    timer.cancel();
    this.#open = null;
    this.#onSettled(entry);
  }
}

function isLike(a: AuditEntry, b: AuditEntry): boolean {
  return a.by === b.by && a.what === b.what && a.what.startsWith("set ");
}
