/** All devices the hub knows, by id. */
import type { Presence } from "#protocol/views.ts";
import type { Device } from "./device.ts";

export class Registry {
  readonly #devices = new Map<string, Device>();

  get size(): number {
    return this.#devices.size;
  }

  get(id: string): Device | undefined {
    return this.#devices.get(id);
  }

  add(device: Device): void {
    this.#devices.set(device.id, device);
  }

  remove(id: string): void {
    this.#devices.delete(id);
  }

  count(presence: Presence): number {
    let count = 0;
    for (const device of this.#devices.values()) if (device.presence === presence) count += 1;
    return count;
  }

  /** In no order: for what is asked of all at each message. */
  each(): Iterable<Device> {
    return this.#devices.values();
  }

  /** Sorted by id. */
  all(): Device[] {
    return [...this.#devices.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  inRoom(room: string): Device[] {
    return this.all().filter((device) => device.rooms.has(room));
  }

  /** The one that has been away longest of those nobody values, to make room for a new one; undefined when there is none. */
  longestAway(): Device | undefined {
    let longest: Device | undefined;
    for (const device of this.#devices.values()) {
      if (
        device.connection === null &&
        !device.isValued &&
        (longest === undefined || device.lastSeen < longest.lastSeen)
      )
        longest = device;
    }
    return longest;
  }
}
