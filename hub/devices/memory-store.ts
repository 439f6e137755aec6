/** The device store without a disk: for tests of what stands above it. Lasts as long as the object. */
import type { DialTarget } from "#protocol/dials.ts";
import { PharosError } from "#protocol/errors.ts";
import type { AuditEntry, PresenceEntry, QueuedAction } from "#protocol/views.ts";
import { LIMITS } from "../base/limits.ts";
import type {
  DeviceStore,
  DownTime,
  Loaded,
  LoadedDevice,
  StoredDesired,
  StoredDevice,
  StoredReported,
} from "./store.ts";

interface Kept {
  row: StoredDevice;
  readonly desired: Map<string, StoredDesired>;
  readonly reported: Map<string, StoredReported>;
  readonly log: PresenceEntry[];
  readonly audit: AuditEntry[];
  readonly queued: Map<string, QueuedAction>;
}

export class MemoryStore implements DeviceStore {
  readonly #devices = new Map<string, Kept>();
  readonly #dials = new Map<string, DialTarget>();
  readonly #listeners: Array<(isWritable: boolean, fault: string | null) => void> = [];
  #hubDown: DownTime[] = [];
  #aliveAt: number | null = null;
  #isWritable = true;

  get isWritable(): boolean {
    return this.#isWritable;
  }

  /** As if the disk filled up, or had room again. */
  setWritable(isWritable: boolean): void {
    if (isWritable === this.#isWritable) return;
    this.#isWritable = isWritable;
    for (const tell of this.#listeners) tell(isWritable, isWritable ? null : "The disk is full: make room on it.");
  }

  onHealth(listener: (isWritable: boolean, fault: string | null) => void): void {
    this.#listeners.push(listener);
  }

  /** May be called again, as by the next hub on the same disk. */
  load(now: number): Loaded {
    if (this.#aliveAt !== null && this.#aliveAt < now) this.#hubDown.push({ from: this.#aliveAt, to: now });
    this.#hubDown = this.#hubDown.filter(({ to }) => to >= now - LIMITS.hubDownKeptMs).slice(-LIMITS.hubDownRows);
    this.touch(now);
    const ids = [...this.#devices.keys()].sort();
    const dials = [...this.#dials.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return { devices: ids.flatMap((id) => toLoaded(this.#devices.get(id))), hubDown: [...this.#hubDown], dials };
  }

  putDevice(row: StoredDevice): void {
    const kept = this.#devices.get(row.id);
    if (kept !== undefined) kept.row = row;
    else {
      const empty = { desired: new Map(), reported: new Map(), log: [], audit: [], queued: new Map() };
      this.#devices.set(row.id, { row, ...empty });
    }
  }

  putDesired(device: string, property: string, desired: StoredDesired): void {
    this.#devices.get(device)?.desired.set(property, desired);
  }

  putReported(device: string, property: string, reported: StoredReported): void {
    this.#devices.get(device)?.reported.set(property, reported);
  }

  addPresence(device: string, entry: PresenceEntry): void {
    append(this.#devices.get(device)?.log, entry, LIMITS.presenceRowsPerDevice);
  }

  addAudit(device: string, entry: AuditEntry): void {
    append(this.#devices.get(device)?.audit, entry, LIMITS.auditRowsPerDevice);
  }

  putQueued(device: string, action: QueuedAction): void {
    this.#devices.get(device)?.queued.set(action.id, action);
  }

  removeQueued(device: string, id: string): void {
    this.#devices.get(device)?.queued.delete(id);
  }

  removeDevice(device: string): void {
    this.#devices.delete(device);
  }

  putDial(dial: DialTarget): void {
    this.#dials.set(dial.id, dial);
  }

  removeDial(id: string): void {
    this.#dials.delete(id);
  }

  touch(now: number): void {
    this.#aliveAt = now;
  }

  committed(): Promise<void> {
    return this.#isWritable ? Promise.resolve() : Promise.reject(new PharosError("STORAGE"));
  }

  close(): void {}
}

function append<T>(list: T[] | undefined, entry: T, limit: number): void {
  if (list === undefined) return;
  list.push(entry);
  if (list.length > limit) list.shift();
}

/** A copy: what is put later does not change what was loaded. */
function toLoaded(kept: Kept | undefined): LoadedDevice[] {
  if (kept === undefined) return [];
  const { row, desired, reported, log, audit, queued } = kept;
  const state = { desired: new Map(desired), reported: new Map(reported) };
  return [{ ...row, ...state, log: [...log], audit: [...audit], queued: [...queued.values()] }];
}
