/** Hub ↔ device: presence as a word and a shape, and when the device was heard last. */
import type { Presence as State } from "#protocol/views.ts";
import type { DeviceModel } from "../model/device-model.ts";
import { formatDuration } from "../model/format.ts";
import { words } from "../words.ts";
import { usePage } from "./context.ts";

/** Filled disc, half disc, crossed ring: told apart without colour. */
const SHAPES: Record<State, string> = {
  online: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z",
  late: "M8 2.5a5.5 5.5 0 1 0 0 11z",
  offline: "M4 4l8 8M12 4l-8 8",
};

export function PresenceShape({ presence }: { presence: State }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <circle class="ring" cx="8" cy="8" r="5.5" />
      <path class={`shape-${presence}`} d={SHAPES[presence]} />
    </svg>
  );
}

export function PresenceMark({ device }: { device: DeviceModel }) {
  const live = usePage().live.value;
  const { presence, reason } = device.link.value;
  return (
    <p class="presence" data-presence={live ? presence : "unknown"} title={words.reason(reason)}>
      <PresenceShape presence={presence} />
      {live ? words.presence[presence] : words.wasPresence(presence)}
    </p>
  );
}

export function LastSeen({ device }: { device: DeviceModel }) {
  const page = usePage();
  const { lastSeen } = device.link.value;
  const age = page.now.value - lastSeen;
  return (
    <p class="last-seen">
      {lastSeen === 0 ? words.never : age < 1500 ? words.seenNow : words.lastSeen(formatDuration(age))}
    </p>
  );
}
