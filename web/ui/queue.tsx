/** Actions that wait for the device's return, each with a way to take it back. */
import type { QueuedAction } from "#protocol/views.ts";
import type { DeviceModel } from "../model/device-model.ts";
import { formatDuration, formatName } from "../model/format.ts";
import { words } from "../words.ts";
import { useAsking } from "./asking.ts";
import { usePage } from "./context.ts";

export function Queue({ device }: { device: DeviceModel }) {
  const { link } = usePage();
  const { refusal, ask } = useAsking();
  const queued = device.detail.value?.queued ?? [];
  return (
    <>
      {queued.length > 0 && (
        <section class="queue" aria-label={words.queue}>
          <h3>{words.queue}</h3>
          <ul>
            {queued.map((action) => (
              <Queued
                key={action.id}
                action={action}
                title={device.about.value.actions[action.name]?.title ?? formatName(action.name)}
                onCancel={() => void ask(link.cancel(device.id, action.id))}
              />
            ))}
          </ul>
        </section>
      )}
      <p class="result" role="status" data-failed={refusal.value !== null}>
        {refusal.value !== null && words.notCancelled(refusal.value)}
      </p>
    </>
  );
}

interface QueuedProps {
  readonly action: QueuedAction;
  readonly title: string;
  onCancel(): void;
}

function Queued({ action, title, onCancel }: QueuedProps) {
  const page = usePage();
  const may = page.may("operator");
  const now = page.now.value;
  const { input, by, at, expiresAt } = action;
  return (
    <li>
      <p>
        <b>{title}</b> {input !== undefined && input !== null && <code>{JSON.stringify(input)}</code>}
        <small>
          {words.queuedBy(by, formatDuration(now - at))} · {words.expiresIn(formatDuration(expiresAt - now))}
        </small>
      </p>
      <button
        type="button"
        aria-label={words.cancelThat(title)}
        disabled={!may.now.value}
        title={may.why.value}
        onClick={onCancel}
      >
        {words.cancel}
      </button>
    </li>
  );
}
