/** A backup of a hub that runs, over HTTP and by its commands, with the real stores, the real thread of the history and the real files. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import Sqlite from "better-sqlite3";
import { systemClock } from "#base/clock.ts";
import { readOptions } from "#base/options.ts";
import { AuditFile } from "../../../hub/access/audit-file.ts";
import { SqliteAccessStore } from "../../../hub/access/sqlite/sqlite-access-store.ts";
import { Backup } from "../../../hub/backup/backup.ts";
import { runBackup, runRestore } from "../../../hub/backup/backup-commands.ts";
import { HUB_OPTIONS } from "../../../hub/base/config.ts";
import { createLogger } from "../../../hub/base/logger.ts";
import { DATA_FILES } from "../../../hub/data-files.ts";
import { SqliteStore } from "../../../hub/devices/sqlite/sqlite-store.ts";
import { workerPort } from "../../../hub/history/sqlite/port.ts";
import { SqliteHistory } from "../../../hub/history/sqlite/sqlite-history.ts";
import { Hub } from "../../../hub/hub.ts";
import { bundleWorker } from "../../support/history-bundles.ts";
import { readStore } from "../../support/store-files.ts";
import { deviceRow } from "../../support/store-rows.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();
const clock = systemClock();
let worker = "";
let [out, err] = ["", ""];
let running: RunningHub[] = [];

beforeAll(async () => {
  worker = await bundleWorker(makeFolder());
});
beforeEach(() => {
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(running.map(({ close }) => close()));
  running = [];
});

interface RunningHub {
  readonly url: string;
  readonly hub: Hub;
  readonly store: SqliteStore;
  readonly history: SqliteHistory;
  close(): Promise<void>;
}

/** A closed hub on the folder, put together as main.ts does. */
async function startHub(dir: string): Promise<RunningHub> {
  const config = readOptions(
    HUB_OPTIONS,
    ["--port", "0", "--tcp-port", "0", "--host", "127.0.0.1", "--data-dir", dir],
    {},
  );
  const store = new SqliteStore({ file: join(dir, "pharos.db"), clock });
  const accessStore = new SqliteAccessStore({ file: join(dir, "access.db") });
  const history = new SqliteHistory({ file: join(dir, "history.db"), clock, connect: workerPort(worker) });
  const audit = new AuditFile({ file: join(dir, "audit.ndjson"), clock });
  const named = { "pharos.db": store, "access.db": accessStore, "history.db": history };
  const sources = Object.entries(named).map(([name, part]) => ({ name, copyTo: (file: string) => part.copyTo(file) }));
  const backup = new Backup({ dataDir: dir, version: "1.2.3", clock, sources, readAudit: () => audit.read() });
  const logger = createLogger(true, () => {});
  const parts = { clock, logger, pageDir: join(process.cwd(), "dist/web"), version: "1.2.3", store, history };
  const hub = new Hub(config, { ...parts, accessStore, audit, backup });
  const port = await hub.start();
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closed ??= hub.close();
    return closed;
  };
  const started = { url: `http://127.0.0.1:${port}`, hub, store, history, close };
  running.push(started);
  return started;
}

/** Devices, samples and people to find again. */
async function fill({ hub, store, history }: RunningHub, devices: readonly string[]): Promise<string> {
  for (const id of devices) {
    store.putDevice(deviceRow(id));
    for (let i = 0; i < 1_000; i++) {
      history.append({ device: id, property: "level", value: i, at: 1_700_000_000_000 + i * 1_000 });
    }
  }
  await store.committed();
  await hub.house.access.people.create(`friend of ${devices[0]}`.replaceAll(" ", "-"), "correct horse", "admin");
  return hub.house.access.tokens.create({ kind: "program", label: "backup", role: "admin" }).token;
}

/** What a hub that starts on the folder finds. */
async function found(dir: string): Promise<unknown> {
  const devices = readStore(join(dir, "pharos.db"), clock.now()).devices.map(({ id }) => id);
  const access = new SqliteAccessStore({ file: join(dir, "access.db") });
  const { users, tokens } = access.load();
  access.close();
  const history = new SqliteHistory({ file: join(dir, "history.db"), clock, connect: workerPort(worker) });
  await history.open();
  const series = (await history.listSeries()).map(({ device, samples }) => `${device}: ${samples}`);
  await history.close();
  return { devices, users: users.map(({ name }) => name), tokens: tokens.length, series };
}

const FOUND = { devices: ["lamp"], users: ["friend-of-lamp"], tokens: 1, series: ["lamp: 1000"] };

