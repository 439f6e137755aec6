/** Where a card stands: by room, then by name; it moves only when a device comes, goes, or is renamed. */
import type { DeviceModel } from "./device-model.ts";

export interface RoomGroup {
  /** Empty for devices without a room. */
  readonly room: string;
  readonly devices: readonly DeviceModel[];
  /** Members whose card stands in another room. */
  readonly guests: readonly DeviceModel[];
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Devices under their first room, as guests in their other ones; devices without a room come last. */
export function groupDevices(devices: ReadonlyMap<string, DeviceModel>): readonly RoomGroup[] {
  const groups = new Map<string, { devices: DeviceModel[]; guests: DeviceModel[] }>();
  for (const device of devices.values()) {
    const [home = "", ...others] = device.about.value.rooms;
    groupOf(home).devices.push(device);
    for (const room of others) groupOf(room).guests.push(device);
  }

  function groupOf(room: string) {
    const group = groups.get(room) ?? { devices: [], guests: [] };
    groups.set(room, group);
    return group;
  }

  return [...groups]
    .sort(([a], [b]) => Number(a === "") - Number(b === "") || collator.compare(a, b))
    .map(([room, group]) => ({ room, devices: group.devices.sort(byName), guests: group.guests.sort(byName) }));
}

function byName(a: DeviceModel, b: DeviceModel): number {
  return collator.compare(a.about.value.name, b.about.value.name) || collator.compare(a.id, b.id);
}
