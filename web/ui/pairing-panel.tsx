/** Devices that ask to join: the window in which they may, and for each that waits one click to let it in (protocol 7.9). For admins. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { PendingView } from "#protocol/access.ts";
import { formatDuration, formatElapsed } from "../model/format.ts";
import { words } from "../words.ts";
import { type Asking, useAsking } from "./asking.ts";
import { usePage } from "./context.ts";

const say = words.pairing;

/** At the top of the devices room: only while there is something to see. */
export function PairingNews() {
  const { isAble, view } = usePage().pairing;
  const { until, pending } = view.value;
  return isAble.value && (until !== null || pending.length > 0) ? <PairingPanel /> : null;
}

/** @param opens whether the window is opened when this is shown */
export function PairingPanel({ opens = false }: { opens?: boolean }) {
  const { pairing } = usePage();
  const asking = useAsking();
  const { until, pending } = pairing.view.value;
  useEffect(() => {
    if (opens) void asking.ask(pairing.open());
  }, [pairing, opens]);
  useAnnouncement();
  return (
    <section class="panel pairing" aria-label={say.title}>
      <h2>{say.title}</h2>
      <Window until={until} asking={asking} />
      {pending.length > 0 ? (
        <ul>
          {pending.map((one) => (
            <Pending key={one.device} pending={one} asking={asking} />
          ))}
        </ul>
      ) : (
        until !== null && <p class="hint">{say.none}</p>
      )}
      <p class="result" role="status" data-failed={asking.refusal.value !== null}>
        {asking.refusal.value !== null && say.failed(asking.refusal.value)}
      </p>
    </section>
  );
}

function Window({ until, asking }: { until: number | null; asking: Asking }) {
  const { now, live, pairing } = usePage();
  const isUnable = !live.value || asking.busy.value;
  if (until === null) {
    return (
      <div class="window">
        <p>{say.closed}</p>
        <button type="button" disabled={isUnable} onClick={() => void asking.ask(pairing.open())}>
          {say.reopen}
        </button>
      </div>
    );
  }
  return (
    <div class="window">
      <p role="timer">{say.open(formatElapsed(until - now.value))}</p>
      <button type="button" disabled={isUnable} onClick={() => void asking.ask(pairing.close())}>
        {say.close}
      </button>
    </div>
  );
}

function Pending({ pending, asking }: { pending: PendingView; asking: Asking }) {
  const page = usePage();
  const { device, address, door, name, model, since } = pending;
  const isUnable = !page.live.value || asking.busy.value;
  const decide = async (approves: boolean): Promise<void> => {
    const asked = approves ? page.pairing.approve(device) : page.pairing.refuse(device);
    if (await asking.ask(asked)) page.announce(approves ? say.approved(device) : say.refused(device));
  };
  return (
    <li class="pending" data-pending={device}>
      <p class="what">
        <strong>{name === null || name === device ? device : `${device} · ${name}`}</strong>
        <span>{address}</span>
        {model !== null && <span>{model}</span>}
        <span>{`${words.via} ${door}`}</span>
        <span>{say.since(formatDuration(page.now.value - since))}</span>
      </p>
      <button
        type="button"
        class="primary"
        aria-label={say.approveThat(device)}
        disabled={isUnable}
        onClick={() => void decide(true)}
      >
        {say.approve}
      </button>
      <button type="button" aria-label={say.refuseThat(device)} disabled={isUnable} onClick={() => void decide(false)}>
        {say.refuse}
      </button>
    </li>
  );
}

/** Says it when one more device asks. */
function useAnnouncement(): void {
  const page = usePage();
  const known = useRef(new Set<string>());
  useSignalEffect(() => {
    const { pending } = page.pairing.view.value;
    const ids = pending.map(({ device }) => device);
    const fresh = ids.filter((id) => !known.current.has(id));
    known.current = new Set(ids);
    if (fresh.length > 0) page.announce(say.ask(fresh.join(", ")));
  });
}