async function run(what: typeof runBackup, words: readonly string[], token?: string): Promise<number> {
  [out, err] = ["", ""];
  const env = token === undefined ? {} : { PHAROS_TOKEN: token };
  const readAudit = (dir: string) => new AuditFile({ file: join(dir, "audit.ndjson"), clock }).read();
  return what(words, {
    clock,
    version: "1.2.3",
    files: DATA_FILES,
    env,
    readAudit,
    say: (line) => (out += `${line}\n`),
  });
}

describe("a backup", () => {
  it("is made while the hub runs and is written to, and comes back in an empty folder", async () => {
    const dir = makeFolder();
    const hub = await startHub(dir);
    const token = await fill(hub, ["lamp"]);
    const file = join(makeFolder(), "all.tar");
    let isDone = false;
    const writing = (async () => {
      for (let i = 0; !isDone; i++) {
        hub.store.putReported("lamp", "level", { value: i, at: i });
        await hub.store.committed();
      }
    })();
    expect(await run(runBackup, [file, "--hub", hub.url], token)).toBe(0);
    isDone = true;
    await writing;
    expect([out, err]).toEqual([expect.stringMatching(/all\.tar holds all that lasts \(\d+\.\d MB\)\.\n$/), ""]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir).filter((name) => name.includes("tmp"))).toEqual([]);
    const restored = join(makeFolder(), "new", "data");
    expect(await run(runRestore, [file, "--data-dir", restored])).toBe(0);
    expect(out).toMatch(/data is as it was at 20\d\d-\d\d-\d\d \d\d:\d\d UTC \(Pharos 1\.2\.3\)\.\n$/);
    expect(readdirSync(restored).sort()).toEqual(["access.db", "audit.ndjson", "history.db", "pharos.db"]);
    for (const name of readdirSync(restored)) expect(statSync(join(restored, name)).mode & 0o777).toBe(0o600);
    expect(await found(restored)).toEqual(FOUND);
    expect(readFileSync(join(restored, "audit.ndjson"), "utf8")).toMatch(/"who":"token backup".*"what":"backup"/);
  });

  it("is for admins, and says so", async () => {
    const hub = await startHub(makeFolder());
    const viewer = hub.hub.house.access.tokens.create({ kind: "program", label: "looks", role: "viewer" }).token;
    const file = join(makeFolder(), "all.tar");
    for (const [token, status] of [
      [undefined, 401],
      [viewer, 403],
      ["wrong", 401],
    ] as const) {
      expect(await run(runBackup, [file, "--hub", hub.url], token)).toBe(1);
      expect(err).toContain(`refuses (${status})`);
      expect(err).toContain("Put the token of an admin into PHAROS_TOKEN.");
    }
    await hub.close();
    expect(await run(runBackup, [file, "--hub", hub.url])).toBe(1);
    expect(err).toMatch(/^Cannot reach http:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED/);
    expect(readdirSync(join(file, ".."))).toEqual([]);
  });

  it("is one at a time, and leaves nothing when its reader goes", async () => {
    const dir = makeFolder();
    const hub = await startHub(dir);
    const token = await fill(hub, ["lamp"]);
    const headers = { authorization: `Bearer ${token}` };
    const get = () => fetch(`${hub.url}/api/backup`, { headers });
    const both = await Promise.all([get(), get()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 429]);
    for (const { body } of both) await body?.cancel();
    let status = 429;
    for (let i = 0; i < 200 && status === 429; i++) {
      const response = await get();
      status = response.status;
      await response.arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(status).toBe(200);
    expect(existsSync(join(dir, "backup.tmp"))).toBe(false);
  });

  it("is made of a folder on which no hub runs; else the sentence says how", async () => {
    const dir = makeFolder();
    const hub = await startHub(dir);
    await fill(hub, ["lamp"]);
    const file = join(makeFolder(), "all.tar");
    expect(await run(runBackup, [file, "--data-dir", dir])).toBe(1);
    expect(err).toMatch(/^A hub runs on .* --hub http:\/\/localhost:5000/);
    await hub.close();
    expect(await run(runBackup, [file, "--data-dir", dir])).toBe(0);
    const restored = makeFolder();
    expect(await run(runRestore, [file, "--data-dir", restored])).toBe(0);
    expect(await found(restored)).toEqual(FOUND);
    expect(await run(runBackup, [file, "--data-dir", makeFolder()])).toBe(1);
    expect(err).toMatch(/^No hub keeps its data in /);
  });
});

