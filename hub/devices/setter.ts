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
  value: Value;
  transition: number | undefined;
  askers: Asker[];
}

interface Flight {
  readonly number: number;
  readonly values: Values;
  readonly askers: Map<string, Asker[]>;
  /** Properties not yet reported; when none is left the reports were the answer. */
  readonly awaited: Set<string>;
  timer: Timer | null;
}

export interface SetterParts {
  readonly clock: Clock;
  readonly giveUpMs: number;
  /** Sends one `set`; resolves to the device's answer (the values as accepted), rejects with PharosError. */
  send(frame: SetFrame): Promise<Values>;
  /** The device's answer to a frame, also a late one, in the order of the frames. */
  onApplied(values: Values): void;
  onFailed(properties: readonly string[], error: PharosError): void;
}

export class Setter {
  readonly #parts: SetterParts;
  readonly #waiting = new Map<string, Wish>();
  readonly #newestAnswered = new Map<string, number>();
  #flight: Flight | null = null;
  #sent = 0;

  constructor(parts: SetterParts) {
    this.#parts = parts;
  }

  /** Whether a value of `property` is on its way: a report of it is then an answer, not somebody's hand on the knob. */
  isBusyWith(property: string): boolean {
    return this.#waiting.has(property) || (this.#flight !== null && Object.hasOwn(this.#flight.values, property));
  }

  /**
   * Asks for a value. A superseded asker gets the newer value's outcome.
   * @param transition the fade, ms
   */
  request(property: string, value: Value, transition?: number): Promise<SetOutcome> {
    return new Promise((resolve) => {
      const askers = [...(this.#waiting.get(property)?.askers ?? []), { resolve }];
      this.#waiting.set(property, { value, transition, askers });
      this.#sendNext();
    });
  }

  /** Asks for several values at once, in one frame where it may go now; nobody waits for the outcome. */
  requestAll(values: Values): void {
    for (const [property, value] of Object.entries(values)) {
      const askers = this.#waiting.get(property)?.askers ?? [];
      this.#waiting.set(property, { value, transition: undefined, askers });
    }
    this.#sendNext();
  }

  /** A report of `property` arrived: it counts as its answer. */
  reported(property: string, value: Value): void {
    const flight = this.#flight;
    if (flight === null || !flight.awaited.delete(property)) return;
    resolveAll(flight.askers.get(property), { applied: value });
    flight.askers.delete(property);
    if (flight.awaited.size === 0) this.#land(flight);
  }

  /** The connection is gone: nothing is on its way any more, every asker is told. Stored wishes are sent again on return. */
  drop(): void {
    const askers = [...this.#waiting.values()].flatMap((wish) => wish.askers);
    for (const flying of this.#flight?.askers.values() ?? []) askers.push(...flying);
    this.#waiting.clear();
    this.#newestAnswered.clear();
    this.#flight?.timer?.cancel();
    this.#flight = null;
    resolveAll(askers, { error: new PharosError("OFFLINE") });
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
  #takeOff(): Flight & { transition: number | undefined } {
    const [first] = this.#waiting.values();
    const transition = first?.transition;
    const values: Record<string, Value> = {};
    const askers = new Map<string, Asker[]>();
    for (const [property, wish] of this.#waiting) {
      if (wish.transition !== transition) continue;
      values[property] = wish.value;
      askers.set(property, wish.askers);
      this.#waiting.delete(property);
    }
    this.#sent += 1;
    return { number: this.#sent, values, askers, awaited: new Set(Object.keys(values)), timer: null, transition };
  }

  #answered(flight: Flight, answer: Values): void {
    const fresh: Record<string, Value> = {};
    for (const [property, asked] of Object.entries(flight.values)) {
      if ((this.#newestAnswered.get(property) ?? 0) > flight.number) continue;
      this.#newestAnswered.set(property, flight.number);
      fresh[property] = answer[property] ?? asked;
      resolveAll(flight.askers.get(property), { applied: fresh[property] });
    }
    this.#land(flight);
    this.#parts.onApplied(fresh);
  }

  #failed(flight: Flight, error: PharosError): void {
    for (const askers of flight.askers.values()) resolveAll(askers, { error });
    const properties = Object.keys(flight.values).filter((property) => !this.#waiting.has(property));
    if (properties.length > 0) this.#parts.onFailed(properties, error);
    this.#land(flight);
  }

  /** Silence: the next frame may go. Those who asked wait on for a late answer, or for the newer value's. */
  #giveUp(flight: Flight): void {
    for (const [property, askers] of flight.askers) {
      const newer = this.#waiting.get(property);
      if (newer === undefined) continue;
      newer.askers.unshift(...askers);
      flight.askers.delete(property);
    }
    this.#land(flight);
  }

  #land(flight: Flight): void {
    flight.timer?.cancel();
    if (this.#flight !== flight) return;
    this.#flight = null;
    this.#sendNext();
  }
}

function resolveAll(askers: readonly Asker[] | undefined, outcome: SetOutcome): void {
  for (const asker of askers ?? []) asker.resolve(outcome);
}
