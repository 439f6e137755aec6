import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { LONGEST } from "./support/longest-first.mjs";
import { ROOT } from "./support/sources.ts";

it("the suites that start first are there", () => {
  expect(LONGEST.filter((name) => !existsSync(join(ROOT, "test", `${name}.test.ts`)))).toEqual([]);
});
