/** Choosing a password: the first admin's with a name, and one's own anew. Loaded by `late-parts.tsx`. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useAsking } from "./asking.ts";
import { usePage } from "./context.ts";
import { passwordWords as say } from "./password-words.ts";

/** As the hub wants it; it says so itself when they differ. */
export const LEAST_PASSWORD = 8;
const MAX_NAME = 64;
const MAX_PASSWORD = 256;
export const NEW_PASSWORD = {
  type: "password",
  autocomplete: "new-password",
  minLength: LEAST_PASSWORD,
  maxLength: MAX_PASSWORD,
  required: true,
} as const;
export const NEW_NAME = {
  type: "text",
  autocapitalize: "none",
  spellcheck: false,
  maxLength: MAX_NAME,
  required: true,
} as const;

export function ChoosePassword() {
  const { session } = usePage();
  const name = useSignal("");
  const password = useSignal("");
  const first = useRef<HTMLInputElement>(null);
  const { busy, refusal, ask } = useAsking();
  useEffect(() => first.current?.focus(), []);

  function submit(event: Event): void {
    event.preventDefault();
    if (!busy.value) void ask(session.choose(name.value.trim(), password.value));
  }

  return (
    <form class="panel sign-in" onSubmit={submit}>
      <h1>{say.choose}</h1>
      <p>{say.chooseHelp}</p>
      <label>
        <span>{say.name}</span>
        <input
          {...NEW_NAME}
          ref={first}
          name="username"
          autocomplete="username"
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </label>
      <NewPassword label={say.password} value={password.value} onInput={(text) => (password.value = text)} />
      <p class="result" role="alert" data-failed>
        {refusal.value}
      </p>
      <button type="submit" class="primary" aria-disabled={busy.value}>
        {busy.value ? say.saving : say.chosen}
      </button>
    </form>
  );
}

export function ChangePassword({ onDone }: { onDone: () => void }) {
  const page = usePage();
  const present = useSignal("");
  const password = useSignal("");
  const { busy, refusal, ask } = useAsking();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (busy.value || !(await ask(page.session.changePassword(present.value, password.value)))) return;
    page.announce(say.changed);
    onDone();
  }

  return (
    <form class="sign-in" onSubmit={(event) => void submit(event)}>
      <p class="hint">{say.changeHelp}</p>
      {/* For password managers: whose it is. */}
      <input
        class="unseen"
        type="text"
        name="username"
        autocomplete="username"
        value={page.session.view.value?.name ?? ""}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <label>
        <span>{say.present}</span>
        <input
          type="password"
          name="present"
          autocomplete="current-password"
          required
          value={present.value}
          onInput={(event) => (present.value = event.currentTarget.value)}
        />
      </label>
      <NewPassword label={say.newPassword} value={password.value} onInput={(text) => (password.value = text)} />
      <p class="result" role="alert" data-failed>
        {refusal.value !== null && say.notChanged(refusal.value)}
      </p>
      <button type="submit" class="primary" aria-disabled={busy.value}>
        {busy.value ? say.saving : say.change}
      </button>
    </form>
  );
}

interface NewPasswordProps {
  readonly label: string;
  readonly value: string;
  onInput(text: string): void;
}

function NewPassword({ label, value, onInput }: NewPasswordProps) {
  return (
    <label>
      <span>{label}</span>
      <input {...NEW_PASSWORD} name="password" value={value} onInput={(event) => onInput(event.currentTarget.value)} />
      <small>{say.passwordHelp(LEAST_PASSWORD)}</small>
    </label>
  );
}
