/**
 * A hand on a control: whose value the control shows, and when it listens to the hub again. Pure; the knob drives it.
 * While a hand holds, nothing from outside moves the control; after it lets go, its own value stays until the hub's
 * word about it arrives.
 */
import type { WireError } from "#protocol/errors.ts";
import type { Value } from "#protocol/values.ts";
import type { PropertyState } from "#protocol/views.ts";

export interface Hand {
  readonly held: boolean;
  /** What the control shows instead of the hub's word; undefined when it follows the hub. */
  readonly own: Value | undefined;
  /** `asked`: a value is on its way to the hub. `kept`: the hub has it, and its word is awaited. */
  readonly phase: "idle" | "asked" | "kept";
  /** The hub's word arrived after it had kept the value. */
  readonly echoed: boolean;
  /** Why the hub refused the last value. */
  readonly refusal: WireError | null;
}

export const IDLE: Hand = { held: false, own: undefined, phase: "idle", echoed: false, refusal: null };

/** What the control shows now; undefined while nothing is known. */
export function shownValue(hand: Hand, state: PropertyState): Value | undefined {
  return hand.own ?? state.desired?.value ?? state.reported?.value;
}

/** The hand takes hold: what is shown now is pinned; `fallback` is what the control shows while nothing is known. */
export function grab(hand: Hand, state: PropertyState, fallback?: Value): Hand {
  return { ...hand, held: true, own: shownValue(hand, state) ?? fallback };
}

/** The hand asks for `value`. */
export function choose(hand: Hand, value: Value): Hand {
  return { ...hand, own: value, phase: "asked", echoed: false, refusal: null };
}

/** The hand lets go. */
export function release(hand: Hand): Hand {
  return follow({ ...hand, held: false });
}

/** The hub answered the last value sent: kept (`refusal` null) or refused. */
export function answered(hand: Hand, state: PropertyState, refusal: WireError | null): Hand {
  if (refusal !== null) return follow({ ...hand, phase: "idle", refusal });
  return follow({ ...hand, phase: "kept", echoed: same(state.desired?.value, hand.own) });
}

/** News of the property came from the hub. */
export function told(hand: Hand): Hand {
  return hand.phase === "kept" ? follow({ ...hand, echoed: true }) : hand;
}

/** Gives the control back to the hub once nobody holds it and nothing is awaited. */
function follow(hand: Hand): Hand {
  return hand.held || awaits(hand) ? hand : { ...IDLE, refusal: hand.refusal };
}

/** Whether the hub's word about the last value is still to come. */
function awaits(hand: Hand): boolean {
  return hand.phase === "asked" || (hand.phase === "kept" && !hand.echoed);
}

/** How a control looks: four states that differ in shape and word, not in colour alone. */
export type Look = "unknown" | "applied" | "requested" | "waiting" | "failed";

export function lookOf(hand: Hand, state: PropertyState): Look {
  if (hand.refusal !== null) return "failed";
  const wish = state.desired;
  if (awaits(hand)) return wish?.status === "waiting" ? "waiting" : "requested";
  if (wish === null) return state.reported === null ? "unknown" : "applied";
  return wish.status === "sent" ? "requested" : wish.status;
}

/** Whether two values are the same, fields too. */
export function same(a: Value | undefined, b: Value | undefined): boolean {
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
