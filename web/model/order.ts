/** Where a card stands: by room, then by name; it moves only when a device comes, goes, or is renamed. */
import type { DeviceModel } from "./device-model.ts";

export interface RoomGroup {
  /** Empty for devices without a room. */
  readonly room: string;
  readonly devices: readonly DeviceModel[];
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Devices under their first room; devices without a room come last. */
export function groupDevices(devices: ReadonlyMap<string, DeviceModel>): readonly RoomGroup[] {
  const rooms = new Map<string, DeviceModel[]>();
  for (const device of devices.values()) {
    const room = device.about.value.rooms[0] ?? "";
    const members = rooms.get(room);
    if (members === undefined) rooms.set(room, [device]);
    else members.push(device);
  }
  return [...rooms]
    .sort(([a], [b]) => Number(a === "") - Number(b === "") || collator.compare(a, b))
    .map(([room, members]) => ({ room, devices: members.sort(byName) }));
}

function byName(a: DeviceModel, b: DeviceModel): number {
  return collator.compare(a.about.value.name, b.about.value.name) || collator.compare(a.id, b.id);
}
