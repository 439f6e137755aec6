/**
 * One timer for the silence of all devices. A beat costs nothing but a comparison: a device stays in its slot of the
 * wheel and is looked at when that slot comes, and put where it is due then.
 */
import type { Clock, Timer } from "#base/clock.ts";

const SLOT_MS = 50;
const HELD_UP_MS = 150;

export class PresenceWatch<T> {
  readonly #clock: Clock;
  readonly #judge: (one: T) => number | null;
  /** Slot number → those to be looked at then. */
  readonly #slots = new Map<number, Set<T>>();
  /** In which slot each waits. */
  readonly #waits = new Map<T, number>();
  #lastSlot: number;
  #lastTurn: number;
  #wasHeldUp = false;
  #timer: Timer | null = null;

  /** @param judge looks at one; answers when to look again (monotonic ms), or null for not at all */
  constructor(clock: Clock, judge: (one: T) => number | null) {
    this.#clock = clock;
    this.#judge = judge;
    this.#lastTurn = clock.monotonic();
    this.#lastSlot = slotOf(this.#lastTurn);
  }

  start(): void {
    this.#lastTurn = this.#clock.monotonic();
    this.#timer = this.#clock.every(SLOT_MS, () => this.#turn());
  }

  close(): void {
    this.#timer?.cancel();
  }

  /** Something may be due for `one` at `at` (monotonic ms). A later time than it waits for already changes nothing yet. */
  expect(one: T, at: number | null): void {
    if (at === null) return;
    const slot = Math.max(slotOf(at), this.#lastSlot) + 1;
    const waits = this.#waits.get(one);
    if (waits !== undefined && waits <= slot) return;
    this.forget(one);
    this.#waits.set(one, slot);
    const others = this.#slots.get(slot);
    if (others === undefined) this.#slots.set(slot, new Set([one]));
    else others.add(one);
  }

  /** Forgets one for good. */
  forget(one: T): void {
    const slot = this.#waits.get(one);
    if (slot === undefined) return;
    this.#waits.delete(one);
    const others = this.#slots.get(slot);
    others?.delete(one);
    if (others?.size === 0) this.#slots.delete(slot);
  }

  #turn(): void {
    const at = this.#clock.monotonic();
    // After the hub itself was held up, frames wait unread: it hears them first and judges a turn later, once.
    this.#wasHeldUp = at - this.#lastTurn > HELD_UP_MS && !this.#wasHeldUp;
    this.#lastTurn = at;
    if (this.#wasHeldUp) return;
    const now = slotOf(at);
    for (let slot = this.#lastSlot + 1; slot <= now; slot++) {
      this.#lastSlot = slot;
      const due = this.#slots.get(slot) ?? [];
      for (const one of due) this.#look(one);
    }
  }

  #look(one: T): void {
    this.forget(one);
    this.expect(one, this.#judge(one));
  }
}

function slotOf(ms: number): number {
  return Math.floor(ms / SLOT_MS);
}
