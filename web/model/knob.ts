/** One property as a person holds it: the hand, the sender behind it, and what to show. Made by the store's properties. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Value } from "#protocol/values.ts";
import type { PropertyState } from "#protocol/views.ts";
import { answered, choose, grab, type Hand, IDLE, type Look, lookOf, release, shownValue, told } from "./hand.ts";
import { createSender, type SenderParts } from "./sender.ts";

/** After the last key or turn of the wheel the hand counts as gone. */
export const KEY_HOLD_MS = 800;
/** How long the own value is shown after the hub kept it, if the hub says nothing. */
const ECHO_WITHIN_MS = 1500;

export interface KnobParts extends Omit<SenderParts, "settled"> {
  readonly state: ReadonlySignal<PropertyState>;
  /** Tells the hub whether a hand is on the control. */
  hold(held: boolean): void;
}

export interface Knob {
  readonly hand: ReadonlySignal<Hand>;
  readonly shown: ReadonlySignal<Value | undefined>;
  readonly look: ReadonlySignal<Look>;
  /** @param fallback what the control shows while nothing is known */
  grab(fallback?: Value): void;
  /** Asks for `value`. */
  choose(value: Value): void;
  release(): void;
  /** Asks for `value` by key or wheel: holds for a moment and lets go by itself. */
  nudge(value: Value): void;
  /** News of the property came from the hub. */
  told(): void;
  /** The link to the hub is back. */
  reopened(): void;
}

export function createKnob(parts: KnobParts): Knob {
  const { state, clock } = parts;
  const hand = signal<Hand>(IDLE);
  let stopRelease = (): void => {};
  let stopEcho = (): void => {};
  const sender = createSender({ ...parts, settled });

  function settled(refusal: Parameters<SenderParts["settled"]>[0]): void {
    hand.value = answered(hand.value, state.peek(), refusal);
    if (hand.value.phase === "kept") stopEcho = clock.after(ECHO_WITHIN_MS, hear);
  }

  function hear(): void {
    hand.value = told(hand.value);
  }

  function take(fallback?: Value): void {
    stopRelease();
    if (hand.value.held) return;
    hand.value = grab(hand.value, state.peek(), fallback);
    parts.hold(true);
  }

  function letGo(): void {
    stopRelease();
    if (!hand.value.held) return;
    hand.value = release(hand.value);
    parts.hold(false);
  }

  function ask(value: Value): void {
    stopEcho();
    hand.value = choose(hand.value, value);
    sender.push(value);
  }

  return {
    hand,
    shown: computed(() => shownValue(hand.value, state.value)),
    look: computed(() => lookOf(hand.value, state.value)),
    grab: take,
    choose: ask,
    release: letGo,
    nudge(value) {
      take();
      ask(value);
      stopRelease = clock.after(KEY_HOLD_MS, letGo);
    },
    told: hear,
    reopened() {
      if (hand.value.held) parts.hold(true);
      sender.reopened();
    },
  };
}
