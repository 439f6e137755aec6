/** Makes a token for the device that is added, which then stands in its program: the way in without being let in by hand. */
import type { NewToken } from "#protocol/access.ts";
import { joinsWifi, type Kind } from "../model/kinds.ts";
import { useAsking } from "../ui/asking.ts";
import { useParts } from "../ui/context.ts";
import { words } from "../words.ts";

const say = words.adding.token;

export function TokenMaker({ kind }: { kind: Kind }) {
  const { adding, page } = useParts();
  const { busy, refusal, ask } = useAsking();
  const device = adding.device.value;

  async function make(): Promise<void> {
    const asked = page.rest.change<NewToken>("POST", "/tokens", { kind: "device", device });
    if (await ask(asked)) adding.give(device, ((await asked) as NewToken).token);
  }

  return (
    <div class="token-maker">
      {adding.token.value === null ? (
        <>
          <button
            type="button"
            disabled={!page.live.value || busy.value || adding.fault.value !== null}
            onClick={() => void make()}
          >
            {say.make(device)}
          </button>
          <p class="help">{helpOf(kind)}</p>
        </>
      ) : (
        <p class="help made">{say.made(device)}</p>
      )}
      <p class="result" role="status" data-failed={refusal.value !== null}>
        {refusal.value !== null && say.notMade(refusal.value)}
      </p>
    </div>
  );
}

/** What becomes of it without a token: only the agent keeps one that it is given when it was let in. */
function helpOf(kind: Kind): string {
  if (kind === "http") return say.http;
  if (kind === "pi") return say.keeps;
  return joinsWifi(kind) ? say.board : say.help;
}
