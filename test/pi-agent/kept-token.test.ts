import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { keepToken, readToken } from "../../pi-agent/kept-token.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

describe("the token that the hub gave", () => {
  const newFolder = temporaryFolders();

  it("is there after a restart, and nobody else reads it", () => {
    const path = join(newFolder(), "made", "agent-pi.token");
    expect(readToken(path)).toBeNull();
    keepToken(path, "first");
    keepToken(path, "second");
    expect(readToken(path)).toBe("second");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).toBe("second\n");
  });

  it("is none where the file is empty, too long, or a folder", () => {
    const folder = newFolder();
    for (const text of ["", "\n", "x".repeat(513)]) {
      writeFileSync(join(folder, "token"), text);
      expect(readToken(join(folder, "token"))).toBeNull();
    }
    mkdirSync(join(folder, "other"));
    expect(readToken(join(folder, "other"))).toBeNull();
  });

  it("that cannot be kept is told", () => {
    expect(() => keepToken("/proc/token", "x")).toThrow();
  });
});
