/** When the device came and went, why, and how long each lasted; newest first. */
import type { PresenceEntry } from "#protocol/views.ts";
import type { DeviceModel } from "../model/device-model.ts";
import { formatDuration, formatMoment } from "../model/format.ts";
import { words } from "../words.ts";
import { usePage } from "./context.ts";
import { PresenceShape } from "./presence.tsx";

export function PresenceLog({ device }: { device: DeviceModel }) {
  const detail = device.detail.value;
  if (detail === null) return <p class="hint">{words.loading}</p>;
  const { log } = detail;
  if (log.length === 0) return <p class="hint">{words.noPresenceLog}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div class="scrolling" tabIndex={0}>
      <ol class="presence-log">
        {log.map((entry, i) => (
          <Entry key={`${entry.at} ${entry.presence} ${log.length - i}`} entry={entry} until={log[i - 1]?.at ?? null} />
        ))}
      </ol>
    </div>
  );
}

function Entry({ entry, until }: { entry: PresenceEntry; until: number | null }) {
  const now = usePage().now.value;
  const { at, presence, reason } = entry;
  return (
    <li data-presence={presence}>
      <time dateTime={new Date(at).toISOString()}>{formatMoment(at, now)}</time>
      <b class="presence" data-presence={presence}>
        <PresenceShape presence={presence} />
        {words.presence[presence]}
      </b>
      <span>{words.reason(reason)}</span>
      <small>{words.lasted(formatDuration((until ?? now) - at))}</small>
    </li>
  );
}
