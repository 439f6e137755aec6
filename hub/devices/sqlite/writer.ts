/** Writes what is pending to the device file, in one transaction. Called by the SQLite store. */
import type { Database, Statement } from "better-sqlite3";
import { LIMITS } from "../../base/limits.ts";
import type { DownTime, StoredDevice } from "../store.ts";
import type { Pending, PendingDevice } from "./pending.ts";

/**
 * @param syncsLater whether the log is synced after each commit, and no commit has to wait for the disk itself
 * @returns a function that writes all that is pending, or throws and has written nothing
 */
export function createWriter(db: Database, syncsLater: boolean): (pending: Pending) => void {
  const writeDevice = deviceWriter(db);
  const writeHub = hubWriter(db);
  const writeDials = dialWriter(db);
  const write = db.transaction((pending: Pending) => {
    for (const [id, device] of pending.devices) writeDevice(id, device);
    writeDials(pending.dials);
    writeHub(pending.hubDown, pending.aliveAt);
  });
  let isFirst = true;
  return (pending) => {
    write.immediate(pending);
    // The first commit, with `synchronous = FULL`, has made the log safe in its folder. From now on a batch survives a crash of the hub at once, and a
    // power cut when the log is synced; no commit waits for the disk.
    if (isFirst && syncsLater) db.pragma("synchronous = NORMAL");
    isFirst = false;
  };
}

function deviceWriter(db: Database): (id: string, device: PendingDevice) => void {
  const remove = db.prepare("DELETE FROM device WHERE id = ?");
  const find = db.prepare<[string], number>("SELECT number FROM device WHERE id = ?").pluck();
  const putRow = rowWriter(db);
  const putDesired = db.prepare(
    "INSERT OR REPLACE INTO desired (device, property, value, by, at) VALUES (?, ?, ?, ?, ?)",
  );
  const putReported = db.prepare(
    "INSERT OR REPLACE INTO reported (device, property, value, at, device_time) VALUES (?, ?, ?, ?, ?)",
  );
  const addPresence = appender(db, "presence", ["at", "presence", "reason"], LIMITS.presenceRowsPerDevice);
  const addAudit = appender(db, "audit", ["at", "by", "what", "value", "result"], LIMITS.auditRowsPerDevice);
  const writeQueued = queueWriter(db);
  return (id, device) => {
    if (device.isRemoved) remove.run(id);
    if (device.row !== null) putRow(device.row);
    const number = find.get(id);
    if (number === undefined) return;
    for (const [property, { value, by, at }] of device.desired) {
      putDesired.run(number, property, JSON.stringify(value), by, at);
    }
    for (const [property, { value, at, deviceTime }] of device.reported) {
      putReported.run(number, property, JSON.stringify(value), at, deviceTime ?? null);
    }
    addPresence(number, device.presence);
    addAudit(number, device.audit);
    writeQueued(number, device.queued);
  };
}

function rowWriter(db: Database): (row: StoredDevice) => void {
  const put = db.prepare(
    `INSERT INTO device (id, name, named_by_hand, model, software, rooms, rooms_by_hand, properties, actions, beat_ms, last_seen)
     VALUES (@id, @name, @named_by_hand, @model, @software, @rooms, @rooms_by_hand, @properties, @actions, @beat_ms, @last_seen)
     ON CONFLICT (id) DO UPDATE SET
       name = excluded.name, named_by_hand = excluded.named_by_hand, model = excluded.model, software = excluded.software,
       rooms = excluded.rooms, rooms_by_hand = excluded.rooms_by_hand, properties = excluded.properties,
       actions = excluded.actions, beat_ms = excluded.beat_ms, last_seen = excluded.last_seen`,
  );
  return ({ id, name, model, software, ...row }) => {
    put.run({
      id,
      name,
      model,
      software,
      named_by_hand: Number(row.namedByHand),
      rooms: JSON.stringify(row.rooms),
      rooms_by_hand: Number(row.roomsByHand),
      properties: JSON.stringify(row.properties),
      actions: JSON.stringify(row.actions),
      beat_ms: row.beatMs,
      last_seen: row.lastSeen,
    });
  };
}

/** For a table of numbered rows by device, of which only the newest `kept` stay. */
function appender<Column extends string>(
  db: Database,
  table: string,
  columns: readonly Column[],
  kept: number,
): (device: number, entries: ReadonlyArray<{ readonly [column in Column]: string | number }>) => void {
  const add: Statement = db.prepare(
    `INSERT INTO ${table} (device, number, ${columns.join(", ")})
     SELECT @device, coalesce(max(number), 0) + 1, ${columns.map((column) => `@${column}`).join(", ")}
     FROM ${table} WHERE device = @device`,
  );
  const prune = db.prepare(
    `DELETE FROM ${table} WHERE device = @device
     AND number <= (SELECT max(number) FROM ${table} WHERE device = @device) - ${kept}`,
  );
  return (device, entries) => {
    if (entries.length === 0) return;
    for (const entry of entries) add.run({ device, ...entry });
    prune.run({ device });
  };
}

function queueWriter(db: Database): (device: number, queued: PendingDevice["queued"]) => void {
  const put = db.prepare(
    "INSERT OR REPLACE INTO queued (device, id, name, input, by, at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const remove = db.prepare("DELETE FROM queued WHERE device = ? AND id = ?");
  return (device, queued) => {
    for (const [id, action] of queued) {
      if (action === null) remove.run(device, id);
      else put.run(device, id, action.name, toJson(action.input), action.by, action.at, action.expiresAt);
    }
  };
}

/** An action without an input has none in the file either. */
function toJson(input: unknown): string | null {
  return input === undefined ? null : JSON.stringify(input);
}

function dialWriter(db: Database): (dials: Pending["dials"]) => void {
  const put = db.prepare("INSERT OR REPLACE INTO dial (id, host, port, mode) VALUES (@id, @host, @port, @mode)");
  const remove = db.prepare("DELETE FROM dial WHERE id = ?");
  return (dials) => {
    for (const [id, dial] of dials) {
      if (dial === null) remove.run(id);
      else put.run(dial);
    }
  };
}

function hubWriter(db: Database): (hubDown: readonly DownTime[], aliveAt: number | null) => void {
  const touch = db.prepare("INSERT OR REPLACE INTO hub (one, alive_at) VALUES (1, ?)");
  const add = db.prepare("INSERT OR REPLACE INTO hub_down (since, until) VALUES (?, ?)");
  const prune = db.prepare(
    `DELETE FROM hub_down WHERE until < @oldest
     OR since NOT IN (SELECT since FROM hub_down ORDER BY until DESC LIMIT ${LIMITS.hubDownRows})`,
  );
  return (hubDown, aliveAt) => {
    for (const { from, to } of hubDown) {
      add.run(from, to);
      prune.run({ oldest: to - LIMITS.hubDownKeptMs });
    }
    if (aliveAt !== null) touch.run(aliveAt);
  };
}
