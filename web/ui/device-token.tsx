/** The token by which a device comes in, for admins: when it was made and last used, another one, or none. Loaded by `late-parts.tsx`. */
import "../styles/settings.css";
import { useMemo } from "preact/hooks";
import { createAccessClient } from "../model/access-client.ts";
import { usePage } from "./context.ts";
import { settingsWords } from "./settings-words.ts";
import { Fresh, TokenRow } from "./token-row.tsx";
import { useTokenMaking, useTokens } from "./tokens.ts";

const say = settingsWords.device;

export function DeviceToken({ device }: { device: string }) {
  const page = usePage();
  const client = useMemo(() => createAccessClient(page.rest), [page]);
  const { value: tokens, fault, reload } = useTokens(client);
  const making = useTokenMaking(reload);
  const token = tokens?.find(({ kind, subject }) => kind === "device" && subject === device);
  const failed = fault !== null ? settingsWords.notLoaded(fault) : making.refusal.value;
  return (
    <section class="panel device-token" aria-label={say.title}>
      <h2>{say.title}</h2>
      {tokens === null && fault === null && <p class="hint">{settingsWords.loading}</p>}
      {token !== undefined && (
        <TokenRow
          key={token.id}
          token={token}
          name={say.name(device)}
          client={client}
          making={making}
          onRevoked={reload}
        >
          <p class="hint">{say.help}</p>
        </TokenRow>
      )}
      {tokens !== null && token === undefined && (
        <div class="undo">
          <p class="hint">{say.none}</p>
          <button
            type="button"
            disabled={!page.live.value || making.busy.value}
            onClick={() => void making.make(client.makeToken({ kind: "device", device }))}
          >
            {say.make}
          </button>
        </div>
      )}
      <Fresh making={making} title={say.fresh(device)} />
      <p class="result" role="status" data-failed={failed !== null}>
        {failed}
      </p>
    </section>
  );
}
