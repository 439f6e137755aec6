/**
 * What lasts of the devices: an interface with one contract suite, so that nothing above knows SQLite.
 * Writes are put and go to disk together; who must know that his is safe awaits `committed()`.
 */
import type { DialTarget } from "#protocol/dials.ts";
import type { Action, Property, Value } from "#protocol/values.ts";
import type { AuditEntry, PresenceEntry, QueuedAction } from "#protocol/views.ts";

/** The row of a device, without its state. */
export interface StoredDevice {
  readonly id: string;
  readonly name: string | null;
  readonly namedByHand: boolean;
  readonly model: string | null;
  readonly software: string | null;
  readonly rooms: readonly string[];
  readonly roomsByHand: boolean;
  readonly properties: { readonly [name: string]: Property };
  readonly actions: { readonly [name: string]: Action };
  /** Learned or declared, ms. */
  readonly beatMs: number | null;
  readonly lastSeen: number;
}

export interface StoredDesired {
  readonly value: Value;
  readonly by: string;
  readonly at: number;
}

export interface StoredReported {
  readonly value: Value;
  readonly at: number;
  readonly deviceTime?: number;
}

/** Everything of one device, as `load` returns it. */
export interface LoadedDevice extends StoredDevice {
  readonly desired: ReadonlyMap<string, StoredDesired>;
  readonly reported: ReadonlyMap<string, StoredReported>;
  /** Oldest first; at most as many as the store keeps. */
  readonly log: readonly PresenceEntry[];
  readonly audit: readonly AuditEntry[];
  readonly queued: readonly QueuedAction[];
}

/** A time in which the hub itself was down, ms since the epoch: it counts as neither up nor down. */
export interface DownTime {
  readonly from: number;
  readonly to: number;
}

export interface Loaded {
  /** Sorted by id. */
  readonly devices: readonly LoadedDevice[];
  /** Of the last week, oldest first; the last one ends now. */
  readonly hubDown: readonly DownTime[];
  /** Whom to dial, sorted by id. */
  readonly dials: readonly DialTarget[];
}

export interface DeviceStore {
  /**
   * Opens the store and reads everything; called once, before anything is put.
   * @param now ms since the epoch
   * @throws StartError when the file is damaged, foreign, newer than this version, in use, or cannot be written
   */
  load(now: number): Loaded;
  /** Puts the row of a device, whole. What is put below for a device without a row is dropped. */
  putDevice(device: StoredDevice): void;
  putDesired(device: string, property: string, desired: StoredDesired): void;
  /** May be lost if put within the last second before a crash. */
  putReported(device: string, property: string, reported: StoredReported): void;
  /** Keeps the newest `LIMITS.presenceRowsPerDevice`. */
  addPresence(device: string, entry: PresenceEntry): void;
  /** Keeps the newest `LIMITS.auditRowsPerDevice`. */
  addAudit(device: string, entry: AuditEntry): void;
  /** An action is put once. */
  putQueued(device: string, action: QueuedAction): void;
  removeQueued(device: string, id: string): void;
  /** Removes the device with all that was put for it. */
  removeDevice(device: string): void;
  /** Whom to dial; the newest of an id. It needs no row of the device. */
  putDial(dial: DialTarget): void;
  removeDial(id: string): void;
  /** The hub lives: what tells its own down time after a crash. Called every few seconds; `close` does it too. */
  touch(now: number): void;
  /**
   * Resolves when all that was put before is safe from a power cut, within 100 ms.
   * @throws PharosError STORAGE when it cannot be written; it is still kept, and written when it can
   */
  committed(): Promise<void>;
  /** False while the disk takes nothing; what was put is kept in memory, newest wins, and written when it does. */
  readonly isWritable: boolean;
  /** Called when `isWritable` changes; `fault` says why it is false, as a sentence. */
  onHealth(listener: (isWritable: boolean, fault: string | null) => void): void;
  /** Writes what is left and lets go of the file. What is put later is lost. */
  close(): void;
}
