import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { openSqliteFile } from "../../../../hub/base/sqlite-file.ts";
import { HISTORY_LIMITS } from "../../../../hub/history/history-limits.ts";
import { HISTORY_FILE } from "../../../../hub/history/sqlite/history-file.ts";
import type { SqliteHistory } from "../../../../hub/history/sqlite/sqlite-history.ts";
import { type FakeClock, fakeClock } from "../../../support/fake-clock.ts";
import { gather, inlineHistory } from "../../../support/history-benches.ts";
import { smallDisk } from "../../../support/small-disk.ts";
import { copyAsCrashed } from "../../../support/store-files.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();

/** A thousand samples a second that do not pack well. @returns how many there are */
async function measure(history: SqliteHistory, clock: FakeClock, seconds: number, from = 0): Promise<number> {
  let n = from;
  for (let i = 0; i < seconds; i++) {
    for (let k = 0; k < 1000; k++, n++) {
      history.append({ device: "a", property: "n", value: Math.sin(n) + n, at: clock.now() + k });
    }
    await clock.advance(1000);
  }
  return n;
}

async function countRows(history: SqliteHistory, id: string): Promise<number> {
  return (await gather(history.exportCsv(id))).trimEnd().split("\r\n").length - 1;
}

/** What holds of any disk that fills up in the middle of a recording, and is freed. */
async function endures(
  history: SqliteHistory,
  clock: FakeClock,
  file: string,
  disk: { readonly fill: () => void; readonly free: () => void },
): Promise<void> {
  const heard: Array<readonly [boolean, string | null]> = [];
  history.onHealth((isWritable, fault) => heard.push([isWritable, fault]));
  const { id } = await history.startRecording({ name: "run", by: "page" });
  const before = await measure(history, clock, 5);
  await clock.advance(1000);
  disk.fill();
  const during = await measure(history, clock, 60, before);
  expect(history.isWritable).toBe(false);
  expect(heard).toEqual([[false, "The disk is full: make room on it."]]);
  await expect(history.committed()).rejects.toMatchObject({ code: "STORAGE" });
  await expect(history.startRecording({ name: "other", by: "page" })).rejects.toMatchObject({ code: "STORAGE" });
  expect(await countRows(history, id)).toBe(during);
  expect(history.pressure).toBeGreaterThan(0);
  // The power goes: what was there a second before the disk was full is there.
  const copy = join(makeFolder(), "copy.db");
  copyAsCrashed(file, copy);
  const other = inlineHistory(copy, fakeClock(clock.now()));
  await other.open();
  expect((await other.getRecording(id)).samples).toBeGreaterThanOrEqual(before);
  expect(await countRows(other, id)).toBe((await other.getRecording(id)).samples + 1);
  await other.close();
  expect(await history.stopRecording(id)).toMatchObject({ samples: during });
  disk.free();
  await clock.advance(HISTORY_LIMITS.retryMaxMs + 1000);
  expect(history.isWritable).toBe(true);
  expect(heard.at(-1)).toEqual([true, null]);
  expect(history.pressure).toBe(0);
  await history.close();
  const next = inlineHistory(file, clock);
  await next.open();
  expect(await next.getRecording(id)).toMatchObject({ samples: during, stoppedAt: expect.any(Number) });
  expect(await countRows(next, id)).toBe(during);
  await next.close();
}

describe("a recording on a disk that fills up", () => {
  const disk = smallDisk(makeFolder);

  disk.it(
    "is there, exportable, and goes on when there is room",
    async () => {
      const clock = fakeClock();
      const file = join(disk.folder, "history.db");
      const history = inlineHistory(file, clock);
      await history.open();
      await endures(history, clock, file, disk);
    },
    60_000,
  );

  it("likewise where the file may not grow", async () => {
    const clock = fakeClock();
    const file = join(makeFolder(), "history.db");
    const db = openSqliteFile(file, HISTORY_FILE);
    const history = inlineHistory(file, clock, { openFile: () => db });
    await history.open();
    const fill = () => db.pragma("max_page_count = 1");
    await endures(history, clock, file, { fill, free: () => db.pragma("max_page_count = 1000000") });
  });
});
