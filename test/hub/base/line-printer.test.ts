import { describe, expect, it } from "@jest/globals";
import { LinePrinter } from "../../../hub/base/line-printer.ts";

describe("a line printer", () => {
  it("writes the lines of one turn together, in their order, at its end", async () => {
    const written: string[] = [];
    const printer = new LinePrinter((text) => written.push(text));
    printer.print("one\n");
    printer.print("two\n");
    expect(written).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    printer.print("three\n");
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toEqual(["one\ntwo\n", "three\n"]);
  });

  it("writes at once what waits when the process is to end, and nothing twice", async () => {
    const written: string[] = [];
    const printer = new LinePrinter((text) => written.push(text));
    printer.print("last words\n");
    printer.flush();
    expect(written).toEqual(["last words\n"]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toEqual(["last words\n"]);
  });
});
