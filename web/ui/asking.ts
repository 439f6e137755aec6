/** Asks the hub for something that is not a value, and keeps the sentence of its refusal for the person who asked. */
import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { Answer } from "#protocol/dashboard-events.ts";
import type { WireError } from "#protocol/errors.ts";
import { words } from "../words.ts";

export interface Asking {
  readonly busy: ReadonlySignal<boolean>;
  readonly refusal: ReadonlySignal<string | null>;
  /** @returns whether the hub did it */
  ask(answer: Promise<Answer<object>>): Promise<boolean>;
}

export function useAsking(): Asking {
  const busy = useSignal(false);
  const refusal = useSignal<string | null>(null);
  return {
    busy,
    refusal,
    async ask(asked) {
      busy.value = true;
      const answer = await asked.catch(() => ({ error: { message: words.noAnswer } }));
      busy.value = false;
      refusal.value = "error" in answer ? (answer.error as WireError).message : null;
      return refusal.value === null;
    },
  };
}
