/** Options that are kept for later: as given, and read back the same. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { option, parseRaw, rawConfig, rawFlags, readOptions, toBoolean, toNumber, UsageError } from "#base/options.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const TABLE = {
  pinNumber: option({ schema: z.preprocess(toNumber, z.number()), default: 21, value: "N", help: "" }),
  flag: option({ schema: z.preprocess(toBoolean, z.boolean()), default: true, help: "" }),
  words: option({ schema: z.array(z.string()), default: [], value: "W", many: true, help: "" }),
  text: option({ schema: z.string().transform((t) => t.toUpperCase()), default: "X", value: "T", help: "" }),
};

describe("raw options", () => {
  it("are what the flags say, typed where that is plain", () => {
    const args = ["--pin-number", "5", "--no-flag", "--words", "a", "--words", "b=1", "--text", "low"];
    expect(rawFlags(TABLE, args)).toEqual({ pinNumber: 5, flag: false, words: ["a", "b=1"], text: "low" });
  });

  it("give the same values from a file as from the flags", () => {
    const args = ["--pin-number", "5", "--no-flag", "--words", "a", "--text", "low"];
    const kept = JSON.parse(JSON.stringify(rawFlags(TABLE, args)));
    expect(parseRaw(TABLE, kept, "f.json")).toEqual(readOptions(TABLE, args, {}));
  });

  it("name every fault of a file at once", () => {
    expect(() => parseRaw(TABLE, { pinNumber: "x", old: 1 }, "f.json")).toThrow(
      /^pinNumber in f\.json: .*\nold in f\.json: there is no such option$/,
    );
  });

  it("come from a file by camelCase keys", () => {
    const path = join(newFolder(), "c.json");
    writeFileSync(path, '{"pin-number": 3}');
    expect(rawConfig(path)).toEqual({ pinNumber: 3 });
    writeFileSync(path, "[");
    expect(() => rawConfig(path)).toThrow(UsageError);
  });
});
