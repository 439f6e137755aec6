import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { ERRORS } from "#protocol/errors.ts";
import { ROOT, readSources } from "./support/sources.ts";
import { countAny } from "./support/syntax.ts";

/** Sources without their strings of test cases: this file speaks of what it forbids. */
const sources = [...readSources()].filter(([path]) => path !== "test/house.test.ts");

/** `path:line` of every line that matches. */
function linesLike(pattern: RegExp): readonly string[] {
  return sources.flatMap(([path, source]) =>
    source.split("\n").flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}`] : [])),
  );
}

describe("the sources", () => {
  it("know no `any`", () => {
    expect(sources.filter(([path, source]) => countAny(path, source) > 0).map(([path]) => path)).toEqual([]);
  });

  it("silence no type check", () => {
    expect(linesLike(/@ts-(ignore|nocheck|expect-error)/)).toEqual([]);
  });

  it("leave nothing to do for later", () => {
    expect(linesLike(/\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
  });
});

describe("docs/protocol.md", () => {
  const rows = readFileSync(join(ROOT, "docs/protocol.md"), "utf8").matchAll(
    /^\| *`?([A-Z_]+)`? *\| *(\d+) *\| *(\d+) *\|/gm,
  );
  const documented = [...rows].map(([, code, status, close]) => ({
    code,
    status: Number(status),
    close: Number(close),
  }));

  it("has each error code with its status and close code, and no other", () => {
    const coded = Object.entries(ERRORS).map(([code, { status, close }]) => ({ code, status, close }));
    const byCode = (a: { code?: string | undefined }, b: { code?: string | undefined }): number =>
      `${a.code}` < `${b.code}` ? -1 : 1;
    expect(documented.sort(byCode)).toEqual(coded.sort(byCode));
  });
});