describe("a restore", () => {
  async function backedUp(): Promise<{ readonly dir: string; readonly file: string }> {
    const dir = makeFolder();
    const hub = await startHub(dir);
    await fill(hub, ["lamp"]);
    await hub.close();
    const file = join(makeFolder(), "all.tar");
    expect(await run(runBackup, [file, "--data-dir", dir])).toBe(0);
    return { dir, file };
  }

  /** Names and bytes of all in a folder. */
  function contents(dir: string): unknown {
    return readdirSync(dir).map((name) => [
      name,
      statSync(join(dir, name)).isFile() && readFileSync(join(dir, name), "hex"),
    ]);
  }

  it("keeps what was there aside", async () => {
    const { file } = await backedUp();
    const dir = makeFolder();
    const hub = await startHub(dir);
    await fill(hub, ["fan", "pump"]);
    await hub.close();
    writeFileSync(join(dir, "audit.1.ndjson"), "");
    writeFileSync(join(dir, "led.json"), "of the agent");
    expect(await run(runRestore, [file, "--data-dir", dir])).toBe(0);
    expect(await found(dir)).toEqual(FOUND);
    const aside = /is in (\S+):/.exec(out)?.[1] ?? "";
    expect(await found(aside)).toMatchObject({ devices: ["fan", "pump"], series: ["fan: 1000", "pump: 1000"] });
    expect(readdirSync(aside)).toContain("audit.1.ndjson");
    expect(readFileSync(join(dir, "led.json"), "utf8")).toBe("of the agent");
  });

  it("works on a folder whose files are damaged", async () => {
    const { dir, file } = await backedUp();
    for (const name of ["pharos.db", "access.db", "history.db"]) writeFileSync(join(dir, name), "damaged");
    expect(await run(runRestore, [file, "--data-dir", dir])).toBe(0);
    expect(await found(dir)).toEqual(FOUND);
  });

  it("touches nothing while a hub runs on the folder", async () => {
    const { file } = await backedUp();
    const dir = makeFolder();
    await startHub(dir);
    expect(await run(runRestore, [file, "--data-dir", dir])).toBe(1);
    expect(err).toMatch(/^Another hub uses .*\. Stop it first/);
    expect(readdirSync(dir).filter((name) => /restore/.test(name))).toEqual([]);
  });

  it.each([
    ["is cut short", (file: string) => truncateSync(file, statSync(file).size - 600), /is no whole backup of Pharos/],
    ["is something else", (file: string) => writeFileSync(file, "no backup"), /is no whole backup of Pharos/],
    ["is not there", (file: string) => mkdirSync(`${file}.d`), /Cannot read .*\(ENOENT\)/],
  ])("refuses a file that %s, and touches nothing", async (what, spoil, sentence) => {
    const { dir, file } = await backedUp();
    spoil(file);
    const before = contents(dir);
    expect(await run(runRestore, [what === "is not there" ? `${file}.none` : file, "--data-dir", dir])).toBe(1);
    expect(err).toMatch(sentence);
    expect(contents(dir)).toEqual(before);
  });

  it.each(["pharos.db", "access.db", "history.db"] as const)(
    "refuses a backup of a newer Pharos, told by its %s, and touches nothing",
    async (name) => {
      const { dir } = await backedUp();
      const newer = makeFolder();
      const hub = await startHub(newer);
      await hub.close();
      const db = new Sqlite(join(newer, name));
      db.pragma(`user_version = ${DATA_FILES[name].migrations.length + 1}`);
      db.close();
      const sources = Object.keys(DATA_FILES).map((one) => ({
        name: one,
        copyTo: async (copy: string) => writeFileSync(copy, readFileSync(join(newer, one))),
      }));
      const file = join(makeFolder(), "newer.tar");
      const backup = new Backup({ dataDir: newer, version: "9", clock, sources, readAudit: async function* () {} });
      const pieces: Uint8Array[] = [];
      for await (const piece of backup.pieces()) pieces.push(piece);
      writeFileSync(file, Buffer.concat(pieces));
      const before = contents(dir);
      expect(await run(runRestore, [file, "--data-dir", dir])).toBe(1);
      expect(err).toMatch(/was written by a newer Pharos .*Update Pharos/);
      expect(contents(dir)).toEqual(before);
    },
  );

  it("says what is missing", async () => {
    expect(await run(runBackup, [])).toBe(2);
    expect(err).toContain("FILE: say which, as in: pharos backup pharos.tar");
    expect(await run(runRestore, ["--data-dir", makeFolder()])).toBe(2);
    expect(err).toContain("FILE: say which, as in: pharos restore pharos.tar");
    expect(await run(runBackup, ["a.tar", "--hub", "localhost"])).toBe(2);
    expect(err).toContain("must be an address like http://localhost:5000");
  });
});
