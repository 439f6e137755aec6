/** One person who can sign in: role, where and when, a new password, removed with a time to think. */
import { useSignal } from "@preact/signals";
import type { Role, UserView } from "#protocol/access.ts";
import type { AccessClient } from "../model/access-client.ts";
import { formatDuration } from "../model/format.ts";
import { words } from "../words.ts";
import { type Asking, useAsking } from "./asking.ts";
import { usePage } from "./context.ts";
import { NEW_PASSWORD } from "./password-forms.tsx";
import { Countdown } from "./remove-device.tsx";
import { RoleSelect } from "./role-select.tsx";
import { settingsWords } from "./settings-words.ts";
import { resultOf, takeFocus, useUndoable } from "./undoable.ts";

const say = settingsWords.people;

interface PersonProps {
  readonly user: UserView;
  readonly client: AccessClient;
  onChanged(): void;
}

export function PersonRow({ user, client, onChanged }: PersonProps) {
  const page = usePage();
  const asking = useAsking();
  const { name, role } = user;
  const removal = useUndoable({
    what: name,
    send: () => client.removeUser(name),
    done() {
      page.announce(say.removed(name));
      onChanged();
    },
  });
  const state = removal.state.value;

  async function change(wished: Role): Promise<void> {
    if (!(await asking.ask(client.changeUser(name, { role: wished })))) return;
    page.announce(say.roleSet(name, words.roles[wished]));
    onChanged();
  }

  return (
    <li class="person" data-person={name}>
      <PersonName user={user} />
      {state.step === "waiting" ? (
        <p class="deeds undoing">
          <Countdown say={(left) => say.removing(name, left)} until={state.until} />
          <button type="button" class="primary" ref={takeFocus} onClick={() => removal.cancel()}>
            {settingsWords.undo}
          </button>
        </p>
      ) : (
        <div class="deeds">
          <RoleSelect
            label={say.role(name)}
            isQuiet
            role={role}
            isUnable={!page.live.value || asking.busy.value}
            onChange={(wished) => void change(wished)}
          />
          <NewPassword name={name} client={client} asking={asking} onChanged={onChanged} />
          <button
            type="button"
            class="danger"
            aria-label={say.removeThat(name)}
            disabled={!page.live.value || state.step === "sent"}
            onClick={() => removal.begin()}
          >
            {say.remove}
          </button>
        </div>
      )}
      <p class="result" role="status" data-failed={asking.refusal.value !== null || state.step === "none"}>
        {asking.refusal.value !== null ? settingsWords.notDone(asking.refusal.value) : resultOf(state)}
      </p>
    </li>
  );
}

function PersonName({ user: { name, sessions, lastSeenAt } }: { user: UserView }) {
  const { now, session } = usePage();
  return (
    <div class="token-what">
      <p>
        <strong>{name}</strong> {session.view.value?.name === name && <small>({say.you})</small>}
      </p>
      <p class="figures">
        <span>{say.sessions(sessions)}</span>
        <span>{lastSeenAt === null ? say.never : say.lastSeen(formatDuration(now.value - lastSeenAt))}</span>
      </p>
    </div>
  );
}

interface NewPasswordProps {
  readonly name: string;
  readonly client: AccessClient;
  readonly asking: Asking;
  onChanged(): void;
}

/** A button that becomes a field. */
function NewPassword({ name, client, asking, onChanged }: NewPasswordProps) {
  const page = usePage();
  const draft = useSignal<string | null>(null);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (draft.value === null || asking.busy.value) return;
    if (!(await asking.ask(client.changeUser(name, { password: draft.value })))) return;
    draft.value = null;
    page.announce(say.passwordSet(name));
    onChanged();
  }

  if (draft.value === null) {
    return (
      <button
        type="button"
        aria-label={say.newPasswordOf(name)}
        disabled={!page.live.value}
        onClick={() => (draft.value = "")}
      >
        {say.newPassword}
      </button>
    );
  }
  return (
    <form class="new-password" onSubmit={(event) => void submit(event)}>
      <input
        {...NEW_PASSWORD}
        aria-label={say.newPasswordOf(name)}
        ref={(field) => field?.focus()}
        value={draft.value}
        onInput={(event) => (draft.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") draft.value = null;
        }}
      />
      <button type="submit" class="primary" disabled={asking.busy.value}>
        {say.setPassword}
      </button>
      <button type="button" onClick={() => (draft.value = null)}>
        {settingsWords.cancel}
      </button>
    </form>
  );
}
