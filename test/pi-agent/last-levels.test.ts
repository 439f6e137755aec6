import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createLastLevels } from "../../pi-agent/last-levels.ts";
import { eventually } from "../support/eventually.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();

function createLevels(path = join(newFolder(), "data/agent-a.json")) {
  const clock = fakeClock();
  const faults: string[] = [];
  const open = () => createLastLevels({ clock, path, onFault: (reason) => faults.push(reason.message) });
  return { clock, path, faults, open, levels: open() };
}

describe("the last brightnesses", () => {
  it("are there again after a start", async () => {
    const { levels, open } = createLevels();
    levels.put("brightness", 37);
    levels.put("lamp", 0);
    await levels.close();
    expect([open().get("brightness"), open().get("lamp"), open().get("other")]).toEqual([37, 0, undefined]);
  });

  it("are written within two seconds, and once for a whole drag of a slider", async () => {
    const { levels, clock, path } = createLevels();
    for (let level = 0; level <= 100; level++) {
      levels.put("brightness", level);
      await clock.advance(10);
    }
    expect(existsSync(path)).toBe(false);
    await clock.advance(990);
    await eventually(() => existsSync(path));
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ brightness: 100 });
    await levels.close();
  });

  it("are not written when nothing changed", async () => {
    const { levels, path } = createLevels();
    await levels.close();
    expect(existsSync(path)).toBe(false);
  });

  it.each(["", "{", "[]", '{"brightness":"x"}', '{"brightness":900}'])(
    "count as none in a damaged file: %p",
    async (text) => {
      const path = join(newFolder(), "agent-a.json");
      writeFileSync(path, text);
      const { levels } = createLevels(path);
      expect(levels.get("brightness")).toBeUndefined();
      levels.put("brightness", 5);
      await levels.close();
      expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ brightness: 5 });
    },
  );

  it("leave the old file whole until the new one is complete", async () => {
    const { levels, path } = createLevels();
    levels.put("brightness", 5);
    await levels.close();
    // A folder in the place of the temporary file makes the next write fail before it reaches the old one.
    mkdirSync(`${path}.new`);
    const { levels: next, faults } = createLevels(path);
    next.put("brightness", 6);
    await next.close();
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ brightness: 5 });
    expect(faults).toEqual([expect.stringContaining("EISDIR")]);
  });

  it("reach the file when the disk takes them again, though nothing is set any more", async () => {
    const folder = join(newFolder(), "data");
    writeFileSync(folder, "");
    const { levels, clock, faults, path } = createLevels(join(folder, "agent-a.json"));
    levels.put("brightness", 7);
    await clock.advance(2_000);
    await eventually(() => faults.length === 1);
    rmSync(folder);
    await clock.advance(10_000);
    await eventually(() => existsSync(path));
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ brightness: 7 });
    await levels.close();
  });

  it("are tried once more at the end after a write that failed", async () => {
    const folder = join(newFolder(), "data");
    writeFileSync(folder, "");
    const { levels, clock, faults, path } = createLevels(join(folder, "agent-a.json"));
    levels.put("brightness", 7);
    await clock.advance(2_000);
    await eventually(() => faults.length === 1);
    rmSync(folder);
    await levels.close();
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ brightness: 7 });
  });

  it("tell a failing write once", async () => {
    const path = join(newFolder(), "file");
    writeFileSync(path, "");
    const { levels, clock, faults } = createLevels(join(path, "agent-a.json"));
    for (const level of [1, 2, 3]) {
      levels.put("brightness", level);
      await clock.advance(2000);
    }
    await levels.close();
    expect(faults).toHaveLength(1);
    expect(levels.get("brightness")).toBe(3);
  });
});
