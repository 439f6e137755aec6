/** Tokens of programs: made with a role, renewed, revoked. */
import { useSignal } from "@preact/signals";
import type { Role, TokenView } from "#protocol/access.ts";
import type { AccessClient } from "../model/access-client.ts";
import { words } from "../words.ts";
import { usePage } from "./context.ts";
import type { Remote } from "./remote.ts";
import { RoleSelect } from "./role-select.tsx";
import { settingsWords } from "./settings-words.ts";
import { Fresh, TokenRow } from "./token-row.tsx";
import { type TokenMaking, useTokenMaking } from "./tokens.ts";

const say = settingsWords.tokens;
/** As long as a label may be. */
export const MAX_LABEL = 64;

interface ListProps {
  readonly client: AccessClient;
  readonly tokens: Remote<readonly TokenView[]>;
}

export function ProgramTokens({ client, tokens }: ListProps) {
  const making = useTokenMaking(tokens.reload);
  const list = tokens.value?.filter(({ kind }) => kind === "program") ?? null;
  const { fresh, refusal } = making;
  return (
    <section class="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      <p class="hint">{say.help}</p>
      {list?.length === 0 && <p class="hint">{say.none}</p>}
      {list !== null && list.length > 0 && (
        <ul class="entries">
          {list.map((token) => (
            <li key={token.id}>
              <TokenRow token={token} name={token.subject} client={client} making={making} onRevoked={tokens.reload}>
                <p>
                  <strong>{token.subject}</strong> {token.role !== null && words.roles[token.role]}
                </p>
              </TokenRow>
            </li>
          ))}
        </ul>
      )}
      <Fresh making={making} title={say.fresh(fresh.value?.subject ?? "")} />
      <MakeForm client={client} making={making} />
      <p class="result" role="status" data-failed={refusal.value !== null || tokens.fault !== null}>
        {refusal.value !== null
          ? settingsWords.notDone(refusal.value)
          : tokens.fault !== null && settingsWords.notLoaded(tokens.fault)}
      </p>
    </section>
  );
}

function MakeForm({ client, making }: { client: AccessClient; making: TokenMaking }) {
  const { live } = usePage();
  const label = useSignal("");
  const role = useSignal<Role>("viewer");
  const isReady = live.value && !making.busy.value && label.value.trim() !== "";

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!isReady) return;
    const asked = client.makeToken({ kind: "program", label: label.value.trim(), role: role.value });
    if (await making.make(asked)) label.value = "";
  }

  return (
    <form class="fields" aria-label={say.make} onSubmit={(event) => void submit(event)}>
      <label>
        <span>{say.label}</span>
        <input
          type="text"
          autocomplete="off"
          maxLength={MAX_LABEL}
          placeholder={say.placeholder}
          value={label.value}
          onInput={(event) => (label.value = event.currentTarget.value)}
        />
      </label>
      <RoleSelect label={say.role} role={role.value} onChange={(chosen) => (role.value = chosen)} />
      <button type="submit" disabled={!isReady}>
        {say.make}
      </button>
    </form>
  );
}
