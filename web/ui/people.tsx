/** Who can sign in: roles, sessions, new passwords; added and removed. */
import { useSignal } from "@preact/signals";
import { useCallback } from "preact/hooks";
import type { Role } from "#protocol/access.ts";
import type { AccessClient } from "../model/access-client.ts";
import { useAsking } from "./asking.ts";
import { usePage } from "./context.ts";
import { NEW_NAME, NEW_PASSWORD } from "./password-forms.tsx";
import { PersonRow } from "./person-row.tsx";
import { useRemote } from "./remote.ts";
import { RoleSelect } from "./role-select.tsx";
import { settingsWords } from "./settings-words.ts";

const say = settingsWords.people;

export function People({ client }: { client: AccessClient }) {
  const { value: users, fault, reload } = useRemote(useCallback(() => client.users(), [client]));
  return (
    <section class="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      <p class="hint">{say.help}</p>
      {users === null && fault === null && <p class="hint">{settingsWords.loading}</p>}
      {fault !== null && (
        <p class="result" role="status" data-failed>
          {settingsWords.notLoaded(fault)}
        </p>
      )}
      {users?.length === 0 && <p class="hint">{say.none}</p>}
      {users !== null && users.length > 0 && (
        <ul class="entries">
          {users.map((user) => (
            <PersonRow key={user.name} user={user} client={client} onChanged={reload} />
          ))}
        </ul>
      )}
      <AddForm client={client} onAdded={reload} />
    </section>
  );
}

function AddForm({ client, onAdded }: { client: AccessClient; onAdded: () => void }) {
  const page = usePage();
  const name = useSignal("");
  const password = useSignal("");
  const role = useSignal<Role>("operator");
  const { busy, refusal, ask } = useAsking();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const added = name.value.trim();
    if (busy.value || !page.live.value) return;
    if (!(await ask(client.addUser({ name: added, password: password.value, role: role.value })))) return;
    page.announce(say.added(added));
    name.value = "";
    password.value = "";
    onAdded();
  }

  return (
    <form class="fields" aria-label={say.add} onSubmit={(event) => void submit(event)}>
      <label>
        <span>{say.name}</span>
        <input
          {...NEW_NAME}
          autocomplete="off"
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </label>
      <label>
        <span>{say.password}</span>
        <input
          {...NEW_PASSWORD}
          value={password.value}
          onInput={(event) => (password.value = event.currentTarget.value)}
        />
      </label>
      <RoleSelect label={say.roleField} role={role.value} onChange={(chosen) => (role.value = chosen)} />
      <button type="submit" disabled={!page.live.value || busy.value}>
        {say.addIt}
      </button>
      <p class="result" role="status" data-failed={refusal.value !== null}>
        {refusal.value !== null && settingsWords.notDone(refusal.value)}
      </p>
    </form>
  );
}
