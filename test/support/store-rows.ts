/** What tests of device stores put, and how they commit it. */
import type { DeviceStore, StoredDevice } from "../../hub/devices/store.ts";
import type { FakeClock } from "./fake-clock.ts";

/** The row of a device, with something in each column. */
export function deviceRow(id: string, changes: Partial<StoredDevice> = {}): StoredDevice {
  return {
    id,
    name: `Lamp «${id}» 💡`,
    namedByHand: true,
    model: "Raspberry Pi 3",
    software: null,
    rooms: ["bench", "lobby"],
    roomsByHand: false,
    properties: { brightness: { type: "integer", minimum: 0, maximum: 100 } },
    actions: { identify: { title: "Blink" } },
    beatMs: 3250.5,
    lastSeen: 1_700_000_000_000.25,
    ...changes,
  };
}

/** Commits what was put, whatever the fake clock says. */
export async function commit(store: DeviceStore, clock: FakeClock): Promise<void> {
  const committed = store.committed();
  await clock.advance(100);
  await committed;
}
