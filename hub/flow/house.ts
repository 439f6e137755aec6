/** What the flows share: who is here, the time, and the one place to tell the outputs what changed. */
import { EventEmitter } from "node:events";
import type { Clock } from "#base/clock.ts";
import type { Said } from "#protocol/dashboard-events.ts";
import type { HubConfig } from "../base/config.ts";
import { LIMITS } from "../base/limits.ts";
import type { Logger } from "../base/logger.ts";
import type { Broadcast } from "../devices/connection.ts";
import type { Device } from "../devices/device.ts";
import { Registry } from "../devices/registry.ts";

/** Which parts of a device changed. */
export interface Change {
  readonly id: string;
  readonly about?: true;
  readonly link?: true;
  readonly properties?: readonly string[];
}

export type SaidLine = Omit<Said, "seq" | "at">;

interface HouseEvents {
  change: [Change];
  gone: [string];
  said: [SaidLine];
}

export interface HouseParts {
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
}

export class House {
  readonly registry = new Registry();
  /** Outputs listen here; nothing else connects the flows to them. */
  readonly events = new EventEmitter<HouseEvents>();
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly broadcast: Broadcast;

  constructor({ config, clock, logger, broadcast }: HouseParts) {
    this.config = config;
    this.clock = clock;
    this.logger = logger;
    this.broadcast = broadcast;
  }

  tell(change: Change): void {
    this.events.emit("change", change);
  }

  say(line: SaidLine): void {
    this.events.emit("said", line);
  }

  /** How many members of the rooms, but for the sender, take no text of this size (protocol 1.3). */
  countDeaf(rooms: readonly string[], text: string, sender?: Device): number {
    const bytes = Buffer.byteLength(text);
    if (bytes <= LIMITS.plainFrameBytes) return 0;
    return this.registry.all().filter((member) => member !== sender && member.connection?.isTooSmallFor(bytes, rooms))
      .length;
  }

  /** Any inbound frame proves life (protocol 6.1). */
  seen(device: Device): void {
    device.lastSeen = this.clock.now();
  }

  /** A heartbeat: life, and a tick on the beat strip. */
  beat(device: Device): void {
    this.seen(device);
    device.beats.push(device.lastSeen);
    if (device.beats.length > LIMITS.beatsShown) device.beats.shift();
    this.tell({ id: device.id, link: true });
  }
}
