/** A removal with a time to think, for as long as its component is shown: leaving means no. */
import { useEffect, useMemo } from "preact/hooks";
import type { Answer } from "#protocol/dashboard-events.ts";
import { createRemoval, type Removal, type RemovalState } from "../model/removal.ts";
import { words } from "../words.ts";
import { usePage } from "./context.ts";

export interface Undoable {
  /** What is removed: another one gets a removal of its own. */
  readonly what: unknown;
  send(): Promise<Answer<object>>;
  done(): void;
}

export function useUndoable({ what, send, done }: Undoable): Removal {
  const page = usePage();
  // `send` and `done` are made anew at each drawing, and mean the same while `what` is the same.
  const removal = useMemo(
    () => createRemoval({ clock: page.clock, isOpen: () => page.live.peek(), send, done }),
    [page, what],
  );
  useEffect(() => {
    const cancel = (): void => removal.cancel();
    window.addEventListener("pagehide", cancel);
    return () => {
      window.removeEventListener("pagehide", cancel);
      cancel();
    };
  }, [removal]);
  return removal;
}

/** What became of it, in words; null while there is nothing to say. */
export function resultOf(state: RemovalState): string | null {
  if (state.step === "sent") return words.removeSent;
  return state.step === "none" && state.refusal !== null ? words.notRemoved(state.refusal) : null;
}

/** The button that was pressed is gone: its place is taken by the way back. */
export function takeFocus(button: HTMLButtonElement | null): void {
  if (document.activeElement === document.body || document.activeElement?.tagName === "DIALOG") button?.focus();
}
