/** Folds updates of the hub into one, newest wins, so that a frame applies each part once. Called by the store. */
import type { PairingView } from "#protocol/access.ts";
import type { DeviceChange, HubInfo, Said, Update } from "#protocol/dashboard-events.ts";
import type { DialView } from "#protocol/dials.ts";
import type { AcquisitionView } from "#protocol/recordings.ts";

/** Messages kept, here and in the list. */
export const MAX_SAID = 1000;

/** What waits for the next frame; bounded by the number of devices and `MAX_SAID`. */
export interface Pending {
  /** Present when everything known before is to be forgotten. */
  readonly hub: HubInfo | null;
  readonly now: number;
  readonly devices: Map<string, DeviceChange>;
  /** Forgotten before `devices` is applied. */
  readonly gone: Set<string>;
  readonly said: readonly Said[];
  /** Null when they are as they were. */
  readonly dials: readonly DialView[] | null;
  /** Null when it is as it was. */
  readonly pairing: PairingView | null;
  readonly acquisition: AcquisitionView | null;
}

/** Adds `update` to what waits; an update with `hub` starts over. Reuses the maps of `before`. */
export function mergeUpdate(before: Pending | null, update: Update): Pending {
  const base = update.hub === undefined ? before : null;
  const devices = base?.devices ?? new Map<string, DeviceChange>();
  const gone = base?.gone ?? new Set<string>();
  for (const id of update.gone) {
    gone.add(id);
    devices.delete(id);
  }
  for (const change of update.devices) devices.set(change.id, mergeChange(devices.get(change.id), change));
  return {
    hub: update.hub ?? base?.hub ?? null,
    now: update.now,
    devices,
    gone,
    said: appendSaid(base?.said ?? [], update.said),
    dials: update.dials ?? base?.dials ?? null,
    pairing: update.pairing ?? base?.pairing ?? null,
    acquisition: update.acquisition ?? base?.acquisition ?? null,
  };
}

/** The list with `more` at its end, oldest dropped beyond `MAX_SAID`. */
export function appendSaid(list: readonly Said[], more: readonly Said[]): readonly Said[] {
  return more.length === 0 ? list : [...list, ...more].slice(-MAX_SAID);
}

function mergeChange(old: DeviceChange | undefined, change: DeviceChange): DeviceChange {
  if (old === undefined) return change;
  return { ...old, ...change, ...(old.state && { state: { ...old.state, ...change.state } }) };
}
