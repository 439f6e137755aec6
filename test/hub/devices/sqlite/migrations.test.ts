import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import Sqlite, { type Database } from "better-sqlite3";
import { migrate, versionOf } from "../../../../hub/base/sqlite-file.ts";
import { DEVICE_FILE } from "../../../../hub/devices/sqlite/migrations.ts";
import { SqliteStore } from "../../../../hub/devices/sqlite/sqlite-store.ts";
import { fakeClock } from "../../../support/fake-clock.ts";
import { readStore } from "../../../support/store-files.ts";
import { commit } from "../../../support/store-rows.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();

/** What the programs of each version wrote, as they wrote it; a version adds to the one before. */
const WRITTEN: readonly string[] = [
  `
  INSERT INTO device VALUES (7, 'lamp-1', 'Lamp', 1, NULL, 'Pharos 0.1', '["bench"]', 0, '{"level":{"type":"integer"}}', '{}', 1000, 5000);
  INSERT INTO desired VALUES (7, 'level', '30', 'page', 4000);
  INSERT INTO reported VALUES (7, 'level', '20', 4500, NULL);
  INSERT INTO presence VALUES (7, 12, 3000, 'online', 'connected');
  INSERT INTO hub VALUES (1, 6000);
  INSERT INTO hub_down VALUES (1000, 2000);
  `,
  `
  INSERT INTO queued VALUES (7, 'q1', 'identify', NULL, 'rest', 4100, 99000);
  INSERT INTO audit VALUES (7, 3, 4000, 'page', 'set level', '30', 'waiting');
  `,
  `
  INSERT INTO dial VALUES ('lamp-1', '192.168.1.7', 10000, 'lines');
  `,
];

const VERSIONS = WRITTEN.map((_, index) => index + 1);

function writeFileOf(version: number): string {
  const file = join(makeFolder(), "devices.db");
  const db = new Sqlite(file);
  db.pragma(`application_id = ${DEVICE_FILE.applicationId}`);
  db.pragma("journal_mode = WAL");
  migrate(db, DEVICE_FILE, version);
  for (const sql of WRITTEN.slice(0, version)) db.exec(sql);
  db.close();
  return file;
}

function schemaOf(db: Database): unknown {
  return db.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY name").all();
}

describe("migrations", () => {
  it("are tested from each version", () => {
    expect(VERSIONS).toHaveLength(DEVICE_FILE.migrations.length);
  });

  it.each(VERSIONS)("keep what a file of version %i holds", (version) => {
    const { devices, hubDown, dials } = readStore(writeFileOf(version), 7000);
    expect(dials).toEqual(version < 3 ? [] : [{ id: "lamp-1", host: "192.168.1.7", port: 10_000, mode: "lines" }]);
    expect(devices).toHaveLength(1);
    expect(devices[0]).toEqual({
      id: "lamp-1",
      name: "Lamp",
      namedByHand: true,
      model: null,
      software: "Pharos 0.1",
      rooms: ["bench"],
      roomsByHand: false,
      properties: { level: { type: "integer" } },
      actions: {},
      beatMs: 1000,
      lastSeen: 5000,
      desired: new Map([["level", { value: 30, by: "page", at: 4000 }]]),
      reported: new Map([["level", { value: 20, at: 4500 }]]),
      log: [{ at: 3000, presence: "online", reason: "connected" }],
      audit: version < 2 ? [] : [{ at: 4000, by: "page", what: "set level", value: "30", result: "waiting" }],
      queued:
        version < 2 ? [] : [{ id: "q1", name: "identify", input: undefined, by: "rest", at: 4100, expiresAt: 99_000 }],
    });
    expect(hubDown).toEqual([
      { from: 1000, to: 2000 },
      { from: 6000, to: 7000 },
    ]);
  });

  it.each(VERSIONS)("let a file of version %i take everything of today", async (version) => {
    const file = writeFileOf(version);
    const clock = fakeClock(7000);
    const store = new SqliteStore({ file, clock });
    store.load(clock.now());
    store.addPresence("lamp-1", { at: 8000, presence: "offline", reason: "silent" });
    store.addAudit("lamp-1", { at: 8000, by: "rest", what: "rename", value: '"x"', result: "done" });
    store.putQueued("lamp-1", { id: "q2", name: "identify", input: 1, by: "rest", at: 8000, expiresAt: 9000 });
    store.putDial({ id: "wars", host: "towel", port: 23, mode: "stream" });
    await commit(store, clock);
    store.close();
    expect(readStore(file, 8500).dials).toContainEqual({ id: "wars", host: "towel", port: 23, mode: "stream" });
    const [device] = readStore(file, 9000).devices;
    expect(device?.log.at(-1)?.reason).toBe("silent");
    expect(device?.audit.at(-1)?.what).toBe("rename");
    expect(device?.queued.at(-1)?.id).toBe("q2");
  });

  it.each(VERSIONS)("lead from version %i to the shape of a new file, and leave that as it is", (version) => {
    const fresh = new Sqlite(":memory:");
    migrate(fresh, DEVICE_FILE);
    const old = new Sqlite(":memory:");
    migrate(old, DEVICE_FILE, version);
    migrate(old, DEVICE_FILE);
    migrate(old, DEVICE_FILE);
    expect(versionOf(old)).toBe(DEVICE_FILE.migrations.length);
    expect(schemaOf(old)).toEqual(schemaOf(fresh));
    for (const db of [fresh, old]) db.close();
  });

  it("happen wholly or not at all", () => {
    const db = new Sqlite(":memory:");
    migrate(db, DEVICE_FILE, 1);
    // Stands in the way of the second table of version 2.
    db.exec("CREATE TABLE audit (x)");
    const before = schemaOf(db);
    expect(() => migrate(db, DEVICE_FILE)).toThrow("audit");
    expect(versionOf(db)).toBe(1);
    expect(schemaOf(db)).toEqual(before);
    db.close();
  });
});
