/**
 * The right slider (protocol 6.4): one unanswered `set` per device; meanwhile the newest further value of each
 * property is kept and goes out on the answer, or when the first is given up. One setter per device; `flow.ts` owns it.
 */
import type { Clock, Timer } from "#base/clock.ts";
import { PharosError } from "#protocol/errors.ts";
import type { SetFrame } from "#protocol/hub-events.ts";
import type { Value, Values } from "#protocol/values.ts";

/** What became of a wish. */
export type SetOutcome = { readonly applied: Value } | { readonly error: PharosError };

interface Asker {
  resolve(outcome: SetOutcome): void;
}

interface Wish {
  readonly value: Value;
  readonly transition: number | undefined;
  readonly askers: readonly Asker[];
}

/** One `set` frame that was sent. */
interface Flight {
  readonly number: number;
  readonly values: Values;
  readonly transition: number | undefined;
  /** The properties that neither an answer nor a report confirmed yet, with those who wait for it. */
  readonly awaited: Map<string, readonly Asker[]>;
  timer: Timer | null;
}

export interface SetterParts {
  readonly clock: Clock;
  readonly giveUpMs: number;
  /** Those who wait for one property at most; beyond it the one who waits longest gets `TIMEOUT`. */
  readonly maxAskers: number;
  /** Sends one `set`; resolves to the device's answer (the values as accepted), rejects with PharosError. */
  send(frame: SetFrame): Promise<Values>;
  /** What the device confirmed, by an answer (also a late one) or a report; never older than what it confirmed before. */
  onApplied(values: Values): void;
  /** Nothing newer is known of these properties, or on its way. */
  onFailed(properties: readonly string[], error: PharosError): void;
}

export class Setter {
  readonly #parts: SetterParts;
  readonly #waiting = new Map<string, Wish>();
  /** The one frame that keeps the next from going. */
  #flight: Flight | null = null;
  /** Frames that were given up and may still be answered; few, since each took `giveUpMs` and `send` ends in bounded time. */
  readonly #lost = new Set<Flight>();
  /** Property → the newest frame of which it is known what became; older answers are news no more. */
  readonly #settled = new Map<string, number>();
  #sent = 0;
  /** Frames up to this number went to a connection that is gone; what becomes of them means nothing. */
  #dropped = 0;

  constructor(parts: SetterParts) {
    this.#parts = parts;
  }

  /** Whether a value of `property` is on its way: a report of it is then an answer, not somebody's hand on the knob. */
  isBusyWith(property: string): boolean {
    return this.#waiting.has(property) || this.#flights().some((flight) => flight.awaited.has(property));
  }

  /**
   * Asks for a value. A superseded asker gets the newer value's outcome.
   * @param transition the fade, ms
   */
  request(property: string, value: Value, transition?: number): Promise<SetOutcome> {
    return new Promise((resolve) => {
      this.#want(property, value, transition, [{ resolve }]);
      this.#sendNext();
    });
  }

  /** Asks for several values at once, in one frame where it may go now; nobody waits for the outcome. */
  requestAll(values: Values): void {
    for (const [property, value] of Object.entries(values)) this.#want(property, value, undefined, []);
    this.#sendNext();
  }

  /** A report of `property` arrived: it counts as its answer. */
  reported(property: string, value: Value): void {
    const newest = this.#flights().findLast((flight) => flight.awaited.has(property));
    if (newest === undefined) return;
    this.#settle(property, newest.number, { applied: value });
    if (newest.awaited.size === 0) this.#land(newest);
    this.#parts.onApplied({ [property]: value });
  }

  /** The connection is gone: nothing is on its way any more, every asker is told. Stored wishes are sent again on return. */
  drop(): void {
    const waiting = [...this.#waiting.values()].map((wish) => wish.askers);
    const flying = this.#flights().flatMap((flight) => [...flight.awaited.values()]);
    this.#waiting.clear();
    this.#lost.clear();
    this.#settled.clear();
    this.#flight?.timer?.cancel();
    this.#flight = null;
    this.#dropped = this.#sent;
    const askers = [...waiting, ...flying].flat();
    if (askers.length > 0) resolveAll(askers, { error: new PharosError("OFFLINE") });
  }

  /** The frames on their way, oldest first. */
  #flights(): Flight[] {
    return this.#flight === null ? [...this.#lost] : [...this.#lost, this.#flight];
  }

