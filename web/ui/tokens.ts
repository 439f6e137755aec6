/** The tokens that there are, and the one that was just made: its secret is shown once. Used by the settings and the room of a device. */
import { type Signal, useSignal } from "@preact/signals";
import { useCallback } from "preact/hooks";
import type { NewToken, TokenView } from "#protocol/access.ts";
import type { Answer } from "#protocol/dashboard-events.ts";
import type { AccessClient } from "../model/access-client.ts";
import { type Asking, useAsking } from "./asking.ts";
import { type Remote, useRemote } from "./remote.ts";

export function useTokens(client: AccessClient): Remote<readonly TokenView[]> {
  return useRemote(useCallback(() => client.tokens(), [client]));
}

export interface TokenMaking extends Pick<Asking, "busy" | "refusal"> {
  readonly fresh: Signal<NewToken | null>;
  /** Shows the secret of the token that is answered. @returns whether there is one */
  make(asked: Promise<Answer<NewToken>>): Promise<boolean>;
}

/** @param onMade the list has changed */
export function useTokenMaking(onMade: () => void): TokenMaking {
  const fresh = useSignal<NewToken | null>(null);
  const { busy, refusal, ask } = useAsking();
  return {
    busy,
    refusal,
    fresh,
    async make(asked) {
      if (!(await ask(asked))) return false;
      fresh.value = (await asked) as NewToken;
      onMade();
      return true;
    },
  };
}
