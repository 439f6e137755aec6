/** Reads everything that the device file holds. Called by the SQLite store at start. */
import type { Database } from "better-sqlite3";
import type { DialTarget } from "#protocol/dials.ts";
import type { AuditEntry, PresenceEntry, QueuedAction } from "#protocol/views.ts";
import { LIMITS } from "../../base/limits.ts";
import type { DownTime, LoadedDevice, StoredDesired, StoredReported } from "../store.ts";

interface FileContent {
  /** Sorted by id. */
  readonly devices: readonly LoadedDevice[];
  /** Oldest first. */
  readonly hubDown: readonly DownTime[];
  /** Sorted by id. */
  readonly dials: readonly DialTarget[];
  /** When the hub was last known to live, ms since the epoch; null in a new file. */
  readonly aliveAt: number | null;
}

interface DeviceRow {
  readonly number: number;
  readonly id: string;
  readonly name: string | null;
  readonly named_by_hand: number;
  readonly model: string | null;
  readonly software: string | null;
  readonly rooms: string;
  readonly rooms_by_hand: number;
  readonly properties: string;
  readonly actions: string;
  readonly beat_ms: number | null;
  readonly last_seen: number;
}

/** A device while its parts are put together. */
interface Draft extends LoadedDevice {
  readonly desired: Map<string, StoredDesired>;
  readonly reported: Map<string, StoredReported>;
  readonly log: PresenceEntry[];
  readonly audit: AuditEntry[];
  readonly queued: QueuedAction[];
}

/** @throws SyntaxError when what should be JSON is none */
export function readAll(db: Database): FileContent {
  const drafts = readDevices(db);
  const each = <Row>(sql: string, take: (draft: Draft, row: Row) => void): void => {
    for (const row of db.prepare<[], Row & { readonly device: number }>(sql).iterate()) {
      const draft = drafts.get(row.device);
      if (draft !== undefined) take(draft, row);
    }
  };
  readState(each);
  readLists(each);
  const hubDown = db.prepare<[], DownTime>(`SELECT since AS "from", until AS "to" FROM hub_down ORDER BY until`).all();
  const aliveAt = db.prepare<[], number>("SELECT alive_at FROM hub").pluck().get() ?? null;
  const dials = db.prepare<[], DialTarget>("SELECT id, host, port, mode FROM dial ORDER BY id").all();
  return { devices: [...drafts.values()], hubDown, dials, aliveAt };
}

type Each = <Row>(sql: string, take: (draft: Draft, row: Row) => void) => void;

function readDevices(db: Database): ReadonlyMap<number, Draft> {
  const rows = db.prepare<[], DeviceRow>("SELECT * FROM device ORDER BY id").all();
  return new Map(rows.map((row) => [row.number, toDraft(row)]));
}

function toDraft(row: DeviceRow): Draft {
  return {
    id: row.id,
    name: row.name,
    namedByHand: row.named_by_hand === 1,
    model: row.model,
    software: row.software,
    rooms: JSON.parse(row.rooms),
    roomsByHand: row.rooms_by_hand === 1,
    properties: JSON.parse(row.properties),
    actions: JSON.parse(row.actions),
    beatMs: row.beat_ms,
    lastSeen: row.last_seen,
    desired: new Map(),
    reported: new Map(),
    log: [],
    audit: [],
    queued: [],
  };
}

function readState(each: Each): void {
  each<{ property: string; value: string; by: string; at: number }>("SELECT * FROM desired", (draft, row) => {
    draft.desired.set(row.property, { value: JSON.parse(row.value), by: row.by, at: row.at });
  });
  each<{ property: string; value: string; at: number; device_time: number | null }>(
    "SELECT * FROM reported",
    (draft, { property, value, at, device_time }) => {
      const deviceTime = device_time === null ? {} : { deviceTime: device_time };
      draft.reported.set(property, { value: JSON.parse(value), at, ...deviceTime });
    },
  );
}

/** A limit that was lowered since holds from the start, in memory and, as rows are added, in the file. */
function readLists(each: Each): void {
  each<PresenceEntry>("SELECT * FROM presence ORDER BY device, number", ({ log }, { at, presence, reason }) => {
    log.push({ at, presence, reason });
    if (log.length > LIMITS.presenceRowsPerDevice) log.shift();
  });
  each<AuditEntry>("SELECT * FROM audit ORDER BY device, number", ({ audit }, { at, by, what, value, result }) => {
    audit.push({ at, by, what, value, result });
    if (audit.length > LIMITS.auditRowsPerDevice) audit.shift();
  });
  each<Omit<QueuedAction, "input"> & { input: string | null; expires_at: number }>(
    "SELECT * FROM queued ORDER BY device, at, id",
    ({ queued }, { id, name, input, by, at, expires_at }) => {
      queued.push({ id, name, input: input === null ? undefined : JSON.parse(input), by, at, expiresAt: expires_at });
    },
  );
}
