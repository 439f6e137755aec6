/**
 * When a report was made, on a computer whose clock may be set late: a Pi has no battery for it. Used by the outbox.
 *
 * - A wall clock before 2024 is not set. Then the hub's time counts, from its last welcome.
 * - A report knows the wall clock at its making and the time since the start of the computer. In the present start the
 *   wall clock of now is the better one: if it was stepped since, the report's time is now minus its age.
 * - In an earlier start the last clock of that start is the best known: it holds for all its reports.
 * - Otherwise the report keeps its own time, to the millisecond, so that one that is sent twice is known by it.
 */
import type { Clock } from "#base/clock.ts";
import type { Boot } from "./boot.ts";
import type { Entry } from "./entry.ts";

const CLOCK_IS_SET_FROM = Date.UTC(2024, 0, 1);
/** Less than this is a clock that is slowed or hurried, not one that was set. */
const STEP_MS = 1_000;

export class ReportTimes {
  readonly #clock: Clock;
  readonly #boot: Boot;
  /** By start of the computer: what to add to the time since then. */
  readonly #offsets = new Map<string, number>();
  #hubOffset: number | null = null;

  /** @param kept reports of earlier, oldest first */
  constructor(clock: Clock, boot: Boot, kept: readonly Entry[]) {
    this.#clock = clock;
    this.#boot = boot;
    for (const { boot: id, at, up } of kept) if (at !== null) this.#offsets.set(id, at - up);
  }

  /** @param time of the hub, just now, ms since the epoch */
  hubSays(time: number): void {
    this.#hubOffset = time - this.#boot.elapsed();
  }

  /** What a report that is made now notes of the time. */
  stamp(): Pick<Entry, "boot" | "up" | "at"> {
    const up = Math.round(this.#boot.elapsed());
    const offset = this.#presentOffset();
    return { boot: this.#boot.id, up, at: offset === null ? null : Math.round(up + offset) };
  }

  /**
   * The time to send: ms since the epoch, or, while nobody knows the time, since the start of the computer, which the hub
   * maps (protocol 1.2). Null for a report of an earlier start whose time can never be known.
   */
  timeOf({ boot, up, at }: Entry): number | null {
    const isPresent = boot === this.#boot.id;
    const offset = isPresent ? this.#presentOffset() : this.#offsets.get(boot);
    if (offset === undefined) return null;
    if (offset === null) return at ?? up;
    return at !== null && Math.abs(at - up - offset) < STEP_MS ? at : Math.round(up + offset);
  }

  #presentOffset(): number | null {
    const now = this.#clock.now();
    return now >= CLOCK_IS_SET_FROM ? now - this.#boot.elapsed() : this.#hubOffset;
  }
}
