/**
 * How fast one device may speak, whatever its door. Beyond it the newest values of a property still count, what wants an answer waits for
 * its turn, all else is dropped; who goes on and on is sent away.
 */
import type { Clock, Timer } from "#base/clock.ts";
import { type Rate, TokenBucket } from "#base/token-bucket.ts";
import { LIMITS } from "../base/limits.ts";

/** Takes an event in its turn. */
export type Deliver = (event: string, args: unknown[]) => void;

export interface FrameLimitParts {
  readonly clock: Clock;
  readonly frames: Rate;
  readonly bytes: Rate;
  deliver: Deliver;
  /** Something was dropped; called at most once a second. */
  onDropped(): void;
  /** It does not heed that. */
  onStubborn(): void;
}

export class FrameLimit {
  readonly #parts: FrameLimitParts;
  readonly #frames: TokenBucket;
  readonly #bytes: TokenBucket;
  /** What wants an answer, in its order. */
  readonly #waiting: Array<readonly [event: string, args: unknown[]]> = [];
  /** Newest value of each property of reports that came too fast. */
  #newest: Record<string, unknown> | null = null;
  #timer: Timer | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;
  /** Since when something is dropped without a pause, monotonic ms; null while nothing is. */
  #overSince: number | null = null;
  #overAt = 0;

  constructor(parts: FrameLimitParts) {
    const now = parts.clock.monotonic();
    this.#parts = parts;
    this.#frames = new TokenBucket(parts.frames, now);
    this.#bytes = new TokenBucket(parts.bytes, now);
  }

  /** An event has come, of so many bytes. */
  take(event: string, args: unknown[], bytes: number): void {
    const now = this.#parts.clock.monotonic();
    const isFree = this.#waiting.length === 0 && this.#newest === null;
    if (isFree && this.#bytes.take(bytes, now) && this.#frames.take(1, now)) this.#parts.deliver(event, args);
    else if (!this.#keep(event, args)) this.#drop(now);
  }

  close(): void {
    this.#timer?.cancel();
    this.#waiting.length = 0;
    this.#newest = null;
  }

  /** @returns whether it is not lost */
  #keep(event: string, args: unknown[]): boolean {
    const [values] = args;
    if (typeof args.at(-1) === "function") {
      if (this.#waiting.length >= LIMITS.framesWaiting) return false;
      this.#waiting.push([event, args]);
    } else if (event === "report" && typeof values === "object" && values !== null) {
      this.#drop(this.#parts.clock.monotonic());
      this.#newest = { ...this.#newest, ...values };
    } else return false;
    this.#wake();
    return true;
  }

  #wake(): void {
    if (this.#timer !== null) return;
    const { clock } = this.#parts;
    const wait = Math.max(this.#frames.waitMs(1, clock.monotonic()), this.#bytes.waitMs(1, clock.monotonic()), 1);
    this.#timer = clock.after(wait, () => {
      this.#timer = null;
      this.#deliverNext();
    });
  }

  #deliverNext(): void {
    const now = this.#parts.clock.monotonic();
    while ((this.#newest !== null || this.#waiting.length > 0) && this.#frames.take(1, now)) {
      const newest = this.#newest;
      this.#newest = null;
      const [event, args] = newest === null ? (this.#waiting.shift() ?? ["", []]) : ["report", [newest]];
      this.#parts.deliver(event, [...args]);
    }
    if (this.#newest !== null || this.#waiting.length > 0) this.#wake();
  }

  #drop(now: number): void {
    if (now - this.#overAt > LIMITS.stubbornPauseMs) this.#overSince = null;
    this.#overSince ??= now;
    this.#overAt = now;
    if (now - this.#overSince > LIMITS.stubbornMs) {
      this.#parts.onStubborn();
      return;
    }
    if (now - this.#toldAt < LIMITS.tellDroppedMs) return;
    this.#toldAt = now;
    this.#parts.onDropped();
  }
}
