/** Who is there: feeds each device's presence, keeps its changes and tells them. Nothing else changes presence (protocol 6.1, 6.2). */
import type { Timer } from "#base/clock.ts";
import type { Hello } from "#protocol/device-events.ts";
import type { PresenceReason } from "#protocol/views.ts";
import { LIMITS } from "../base/limits.ts";
import type { Device } from "../devices/device.ts";
import {
  type BeatKind,
  beaten,
  closed,
  connected,
  declared,
  heard,
  judged,
  nextJudgement,
  type PresenceState,
} from "../devices/presence.ts";
import type { DownTime } from "../devices/store.ts";
import { addEntry } from "../devices/uptime.ts";
import { PresenceWatch } from "../devices/watch.ts";
import type { House } from "./house.ts";

export class Attendance {
  readonly #house: House;
  readonly #watch: PresenceWatch<Device>;
  #timers: readonly Timer[] = [];

  constructor(house: House) {
    this.#house = house;
    this.#watch = new PresenceWatch(house.clock, (device: Device) => this.#judge(device));
  }

  /** Starts to judge silence, and to write down that the hub lives. */
  start(): void {
    const { clock, store } = this.#house;
    this.#watch.start();
    const alive = clock.every(LIMITS.hubAliveMs, () => store.touch(clock.now()));
    this.#timers = [alive];
  }

  close(): void {
    this.#watch.close();
    for (const timer of this.#timers) timer.cancel();
  }

  /** Times in which the hub was down count as neither up nor down. */
  takeUp(hubDown: readonly DownTime[]): void {
    this.#house.uptime.hubDown = hubDown;
  }

  /** Its connection opened. @param replaced it took the place of another */
  connected(device: Device, replaced: boolean): void {
    const next = connected(device.pulse, this.#now);
    this.#seen(device);
    this.#become(device, replaced ? { ...next, reason: "replaced" } : next);
  }

  closed(device: Device, reason: PresenceReason): void {
    this.#become(device, closed(device.pulse, this.#now, reason));
  }

  /** `hello` may declare a beat, and that the device sleeps between beats. */
  declared(device: Device, { heartbeat, sleeps }: Hello): void {
    const beatMs = heartbeat === undefined ? undefined : heartbeat * 1000;
    this.#seen(device);
    this.#become(device, declared(heard(device.pulse, this.#now), beatMs, sleeps ?? false));
  }

  /** A frame arrived: life. */
  heard(device: Device): void {
    this.#seen(device);
    this.#become(device, heard(device.pulse, this.#now));
  }

  /** A frame by which the device's beat is learned. */
  beaten(device: Device, kind: BeatKind): void {
    this.#seen(device);
    if (kind === "heartbeat") {
      device.beats.push(device.lastSeen);
      if (device.beats.length > LIMITS.beatsShown) device.beats.shift();
      this.#house.tell({ id: device.id, link: true });
    }
    this.#become(device, beaten(device.pulse, this.#now, kind));
  }

  /** A device without a socket says something over HTTP: it is there by its beat alone. */
  visits(device: Device): void {
    device.door = "http";
    this.#become(device, { ...heard(device.pulse, this.#now), sleeps: true });
  }

  get #now(): number {
    return this.#house.clock.monotonic();
  }

  #seen(device: Device): void {
    device.lastSeen = this.#house.clock.now();
  }

  #judge(device: Device): number | null {
    if (this.#house.registry.get(device.id) !== device) return null;
    this.#become(device, judged(device.pulse, this.#now));
    return nextJudgement(device.pulse);
  }

  #become(device: Device, next: PresenceState): void {
    const before = device.pulse;
    device.pulse = next;
    device.beatMs = next.beat === null || next.beat.meanMs === 0 ? device.beatMs : Math.round(next.beat.meanMs);
    if (next.presence !== before.presence || next.reason !== before.reason) this.#tellChange(device, next);
    this.#watch.expect(device, nextJudgement(next));
  }

  #tellChange(device: Device, { presence, reason }: PresenceState): void {
    const at = this.#house.clock.now();
    device.presence = presence;
    device.reason = reason;
    device.since = at;
    device.log = addEntry(device.log, { at, presence, reason }, LIMITS.presenceRowsPerDevice);
    if (!device.hubGiven) this.#house.store.addPresence(device.id, { at, presence, reason });
    this.#house.tell({ id: device.id, link: true, properties: [...device.state.keys()], detail: true });
    this.#house.say({ from: device.id, to: [], kind: "presence", text: `${presence} (${reason})` });
  }
}
