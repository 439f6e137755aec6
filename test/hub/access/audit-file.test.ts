import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { AuditRecord } from "#protocol/access.ts";
import { AuditFile } from "../../../hub/access/audit-file.ts";
import { type AuditLog, MemoryAuditLog } from "../../../hub/access/audit-log.ts";
import { eventually } from "../../support/eventually.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";
import { smallDisk } from "../../support/small-disk.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();

function record(number: number, changes: Partial<AuditRecord> = {}): AuditRecord {
  return { at: number, who: "ann", from: "10.0.0.7", what: "set", target: "lamp-1", result: "done", ...changes };
}

interface Bench {
  readonly file: string;
  readonly clock: FakeClock;
  readonly heard: Array<readonly [boolean, string | null]>;
  open(mostBytes?: number): AuditFile;
}

function bench(folder = makeFolder()): Bench {
  const file = join(folder, "audit.ndjson");
  const clock = fakeClock();
  const heard: Array<readonly [boolean, string | null]> = [];
  const open = (mostBytes?: number): AuditFile => {
    const log = new AuditFile({ file, clock, ...(mostBytes !== undefined && { mostBytes }) });
    log.onHealth((isWritable, fault) => heard.push([isWritable, fault]));
    return log;
  };
  return { file, clock, heard, open };
}

async function readAll(log: AuditLog): Promise<readonly AuditRecord[]> {
  let text = "";
  for await (const piece of log.read()) {
    expect(piece === "" || piece.endsWith("\n")).toBe(true);
    text += piece;
  }
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as AuditRecord);
}

describe.each<[string, () => AuditLog]>([
  ["in a file", () => bench().open()],
  ["in memory", () => new MemoryAuditLog()],
])("the audit log %s", (_, make) => {
  it("gives back all records as they were written, oldest first", async () => {
    const log = make();
    expect(await readAll(log)).toEqual([]);
    const records = Array.from({ length: 1_000 }, (_, i) => record(i, { target: `Zoë's «lamp»\n${i}` }));
    for (const one of records) log.write(one);
    expect(await readAll(log)).toEqual(records);
    await log.close();
  });
});

describe("the audit file", () => {
  it("is for nobody but its user, and keeps what a hub before it wrote", async () => {
    const { file, open } = bench();
    const first = open();
    first.write(record(1));
    await first.close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = open();
    second.write(record(2));
    expect(await readAll(second)).toEqual([record(1), record(2)]);
    await second.close();
    await second.close();
    second.write(record(3));
    expect(readFileSync(file, "utf8").split("\n")).toHaveLength(3);
  });

  it("is not made before there is something to write", async () => {
    const { file, open } = bench();
    const log = open();
    expect(await readAll(log)).toEqual([]);
    await log.close();
    expect(existsSync(file)).toBe(false);
  });

  it("closes a line that a crash cut short, and passes it over", async () => {
    const { file, open } = bench();
    writeFileSync(file, `${JSON.stringify(record(1))}\n{"at":2,"who":"a}`);
    const log = open();
    expect(await readAll(log)).toEqual([record(1)]);
    log.write(record(3));
    expect(await readAll(log)).toEqual([record(1), record(3)]);
    await log.close();
    expect(readFileSync(file, "utf8")).toBe(
      `${JSON.stringify(record(1))}\n{"at":2,"who":"a}\n${JSON.stringify(record(3))}\n`,
    );
  });

  it("is put aside when it is full, and five files are kept", async () => {
    const { file, open } = bench();
    const most = 2_000;
    for (let round = 0; round < 30; round++) {
      const log = open(most);
      for (let i = 0; i < 5; i++) log.write(record(round * 5 + i));
      await log.close();
    }
    const folder = join(file, "..");
    const names = ["audit.1.ndjson", "audit.2.ndjson", "audit.3.ndjson", "audit.4.ndjson", "audit.ndjson"];
    expect(readdirSync(folder).sort()).toEqual(names);
    for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(most);
    for (const name of names) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    const log = open(most);
    const kept = (await readAll(log)).map(({ at }) => at);
    expect(kept.at(-1)).toBe(149);
    expect(kept).toEqual(Array.from(kept, (_, i) => 150 - kept.length + i));
    await log.close();
  });

  it("is read as it was, also when it is put aside meanwhile", async () => {
    const { open } = bench();
    const log = open(20_000);
    for (let i = 0; i < 500; i++) log.write(record(i));
    const before = await readAll(log);
    const reading = log.read()[Symbol.asyncIterator]();
    let text = (await reading.next()).value ?? "";
    for (let i = 500; i < 2_000; i++) log.write(record(i));
    await readAll(log);
    for (let next = await reading.next(); !next.done; next = await reading.next()) text += next.value;
    expect(text).toBe(before.map((one) => `${JSON.stringify(one)}\n`).join(""));
    await log.close();
  });

  it("keeps no word of a record longer than 500 characters", async () => {
    const { open } = bench();
    const log = open();
    log.write(record(1, { target: "x".repeat(100_000) }));
    expect((await readAll(log))[0]?.target).toBe("x".repeat(500));
    await log.close();
  });
});

describe("the audit file on a disk that takes nothing", () => {
  const disk = smallDisk(makeFolder);

  disk.it("tells it once, cuts no line, and goes on when there is room again", async () => {
    const { clock, heard, open } = bench(disk.folder);
    const log = open();
    log.write(record(0));
    await readAll(log);
    disk.fill();
    for (let i = 1; i < 200; i++) log.write(record(i));
    await eventually(() => heard.length > 0);
    await clock.advance(30_000);
    await readAll(log);
    log.write(record(200));
    expect(heard).toEqual([[false, expect.stringMatching(/^The disk is full: make room on it\. /)]]);
    expect((await readAll(log)).map(({ at }) => at)).toEqual(Array.from({ length: 201 }, (_, i) => i));
    disk.free();
    await clock.advance(20_000);
    await eventually(() => heard.length > 1);
    expect(heard[1]).toEqual([true, null]);
    await log.close();
    const next = open();
    expect((await readAll(next)).map(({ at }) => at)).toEqual(Array.from({ length: 201 }, (_, i) => i));
    await next.close();
  });

  it("keeps 10,000 records, and says how many were lost", async () => {
    const { clock, heard, file, open } = bench();
    // A folder in its place: nothing can be written.
    mkdirSync(file);
    const log = open();
    for (let i = 0; i < 10_005; i++) log.write(record(i));
    await eventually(() => heard.length > 0);
    expect(heard[0]?.[1]).toMatch(/^The disk takes nothing: EISDIR/);
    rmdirSync(file);
    await clock.advance(20_000);
    await eventually(() => heard.length > 1);
    const all = await readAll(log);
    expect(all).toHaveLength(10_001);
    expect(all.filter(({ what }) => what === "set").at(-1)).toEqual(record(9_999));
    expect(all.filter(({ what }) => what === "audit")).toEqual([
      { at: clock.now(), who: "-", from: "-", what: "audit", target: "lost", result: "5 records" },
    ]);
    await log.close();
  });

  it("ends although nothing can be written", async () => {
    const { file, open } = bench();
    mkdirSync(file);
    const log = open();
    log.write(record(1));
    await log.close();
    expect(statSync(file).isDirectory()).toBe(true);
  });
});
