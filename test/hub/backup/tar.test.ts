import { spawnSync } from "node:child_process";
import { createWriteStream, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { describe, expect, it } from "@jest/globals";
import { readTar, type TarFile, writeTar } from "../../../hub/backup/tar.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();
const AT = Date.UTC(2026, 0, 31);

async function archive(contents: { readonly [name: string]: string }): Promise<string> {
  const folder = makeFolder();
  const files: TarFile[] = Object.entries(contents).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return { name, path };
  });
  const path = join(folder, "all.tar");
  await pipeline(writeTar(files, AT), createWriteStream(path));
  return path;
}

const CONTENTS = { "a.json": "{}\n", empty: "", "exactly.db": "x".repeat(512), "more.db": "y".repeat(200_001) };

describe("a tar archive", () => {
  it("gives back each file", async () => {
    const path = await archive(CONTENTS);
    const entries = (await readTar(path)) ?? [];
    const bytes = readFileSync(path);
    const read = entries.map((entry) => [entry.name, bytes.toString("utf8", entry.at, entry.at + entry.bytes)]);
    expect(Object.fromEntries(read)).toEqual(CONTENTS);
  });

  it("is one for tar too", async () => {
    const path = await archive(CONTENTS);
    const { stdout, stderr } = spawnSync("tar", ["--list", "--verbose", "--utc", "--file", path], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n")).toEqual([
      expect.stringMatching(/^-rw------- 0\/0 +3 2026-01-31 00:00 a\.json$/),
      expect.stringMatching(/ 0 2026-01-31 00:00 empty$/),
      expect.stringMatching(/ 512 2026-01-31 00:00 exactly\.db$/),
      expect.stringMatching(/ 200001 2026-01-31 00:00 more\.db$/),
    ]);
    expect(spawnSync("tar", ["--extract", "--to-stdout", "--file", path, "more.db"]).stdout.toString()).toBe(
      CONTENTS["more.db"],
    );
  });

  it("is none when it was cut short anywhere, or is something else", async () => {
    const path = await archive(CONTENTS);
    const whole = readFileSync(path);
    for (const bytes of [0, 100, 512, 1_024, 2_000, whole.length - 1_024]) {
      writeFileSync(path, whole);
      truncateSync(path, bytes);
      expect([bytes, await readTar(path)]).toEqual([bytes, null]);
    }
    writeFileSync(path, "no archive at all".repeat(1_000));
    expect(await readTar(path)).toBeNull();
    whole[0] = 0x62;
    writeFileSync(path, whole);
    expect(await readTar(path)).toBeNull();
  });
});
