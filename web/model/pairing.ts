/** Letting devices in that have no token: the window in which they may ask, and who waits (protocol 7.9). Made by `page.ts`. */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { PairingView } from "#protocol/access.ts";
import type { Answer } from "#protocol/dashboard-events.ts";
import type { May } from "./may.ts";
import type { Rest } from "./rest.ts";
import type { Session } from "./session.ts";
import type { Store } from "./store.ts";

export interface PairingDesk {
  /** Whether there is something to let in here: the hub asks devices for tokens, and this is an admin. */
  readonly isAble: ReadonlySignal<boolean>;
  readonly view: ReadonlySignal<PairingView>;
  /** Opens the window for five minutes, or so long anew. */
  open(): Promise<Answer<object>>;
  close(): Promise<Answer<object>>;
  approve(device: string): Promise<Answer<object>>;
  refuse(device: string): Promise<Answer<object>>;
}

export interface PairingParts {
  readonly rest: Rest;
  readonly session: Pick<Session, "view">;
  readonly store: Pick<Store, "pairing" | "hub">;
  readonly may: May;
}

export function createPairing({ rest, session, store, may }: PairingParts): PairingDesk {
  const one = (device: string): string => `/pairing/${encodeURIComponent(device)}`;
  return {
    isAble: computed(
      () =>
        may("admin").isGiven.value && (session.view.value?.isOpen === false || store.hub.value?.open === "loopback"),
    ),
    view: store.pairing,
    open: () => rest.change("POST", "/pairing"),
    close: () => rest.change("DELETE", "/pairing"),
    approve: (device) => rest.change("POST", one(device)),
    refuse: (device) => rest.change("DELETE", one(device)),
  };
}
