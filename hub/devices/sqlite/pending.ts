/** What was put and is not on disk yet: newest wins, and bounded whatever happens to the disk. Called by the SQLite store. */
import type { DialTarget } from "#protocol/dials.ts";
import type { AuditEntry, PresenceEntry, QueuedAction } from "#protocol/views.ts";
import { LIMITS } from "../../base/limits.ts";
import type { DownTime, StoredDesired, StoredDevice, StoredReported } from "../store.ts";

export interface PendingDevice {
  /** What the file has of the device goes first. */
  readonly isRemoved: boolean;
  row: StoredDevice | null;
  readonly desired: Map<string, StoredDesired>;
  readonly reported: Map<string, StoredReported>;
  readonly presence: PresenceEntry[];
  readonly audit: AuditEntry[];
  /** By id; null: to be removed. */
  readonly queued: Map<string, QueuedAction | null>;
}

export class Pending {
  readonly devices = new Map<string, PendingDevice>();
  readonly hubDown: DownTime[] = [];
  /** By id; null: to be removed. */
  readonly dials = new Map<string, DialTarget | null>();
  aliveAt: number | null = null;
  /** Whether more is in it than what a power cut may take. */
  isPrecious = false;
  readonly #stored: ReadonlySet<string>;

  /** @param stored ids of the devices that have a row in the file; everything else needs no word in it to be removed */
  constructor(stored: ReadonlySet<string>) {
    this.#stored = stored;
  }

  get isEmpty(): boolean {
    return this.devices.size === 0 && this.dials.size === 0 && this.hubDown.length === 0 && this.aliveAt === null;
  }

  putDevice(row: StoredDevice): void {
    const device = this.devices.get(row.id) ?? this.#begin(row.id, false);
    device.row = row;
    this.isPrecious = true;
  }

  /** What is to be written of a device, to put something in; undefined when it has no row. */
  device(id: string): PendingDevice | undefined {
    const device = this.devices.get(id);
    if (device !== undefined) return device.isRemoved && device.row === null ? undefined : device;
    return this.#stored.has(id) ? this.#begin(id, false) : undefined;
  }

  addPresence(id: string, entry: PresenceEntry): void {
    this.#append(this.device(id)?.presence, entry, LIMITS.presenceRowsPerDevice);
  }

  addAudit(id: string, entry: AuditEntry): void {
    this.#append(this.device(id)?.audit, entry, LIMITS.auditRowsPerDevice);
  }

  /** An action that never reached the file leaves no trace. */
  removeQueued(id: string, action: string): void {
    const device = this.device(id);
    if (device === undefined) return;
    const mayBeStored = this.#stored.has(id) && !device.isRemoved;
    if (!device.queued.delete(action) && mayBeStored) device.queued.set(action, null);
    this.isPrecious = true;
  }

  removeDevice(id: string): void {
    this.devices.delete(id);
    if (this.#stored.has(id)) this.#begin(id, true);
    this.isPrecious = true;
  }

  #begin(id: string, isRemoved: boolean): PendingDevice {
    const device: PendingDevice = {
      isRemoved,
      row: null,
      desired: new Map(),
      reported: new Map(),
      presence: [],
      audit: [],
      queued: new Map(),
    };
    this.devices.set(id, device);
    return device;
  }

  #append<T>(list: T[] | undefined, entry: T, limit: number): void {
    if (list === undefined) return;
    list.push(entry);
    if (list.length > limit) list.shift();
    this.isPrecious = true;
  }
}
