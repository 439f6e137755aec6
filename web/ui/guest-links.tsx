/** Links for guests: made for some time, shown as an address and a QR code for a projector, taken back. */
import { useSignal } from "@preact/signals";
import type { TokenView } from "#protocol/access.ts";
import type { AccessClient } from "../model/access-client.ts";
import { usePage } from "./context.ts";
import { MAX_LABEL } from "./program-tokens.tsx";
import { QrCode } from "./qr-code.tsx";
import type { Remote } from "./remote.ts";
import { settingsWords } from "./settings-words.ts";
import { Fresh, TokenRow } from "./token-row.tsx";
import { type TokenMaking, useTokenMaking } from "./tokens.ts";

const say = settingsWords.links;
const LENGTHS = Object.entries(say.lengths);
/** A day. */
const USUAL_LENGTH = "86400000";

interface ListProps {
  readonly client: AccessClient;
  readonly tokens: Remote<readonly TokenView[]>;
}

export function GuestLinks({ client, tokens }: ListProps) {
  const making = useTokenMaking(tokens.reload);
  const list = tokens.value?.filter(({ kind }) => kind === "link") ?? null;
  const { refusal } = making;
  return (
    <section class="panel" aria-label={say.title}>
      <h2>{say.title}</h2>
      <p class="hint">{say.help}</p>
      {list?.length === 0 && <p class="hint">{say.none}</p>}
      {list !== null && list.length > 0 && (
        <ul class="entries">
          {list.map((token) => (
            <li key={token.id}>
              <TokenRow token={token} name={token.subject} client={client} making={null} onRevoked={tokens.reload}>
                <p>
                  <strong>{token.subject}</strong>
                </p>
              </TokenRow>
            </li>
          ))}
        </ul>
      )}
      <FreshLink making={making} />
      <MakeForm client={client} making={making} />
      <p class="result" role="status" data-failed={refusal.value !== null}>
        {refusal.value !== null && settingsWords.notDone(refusal.value)}
      </p>
    </section>
  );
}

/** Where guests find this hub: as this page does, unless that is the hub's own computer; then as the hub knows itself. */
function useAddresses(): readonly string[] {
  const known = usePage().store.hub.value?.addresses ?? [];
  const isOwn = /^(localhost|127\..*|\[::1\])$/.test(location.hostname);
  return [...new Set(isOwn ? [...known, location.origin] : [location.origin, ...known])];
}

function FreshLink({ making }: { making: TokenMaking }) {
  const addresses = useAddresses();
  const chosen = useSignal<string | null>(null);
  const made = making.fresh.value;
  if (made === null) return null;
  const address = addresses.find((one) => one === chosen.value) ?? addresses[0] ?? location.origin;
  const text = `${address}/#link=${made.token}`;
  return (
    <div class="fresh-link">
      <QrCode text={text} label={say.qr(made.subject)} />
      <div>
        <Fresh making={making} title={say.fresh(made.subject)} text={text} />
        {addresses.length > 1 && (
          <label>
            <span>{say.address}</span>
            <select value={address} onChange={(event) => (chosen.value = event.currentTarget.value)}>
              {addresses.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
    </div>
  );
}

function MakeForm({ client, making }: { client: AccessClient; making: TokenMaking }) {
  const { live } = usePage();
  const label = useSignal("");
  const length = useSignal(USUAL_LENGTH);
  const isReady = live.value && !making.busy.value && label.value.trim() !== "";

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!isReady) return;
    const asked = client.makeToken({ kind: "link", label: label.value.trim(), expiresMs: Number(length.value) });
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
      <label>
        <span>{say.howLong}</span>
        <select value={length.value} onChange={(event) => (length.value = event.currentTarget.value)}>
          {LENGTHS.map(([ms, name]) => (
            <option key={ms} value={ms}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" disabled={!isReady}>
        {say.make}
      </button>
    </form>
  );
}
