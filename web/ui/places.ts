/** Devices and rooms by name, for pickers. */
import { useComputed } from "@preact/signals";
import { usePage } from "./context.ts";

/** Where a plain client stands until it names its rooms (protocol 3.4). */
export const LOBBY = "lobby";

export interface Places {
  readonly devices: readonly { readonly id: string; readonly name: string }[];
  readonly rooms: readonly string[];
}

export function usePlaces(): Places {
  const { store } = usePage();
  return useComputed(() => {
    const devices = store.groups.value.flatMap((group) => group.devices);
    const rooms = new Set([LOBBY, ...devices.flatMap((device) => device.about.value.rooms)]);
    return {
      devices: devices.map((device) => ({ id: device.id, name: device.about.value.name })),
      rooms: [...rooms].sort(),
    };
  }).value;
}
