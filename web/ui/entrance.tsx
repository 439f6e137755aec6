/** What stands in place of the rooms for who is not signed in, or still has to choose a password. The address stays as it is. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Gate } from "../model/session.ts";
import { words } from "../words.ts";
import { useAsking } from "./asking.ts";
import { useParts } from "./context.ts";
import { Brand, ThemeChoice } from "./header.tsx";

export function Entrance({ gate }: { gate: Gate }) {
  const { late } = useParts();
  useEffect(() => {
    document.title = words.title(words.signIn.title);
  }, []);
  return (
    <div class="page">
      <header class="header">
        <Brand />
        <ThemeChoice />
      </header>
      <main class="main entrance">{gate === "sign-in" ? <SignIn /> : <late.ChoosePassword />}</main>
    </div>
  );
}

function SignIn() {
  const { session } = useParts().page;
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const { busy, refusal, ask } = useAsking();
  const tried = useSignal(false);
  useEffect(() => name.current?.focus(), []);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (busy.value) return;
    tried.value = true;
    if (await ask(session.signIn(name.current?.value ?? "", password.current?.value ?? ""))) return;
    password.current?.select();
  }

  const said = refusal.value ?? (tried.value ? null : session.fault.value);
  return (
    <form class="panel sign-in" onSubmit={(event) => void submit(event)}>
      <h1>{words.signIn.title}</h1>
      <p class="hint">{words.signIn.help}</p>
      <label>
        <span>{words.signIn.name}</span>
        <input ref={name} name="username" type="text" autocomplete="username" autocapitalize="none" required />
      </label>
      <label>
        <span>{words.signIn.password}</span>
        <input ref={password} name="password" type="password" autocomplete="current-password" required />
      </label>
      <p class="result" role="alert" data-failed>
        {said}
      </p>
      <button type="submit" class="primary" aria-disabled={busy.value}>
        {busy.value ? words.signIn.going : words.signIn.go}
      </button>
    </form>
  );
}
