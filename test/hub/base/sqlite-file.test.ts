import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import Sqlite from "better-sqlite3";
import { StartError } from "#base/program.ts";
import { openSqliteFile } from "../../../hub/base/sqlite-file.ts";
import { DEVICE_FILE } from "../../../hub/devices/sqlite/migrations.ts";
import { SqliteStore } from "../../../hub/devices/sqlite/sqlite-store.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { smallDisk } from "../../support/small-disk.ts";
import { copyAsCrashed, readStore } from "../../support/store-files.ts";
import { commit, deviceRow } from "../../support/store-rows.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();

/** A closed file with 200 devices. */
async function filledFile(): Promise<string> {
  const file = join(makeFolder(), "devices.db");
  const clock = fakeClock();
  const store = new SqliteStore({ file, clock });
  store.load(clock.now());
  for (let i = 0; i < 200; i++) store.putDevice(deviceRow(`lamp-${i}`));
  await commit(store, clock);
  store.close();
  return file;
}

/** The sentence with which the hub does not start. */
function refusal(file: string): string {
  try {
    readStore(file);
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return (error as StartError).message;
  }
  throw new Error("the file was taken");
}

/** A refusal, after which the file is there as it was. */
function refusalWithoutTouch(file: string): string {
  const before = readFileSync(file);
  const sentence = refusal(file);
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(sentence).toContain(file);
  expect(sentence).toContain("--data-dir DIR");
  return sentence;
}

describe("the device file", () => {
  it("is made whole, and alone in its folder when it is closed", () => {
    const file = join(makeFolder(), "devices.db");
    readStore(file);
    expect(readdirSync(dirname(file))).toEqual([basename(file)]);
    const db = new Sqlite(file, { readonly: true });
    expect(db.pragma("application_id", { simple: true })).toBe(DEVICE_FILE.applicationId);
    db.close();
  });

  it("is made in spite of a draft that a crash left", () => {
    const file = join(makeFolder(), "devices.db");
    writeFileSync(`${file}.new`, "half a draft");
    expect(readStore(file).devices).toEqual([]);
    expect(readdirSync(dirname(file))).toEqual([basename(file)]);
  });

  it("is refused with a sentence that says what to do, when it is", async () => {
    const text = join(makeFolder(), "devices.db");
    writeFileSync(text, "Dear diary, ".repeat(100));
    expect(refusalWithoutTouch(text)).toMatch(/is damaged \(it is no SQLite file\)/);
    const empty = join(makeFolder(), "devices.db");
    writeFileSync(empty, "");
    expect(refusalWithoutTouch(empty)).toMatch(/is damaged/);
    const short = await filledFile();
    truncateSync(short, 8192);
    expect(refusalWithoutTouch(short)).toMatch(/is damaged/);
  });

  it("is refused when a page in its middle was overwritten", async () => {
    const file = await filledFile();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, Math.floor(bytes.length / 8192) * 4096, Math.floor(bytes.length / 8192) * 4096 + 4096);
    writeFileSync(file, bytes);
    expect(refusalWithoutTouch(file)).toMatch(/is damaged .*aside to start without what it holds/);
  });

  it("is refused when what should be JSON is none", async () => {
    const file = await filledFile();
    const db = new Sqlite(file);
    db.exec("UPDATE device SET rooms = '[oh' WHERE id = 'lamp-7'");
    db.close();
    expect(refusal(file)).toMatch(/is damaged \(.*JSON/);
  });

  it("is refused when a table is missing", async () => {
    const file = await filledFile();
    const db = new Sqlite(file);
    db.exec("DROP TABLE audit");
    db.close();
    expect(refusal(file)).toMatch(/is damaged \(no such table: audit\)/);
  });

  it("is refused when it is one of another program, even with a log to be taken in", () => {
    const file = join(makeFolder(), "devices.db");
    const db = new Sqlite(file);
    db.pragma("journal_mode = WAL");
    db.exec("CREATE TABLE photo (x); INSERT INTO photo VALUES (1)");
    const copy = `${file}.foreign`;
    db.pragma("wal_checkpoint");
    db.exec("INSERT INTO photo VALUES (2)");
    copyAsCrashed(file, copy);
    db.close();
    const log = readFileSync(`${copy}-wal`);
    expect(refusalWithoutTouch(copy)).toMatch(/belongs to another program/);
    expect(readFileSync(`${copy}-wal`).equals(log)).toBe(true);
  });

  it("is refused when a newer Pharos wrote it", async () => {
    const file = await filledFile();
    const db = new Sqlite(file);
    db.pragma("user_version = 999");
    db.close();
    expect(refusalWithoutTouch(file)).toMatch(/newer Pharos \(its version is 999, this one knows \d+\). Update Pharos/);
  });

  it("is refused when it is a folder", () => {
    const file = join(makeFolder(), "devices.db");
    mkdirSync(file);
    expect(refusal(file)).toMatch(/is a folder\. Move it aside.*--data-dir DIR/);
    expect(statSync(file).isDirectory()).toBe(true);
  });

  it("is not made anew beside the log of one that is missing", async () => {
    const file = join(makeFolder(), "devices.db");
    const clock = fakeClock();
    const store = new SqliteStore({ file, clock });
    store.load(clock.now());
    store.putDevice(deviceRow("a"));
    await commit(store, clock);
    const copy = `${file}.crashed`;
    copyAsCrashed(file, copy);
    store.close();
    rmSync(copy);
    expect(refusal(copy)).toMatch(/is missing, but its log .*-wal is there. Put the file back/);
  });

  it("serves one hub at a time", () => {
    const file = join(makeFolder(), "devices.db");
    const db = openSqliteFile(file, DEVICE_FILE);
    db.prepare("SELECT * FROM device").all();
    expect(refusal(file)).toMatch(/^Another hub uses .*Stop it first/);
    db.close();
    expect(readStore(file).devices).toEqual([]);
  });

  it("passes a fault on that no user can mend", () => {
    const open = (): never => {
      throw new TypeError("a mistake");
    };
    const store = new SqliteStore({ file: "x", clock: fakeClock(), open });
    expect(() => store.load(0)).toThrow(TypeError);
  });
});

describe("the device file on a disk that takes nothing", () => {
  const disk = smallDisk(makeFolder);

  disk.it("is refused where the disk is read-only, old or new", () => {
    readStore(join(disk.folder, "devices.db"));
    disk.setReadOnly(true);
    try {
      expect(refusal(join(disk.folder, "devices.db"))).toMatch(/^Cannot write to .*\(EROFS\).*--data-dir DIR/);
      expect(refusal(join(disk.folder, "other.db"))).toMatch(/^Cannot write to .*--data-dir DIR/);
    } finally {
      disk.setReadOnly(false);
    }
  });

  disk.it("is refused where it cannot be made for want of room", () => {
    disk.fill();
    expect(refusal(join(disk.folder, "new.db"))).toMatch(/^The disk does not take .*Make room on it/);
    disk.free();
    expect(readStore(join(disk.folder, "new.db")).devices).toEqual([]);
  });
});
