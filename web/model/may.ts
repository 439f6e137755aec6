/** What the person at this page may do, and why not: the one place of the page that decides. The hub decides for itself. Made by `page.ts`. */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { Role, SessionView } from "#protocol/access.ts";
import { words } from "../words.ts";

/** `operator` sets, acts, says and records; `admin` lets devices in, removes them, and manages people and tokens. */
export type Needed = Exclude<Role, "viewer">;

export interface Permission {
  /** Whether the role is enough; taken for granted until the hub has said who this is. */
  readonly isGiven: ReadonlySignal<boolean>;
  /** Whether it can be done now: given, and the hub is there. */
  readonly now: ReadonlySignal<boolean>;
  /** Why it cannot be done now; undefined when it can. */
  readonly why: ReadonlySignal<string | undefined>;
}

export type May = (needed: Needed) => Permission;

const ENOUGH: { readonly [N in Needed]: readonly Role[] } = { operator: ["operator", "admin"], admin: ["admin"] };

export function createMay(view: ReadonlySignal<SessionView | null>, live: ReadonlySignal<boolean>): May {
  function permission(needed: Needed): Permission {
    const isGiven = computed(() => {
      const session = view.value;
      return session === null || (session.role !== null && ENOUGH[needed].includes(session.role));
    });
    return {
      isGiven,
      now: computed(() => live.value && isGiven.value),
      why: computed(() => (!live.value ? words.notLive : isGiven.value ? undefined : words.may[needed])),
    };
  }
  const permissions = { operator: permission("operator"), admin: permission("admin") };
  return (needed) => permissions[needed];
}
