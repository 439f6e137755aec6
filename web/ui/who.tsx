/** Who is signed in, and what can be done about that. Shows nothing where the hub asks nobody. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { words } from "../words.ts";
import { useAsking } from "./asking.ts";
import { useParts } from "./context.ts";
import { Dialog } from "./dialog.tsx";

/** How the hub calls who came by a link, before its label; no user has a space in the name. */
const TOKEN = "token ";

export function Who() {
  const { page, late } = useParts();
  const isChanging = useSignal(false);
  const menu = useRef<HTMLDetailsElement>(null);
  const view = page.session.view.value;
  if (view === null || view.isOpen || view.name === null || view.role === null) return null;
  const isGuest = view.name.startsWith(TOKEN);
  const name = isGuest ? words.who.guest(view.name.slice(TOKEN.length)) : view.name;
  const role = words.roles[view.role];

  function fold(): void {
    if (menu.current !== null) menu.current.open = false;
  }

  return (
    <>
      <details
        class="who"
        ref={menu}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || menu.current?.open !== true) return;
          fold();
          menu.current.querySelector("summary")?.focus();
        }}
        onFocusOut={({ relatedTarget }) => {
          if (relatedTarget instanceof Node && !menu.current?.contains(relatedTarget)) fold();
        }}
      >
        <summary aria-label={words.who.title(name, role)} title={words.who.title(name, role)}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M8 2.500a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM2.500 14a5.500 5.500 0 0 1 11 0" />
          </svg>
          <span class="who-name">
            {name} <small>{role}</small>
          </span>
        </summary>
        <div class="who-menu">
          <p>
            <strong>{name}</strong> {role}
          </p>
          {view.role === "admin" && (
            <a class="button" href="/settings" onClick={fold}>
              {words.who.settings}
            </a>
          )}
          {!isGuest && (
            <button
              type="button"
              onClick={() => {
                fold();
                isChanging.value = true;
              }}
            >
              {words.who.changePassword}
            </button>
          )}
          <SignOut />
        </div>
      </details>
      <Dialog title={words.who.changePassword} isOpen={isChanging.value} onClose={() => (isChanging.value = false)}>
        <late.ChangePassword onDone={() => (isChanging.value = false)} />
      </Dialog>
    </>
  );
}

function SignOut() {
  const { session } = useParts().page;
  const { busy, refusal, ask } = useAsking();
  return (
    <>
      <button type="button" disabled={busy.value} onClick={() => void ask(session.signOut())}>
        {words.who.signOut}
      </button>
      {refusal.value !== null && (
        <p class="result" role="status" data-failed>
          {words.who.notSignedOut(refusal.value)}
        </p>
      )}
    </>
  );
}
