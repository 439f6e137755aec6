/** Removing a device with a time to think: nothing is sent before it is over, and leaving means no. Made by `remove-device.tsx`. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Answer } from "#protocol/dashboard-events.ts";
import { words } from "../words.ts";
import type { PageClock } from "./clock.ts";

/** So long the Undo button stands. */
export const UNDO_MS = 8000;
/** A clock that comes later than this was asleep: nobody remembers what was meant. */
const ASLEEP_MS = 2000;

export type RemovalState =
  | { readonly step: "none"; readonly refusal: string | null }
  /** `until` on this machine's clock, ms. */
  | { readonly step: "waiting"; readonly until: number }
  | { readonly step: "sent" };

export interface RemovalParts {
  readonly clock: PageClock;
  isOpen(): boolean;
  /** Resolves to the hub's answer; rejects when none came. */
  send(): Promise<Answer<object>>;
  /** The hub has removed the device. */
  done(): void;
}

export interface Removal {
  readonly state: ReadonlySignal<RemovalState>;
  begin(): void;
  /** Undo, or the page leaves the room: nothing is removed. */
  cancel(): void;
}

export function createRemoval({ clock, isOpen, send, done }: RemovalParts): Removal {
  const state = signal<RemovalState>({ step: "none", refusal: null });
  let stop = (): void => {};

  function end(refusal: string | null): void {
    stop();
    state.value = { step: "none", refusal };
  }

  async function remove(): Promise<void> {
    state.value = { step: "sent" };
    const answer = await send().catch(() => ({ error: { message: words.noAnswer } }));
    if ("error" in answer) end((answer.error as { message: string }).message);
    else done();
  }

  return {
    state,
    begin() {
      if (state.value.step !== "none") return;
      const until = clock.now() + UNDO_MS;
      state.value = { step: "waiting", until };
      stop = clock.after(UNDO_MS, () => {
        if (clock.now() > until + ASLEEP_MS) end(words.removeSlept);
        else if (!isOpen()) end(words.noAnswer);
        else void remove();
      });
    },
    cancel() {
      if (state.value.step === "waiting") end(null);
    },
  };
}
