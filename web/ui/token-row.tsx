/** One token: when it was made and last used, and the ways to end it. Its secret is known to nobody any more. */
import type { ComponentChildren } from "preact";
import type { TokenView } from "#protocol/access.ts";
import type { AccessClient } from "../model/access-client.ts";
import { formatDuration, formatMoment } from "../model/format.ts";
import { usePage } from "./context.ts";
import { CopyLine } from "./copy-line.tsx";
import { Countdown } from "./remove-device.tsx";
import { settingsWords } from "./settings-words.ts";
import type { TokenMaking } from "./tokens.ts";
import { resultOf, takeFocus, useUndoable } from "./undoable.ts";

const say = settingsWords.tokens;

interface RowProps {
  readonly token: TokenView;
  /** What it is called in sentences. */
  readonly name: string;
  readonly client: AccessClient;
  /** Null for a token that is not renewed. */
  readonly making: TokenMaking | null;
  onRevoked(): void;
  readonly children?: ComponentChildren;
}

export function TokenRow({ token, name, client, making, onRevoked, children }: RowProps) {
  const page = usePage();
  const removal = useUndoable({
    what: token.id,
    send: () => client.revoke(token.id),
    done() {
      page.announce(say.revoked(name));
      onRevoked();
    },
  });
  const state = removal.state.value;
  const isUnable = !page.live.value || state.step === "sent" || making?.busy.value === true;
  return (
    <div class="token-row">
      <div class="token-what">
        {children}
        <Times token={token} />
      </div>
      {state.step === "waiting" ? (
        <p class="deeds undoing">
          <Countdown say={(left) => say.revoking(name, left)} until={state.until} />
          <button type="button" class="primary" ref={takeFocus} onClick={() => removal.cancel()}>
            {settingsWords.undo}
          </button>
        </p>
      ) : (
        <p class="deeds">
          {making !== null && (
            <button
              type="button"
              aria-label={say.rotateThat(token.subject)}
              disabled={isUnable}
              onClick={() => void making.make(client.rotate(token.id))}
            >
              {say.rotate}
            </button>
          )}
          <button
            type="button"
            class="danger"
            aria-label={say.revokeThat(token.subject)}
            disabled={isUnable}
            onClick={() => removal.begin()}
          >
            {say.revoke}
          </button>
        </p>
      )}
      <p class="result" role="status" data-failed={state.step === "none"}>
        {resultOf(state)}
      </p>
    </div>
  );
}

function Times({ token: { createdAt, lastUsedAt, expiresAt } }: { token: TokenView }) {
  const now = usePage().now.value;
  return (
    <p class="figures">
      {expiresAt !== null && <span>{settingsWords.links.expires(formatDuration(expiresAt - now))}</span>}
      <span>{settingsWords.made(formatMoment(createdAt, now))}</span>
      <span>
        {lastUsedAt === null ? settingsWords.unused : settingsWords.lastUsed(formatDuration(now - lastUsedAt))}
      </span>
    </p>
  );
}

/** A secret that is shown once. @param text what is copied; the secret itself unless stated */
export function Fresh({ making, title, text }: { making: TokenMaking; title: string; text?: string }) {
  const { fresh } = making;
  if (fresh.value === null) return null;
  return (
    <div class="fresh" role="status">
      <p>{title}</p>
      <CopyLine text={text ?? fresh.value.token} />
      <button type="button" onClick={() => (fresh.value = null)}>
        {say.hide}
      </button>
    </div>
  );
}
