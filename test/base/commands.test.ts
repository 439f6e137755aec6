/** A program with commands of its own, as `pharos agent install`. */
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { type Program, runCommands } from "#base/program.ts";

type Nothing = Record<string, never>;

describe("a program with commands", () => {
  let out = "";
  let ran: string[] = [];

  beforeEach(() => {
    out = "";
    ran = [];
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, "write").mockImplementation((text) => {
        out += String(text);
        return true;
      });
    }
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  function program(word: string): Program<Nothing> {
    const run = async (_: unknown, __: unknown, args: readonly string[]): Promise<number> => {
      ran.push([word, ...args].join(" "));
      return 0;
    };
    return { usage: `pharos ${word} [options]`, summary: `${word} it.\nMore.`, options: {}, run };
  }
  const run = (...args: string[]): Promise<number> => runCommands(program("main"), { go: program("go") }, args);

  it("runs the command of the first word, else itself", async () => {
    expect([await run("go"), await run()]).toEqual([0, 0]);
    expect(ran).toEqual(["go", "main"]);
  });

  it("lists its commands in its help, by the first line of each", async () => {
    await run("--help");
    expect(out).toContain("main it.\nMore.\n\n  pharos go [options]  go it.\n");
  });

  it("has no command that it does not name", async () => {
    expect(await run("toString")).toBe(2);
    expect(out).toContain("toString: unexpected word");
  });
});
