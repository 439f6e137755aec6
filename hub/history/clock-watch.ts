/** Tells when the wall clock was set, by the monotonic one beside it. Called by the stores; pure. */
import { HISTORY_LIMITS } from "./history-limits.ts";

/** A reading of both clocks, ms. */
export interface Moment {
  readonly now: number;
  readonly monotonic: number;
}

export class ClockWatch {
  #last: Moment | null = null;
  #steadySince = Number.POSITIVE_INFINITY;

  /** @returns the wall time around the step, if there was one since the last call: what it was to be, and what it was set to at the earliest */
  look(moment: Moment): { readonly before: number; readonly after: number } | null {
    const last = this.#last;
    this.#last = moment;
    if (last === null) this.#steadySince = moment.monotonic;
    if (last === null) return null;
    const passed = moment.monotonic - last.monotonic;
    const step = moment.now - last.now - passed;
    if (Math.abs(step) <= HISTORY_LIMITS.clockStepMs) return null;
    this.#steadySince = moment.monotonic;
    return { before: last.now + passed, after: moment.now - passed };
  }

  /** Whether the wall clock has run so long without a step that its time can be trusted. */
  isSteady(monotonic: number): boolean {
    return monotonic - this.#steadySince >= HISTORY_LIMITS.steadyMs;
  }
}
