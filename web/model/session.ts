/** Who uses this page: by name and password, by the key of a link, or whoever it is where the hub is open. Made by `page.ts`. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { SessionView } from "#protocol/access.ts";
import type { Answer } from "#protocol/dashboard-events.ts";
import { words } from "../words.ts";
import type { GivenKey } from "./given-key.ts";
import type { Rest } from "./rest.ts";

/** What stands in place of the rooms. */
export type Gate = "sign-in" | "choose-password";

export interface Session {
  /** Null until the hub has said it. */
  readonly view: ReadonlySignal<SessionView | null>;
  readonly gate: ReadonlySignal<Gate | null>;
  /** Why one has to sign in although there was a way in, and what to do. */
  readonly fault: ReadonlySignal<string | null>;
  /** The hub said who this is. */
  told(view: SessionView): void;
  /** The hub does not let this page connect. */
  refused(): void;
  signIn(name: string, password: string): Promise<Answer<SessionView>>;
  /** Signs in by the key that stood in the address; what becomes of it shows in `gate` and `fault`. */
  exchange(given: GivenKey): Promise<void>;
  /** The first admin chooses a name and a password. */
  choose(name: string, password: string): Promise<Answer<SessionView>>;
  changePassword(present: string, password: string): Promise<Answer<SessionView>>;
  signOut(): Promise<Answer<object>>;
}

export interface SessionParts {
  readonly rest: Rest;
  /** Somebody else is signed in than before: connects anew. */
  onChange(): void;
  /** Nobody is signed in any more: what was shown is forgotten. */
  onEnd(): void;
}

export function createSession({ rest, onChange, onEnd }: SessionParts): Session {
  const view = signal<SessionView | null>(null);
  const isRefused = signal(false);
  const fault = signal<string | null>(null);
  /** Requests on their way that may change who this is: the hub cuts the old connection before it answers them. */
  let changing = 0;
  /** Signed in, and not yet connected as such. */
  let isFresh = false;

  async function enter(path: string, body: object): Promise<Answer<SessionView>> {
    changing += 1;
    const answer = await rest.change<SessionView>("POST", path, body);
    changing -= 1;
    if ("error" in answer) return failed(answer);
    view.value = answer;
    fault.value = null;
    isFresh = true;
    onChange();
    return answer;
  }

  /** Whoever was signed in may have been shut out meanwhile. */
  function failed<T>(answer: T): T {
    if (isRefused.value && view.value !== null) end();
    return answer;
  }

  function end(): void {
    view.value = null;
    isRefused.value = true;
    onEnd();
  }

  return {
    view,
    fault,
    gate: computed(() => {
      if (view.value?.needsPassword === true) return "choose-password";
      return isRefused.value && view.value === null ? "sign-in" : null;
    }),
    told(told) {
      view.value = told;
      isRefused.value = false;
      isFresh = false;
    },
    refused() {
      isRefused.value = true;
      if (changing > 0) return;
      if (isFresh) fault.value = words.signIn.noCookie;
      isFresh = false;
      end();
    },
    signIn: (name, password) => enter("/session", { name, password }),
    async exchange({ kind, key }) {
      const answer = await enter("/session", { key });
      if ("error" in answer) fault.value = words.signIn.badKey[kind](answer.error.message);
    },
    choose: (name, password) => enter("/session/password", { name, password }),
    changePassword: (present, password) => rest.change("POST", "/session/password", { present, password }),
    async signOut() {
      changing += 1;
      const answer = await rest.change("DELETE", "/session");
      changing -= 1;
      if ("error" in answer) return failed(answer);
      end();
      onChange();
      return answer;
    },
  };
}
