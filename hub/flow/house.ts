/** What the flows share: who is here, the time, and the one place to tell the outputs what changed. */
import { EventEmitter } from "node:events";
import type { Clock } from "#base/clock.ts";
import type { Said } from "#protocol/dashboard-events.ts";
import { PharosError } from "#protocol/errors.ts";
import type { AuditEntry } from "#protocol/views.ts";
import type { Access } from "../access/access.ts";
import type { HubConfig } from "../base/config.ts";
import { LIMITS } from "../base/limits.ts";
import type { Logger } from "../base/logger.ts";
import type { Broadcast } from "../devices/connection.ts";
import type { Device } from "../devices/device.ts";
import { sizeOfMessage } from "../devices/message-size.ts";
import { Registry } from "../devices/registry.ts";
import type { DeviceStore } from "../devices/store.ts";
import type { UptimeParts } from "../devices/uptime.ts";
import type { HistoryStore, Recording } from "../history/store.ts";
import { HistoryIntake } from "./history-intake.ts";
import { LiveSeries } from "./live-series.ts";

/** Which parts of a device changed. */
export interface Change {
  readonly id: string;
  readonly about?: true;
  readonly link?: true;
  readonly properties?: readonly string[];
  /** Its log, audit or waiting actions. */
  readonly detail?: true;
  /** More is known in a moment: pages need not hear of this one by itself. */
  readonly isPassing?: boolean;
}

export type SaidLine = Omit<Said, "seq" | "at">;

interface HouseEvents {
  change: [Change];
  gone: [string];
  said: [SaidLine];
  /** Whom the hub dials, or how that goes, changed. */
  dials: [];
  /** Whether the hub records, or any recording, changed. */
  recordings: [];
  /** Text of a device that is a terminal. */
  stream: [device: string, text: string];
}

export interface HouseParts {
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
  readonly store: DeviceStore;
  readonly history: HistoryStore;
  readonly access: Access;
}

export class House {
  readonly registry = new Registry();
  /** Outputs listen here; nothing else connects the flows to them. */
  readonly events = new EventEmitter<HouseEvents>();
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
  readonly store: DeviceStore;
  readonly history: HistoryStore;
  readonly access: Access;
  /** By what the uptime of every device is measured. */
  readonly uptime: UptimeParts;
  /** Where whatever is learned of a property goes into the history. */
  readonly samples: HistoryIntake;
  /** Samples as they come, for those who watch them. */
  readonly live: LiveSeries;
  /** Recordings that run, newest first. Changed by `Acquisition` only. */
  running: readonly Recording[] = [];
  /** Counts up with each change of any recording. */
  recordingsRevision = 0;

  constructor({ config, clock, logger, broadcast, store, history, access }: HouseParts) {
    this.config = config;
    this.clock = clock;
    this.logger = logger;
    this.broadcast = broadcast;
    this.store = store;
    this.history = history;
    this.access = access;
    this.uptime = { clock, hubDown: [] };
    this.live = new LiveSeries(clock);
    this.samples = new HistoryIntake({ history, live: this.live, registry: this.registry, clock, logger });
  }

  /** Whether anything is recorded, and so devices that sample do so. */
  get acquiring(): boolean {
    return this.running.length > 0;
  }

  /** @throws PharosError `NO_DEVICE` */
  device(id: string): Device {
    const device = this.registry.get(id);
    if (device === undefined) throw new PharosError("NO_DEVICE", `There is no device \`${id}\`.`);
    return device;
  }

  /** Drops a device and all that was kept of it. */
  forget(device: Device): void {
    this.registry.remove(device.id);
    if (!device.hubGiven) this.store.removeDevice(device.id);
    this.events.emit("gone", device.id);
  }

  /** Writes what is left to be written. */
  async close(): Promise<void> {
    for (const device of this.registry.all()) device.audit.settle();
    this.store.close();
    await this.history.close();
    await this.access.close();
  }

  /** What the device is goes to disk. A device that the hub named is never stored (protocol 1.1); so in all that follows. */
  keep(device: Device): void {
    if (!device.hubGiven) this.store.putDevice(device.row());
  }

  keepDesired(device: Device, property: string): void {
    const desired = device.state.get(property)?.desired;
    if (device.hubGiven || desired == null) return;
    const { value, by, at } = desired;
    this.store.putDesired(device.id, property, { value, by, at });
  }

  keepReported(device: Device, property: string): void {
    const reported = device.state.get(property)?.reported;
    if (!device.hubGiven && reported != null) this.store.putReported(device.id, property, reported);
  }

  /** Writes down who asked what of a device. */
  note(device: Device, entry: AuditEntry): void {
    device.audit.add(entry);
    this.tell({ id: device.id, detail: true });
  }

  recordingsChanged(): void {
    this.recordingsRevision += 1;
    this.events.emit("recordings");
  }

  tell(change: Change): void {
    this.events.emit("change", change);
  }

  say(line: SaidLine): void {
    this.events.emit("said", line);
  }

  /** How many members of the rooms, but for the sender, take no text of this size (protocol 1.3). */
  countDeaf(rooms: readonly string[], text: string, sender?: Device): number {
    if (Buffer.byteLength(text) <= LIMITS.leastFrameBytes) return 0;
    const size = sizeOfMessage(text);
    let deaf = 0;
    for (const member of this.registry.each())
      if (member !== sender && member.connection?.isTooSmallFor(size, rooms)) deaf += 1;
    return deaf;
  }
}