  /** Puts a wish in line, in the place of an older one; those who asked for that wait for this one. */
  #want(property: string, value: Value, transition: number | undefined, newcomers: readonly Asker[]): void {
    const askers = [...(this.#waiting.get(property)?.askers ?? []), ...newcomers];
    const tooMany = askers.splice(0, Math.max(0, askers.length - this.#parts.maxAskers));
    this.#waiting.set(property, { value, transition, askers });
    resolveAll(tooMany, { error: new PharosError("TIMEOUT") });
  }

  #sendNext(): void {
    if (this.#flight !== null || this.#waiting.size === 0) return;
    const flight = this.#takeOff();
    this.#flight = flight;
    flight.timer = this.#parts.clock.after(this.#parts.giveUpMs, () => this.#giveUp(flight));
    const transition = flight.transition === undefined ? {} : { transition: flight.transition };
    this.#parts.send({ ...flight.values, ...transition }).then(
      (answer) => this.#answered(flight, answer),
      (error: PharosError) => this.#failed(flight, error),
    );
  }

  /** Takes the waiting wishes that share the first one's transition; the others go as a frame of their own. */
  #takeOff(): Flight {
    const [first] = this.#waiting.values();
    const transition = first?.transition;
    const values: Record<string, Value> = {};
    const awaited = new Map<string, readonly Asker[]>();
    for (const [property, wish] of this.#waiting) {
      if (wish.transition !== transition) continue;
      values[property] = wish.value;
      awaited.set(property, wish.askers);
      this.#waiting.delete(property);
    }
    this.#sent += 1;
    return { number: this.#sent, values, transition, awaited, timer: null };
  }

  #answered(flight: Flight, answer: Values): void {
    if (flight.number <= this.#dropped) return;
    const fresh: Record<string, Value> = {};
    for (const [property, asked] of Object.entries(flight.values)) {
      if ((this.#settled.get(property) ?? 0) > flight.number) continue;
      const applied = Object.hasOwn(answer, property) ? (answer[property] ?? asked) : asked;
      fresh[property] = applied;
      this.#settle(property, flight.number, { applied });
    }
    this.#land(flight);
    if (Object.keys(fresh).length > 0) this.#parts.onApplied(fresh);
  }

  #failed(flight: Flight, error: PharosError): void {
    if (flight.number <= this.#dropped) return;
    const failed = [...flight.awaited.keys()];
    for (const property of failed) this.#settle(property, flight.number, { error });
    const properties = failed.filter((property) => !this.isBusyWith(property));
    if (properties.length > 0) this.#parts.onFailed(properties, error);
    this.#land(flight);
  }

  /** It is known what became of the property as frame `number` asked it, and so of what older ones did. */
  #settle(property: string, number: number, outcome: SetOutcome): void {
    this.#settled.set(property, number);
    for (const flight of this.#flights()) {
      if (flight.number > number) continue;
      const askers = flight.awaited.get(property) ?? [];
      flight.awaited.delete(property);
      if (flight.awaited.size === 0) this.#lost.delete(flight);
      resolveAll(askers, outcome);
    }
  }

  /** Silence: the next frame may go. Those who asked wait on for a late answer, or for the newer value's. */
  #giveUp(flight: Flight): void {
    this.#lost.add(flight);
    this.#land(flight);
  }

  /** The frame keeps the next one no longer. */
  #land(flight: Flight): void {
    flight.timer?.cancel();
    if (flight.awaited.size === 0) this.#lost.delete(flight);
    if (this.#flight !== flight) return;
    this.#flight = null;
    this.#sendNext();
  }
}

function resolveAll(askers: readonly Asker[], outcome: SetOutcome): void {
  for (const asker of askers) asker.resolve(outcome);
}
