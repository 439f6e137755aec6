import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import Sqlite from "better-sqlite3";
import { StartError } from "#base/program.ts";
import { fakeClock } from "../../../support/fake-clock.ts";
import { inlineHistory } from "../../../support/history-benches.ts";
import { putSeries, START } from "../../../support/history-contract.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();

/** A closed file with samples in chunks and in the journal. */
async function filledFile(): Promise<string> {
  const file = join(makeFolder(), "history.db");
  const clock = fakeClock();
  const history = inlineHistory(file, clock);
  await history.open();
  putSeries(
    history,
    "a",
    "t",
    Array.from({ length: 20_000 }, (_, i) => Math.sin(i)),
  );
  await history.committed();
  await clock.advance(700_000);
  putSeries(history, "a", "u", [1, 2, 3]);
  await history.close();
  return file;
}

/** The sentence with which the history does not open; the file is as it was. */
async function refusal(file: string): Promise<string> {
  const before = readFileSync(file);
  const history = inlineHistory(file, fakeClock());
  const error = await history.open().then(
    () => null,
    (fault: unknown) => fault,
  );
  expect(error).toBeInstanceOf(StartError);
  expect(readFileSync(file).equals(before)).toBe(true);
  const { message } = error as StartError;
  expect(message).toContain(file);
  expect(message).toContain("--data-dir DIR");
  return message;
}

describe("the history's file", () => {
  it("is refused when it is none, or cut short", async () => {
    const text = join(makeFolder(), "history.db");
    writeFileSync(text, "Dear diary, ".repeat(100));
    expect(await refusal(text)).toMatch(/is damaged \(it is no SQLite file\)/);
    const short = await filledFile();
    truncateSync(short, 8192);
    expect(await refusal(short)).toMatch(/is damaged .*aside to start without what it holds/);
  });

  it("is refused when it is one of another program, the device file among them", async () => {
    const file = join(makeFolder(), "history.db");
    const db = new Sqlite(file);
    db.pragma(`application_id = ${0x50_48_52_53}`);
    db.exec("CREATE TABLE photo (x)");
    db.close();
    expect(await refusal(file)).toMatch(/belongs to another program/);
  });

  it("is refused when a newer Pharos wrote it", async () => {
    const file = await filledFile();
    const db = new Sqlite(file);
    db.pragma("user_version = 999");
    db.close();
    expect(await refusal(file)).toMatch(/newer Pharos \(its version is 999, this one knows 1\). Update Pharos/);
  });

  it("is refused when another hub has it", async () => {
    const file = await filledFile();
    const first = inlineHistory(file, fakeClock());
    await first.open();
    await first.committed();
    expect(await refusal(file)).toMatch(/^Another hub uses .*Stop it first/);
    await first.close();
  });

  it("is refused when its journal is damaged", async () => {
    const file = await filledFile();
    const db = new Sqlite(file);
    db.exec("INSERT OR REPLACE INTO journal SELECT max(number), x'0102030405' FROM journal");
    db.close();
    expect(await refusal(file)).toMatch(/is damaged \(samples end too early\)/);
  });

  it("passes over a chunk and a roll-up that cannot be read, and says so once", async () => {
    const file = await filledFile();
    const db = new Sqlite(file);
    db.exec("UPDATE chunk SET data = x'07' WHERE number = (SELECT min(number) FROM chunk)");
    db.exec("UPDATE roll_up SET data = x'07' WHERE level = 1");
    db.close();
    const history = inlineHistory(file, fakeClock());
    const notices: string[] = [];
    history.onNotice((sentence) => notices.push(sentence));
    await history.open();
    for (let i = 0; i < 2; i++) {
      const points = await history.query({
        device: "a",
        property: "t",
        from: START,
        to: START + 20_000_000,
        points: 10,
      });
      expect(points.length).toBeGreaterThan(3);
    }
    expect(notices).toEqual([expect.stringMatching(/^A part of .*history.db cannot be read and is passed over/)]);
    await history.close();
  });
});
