import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Line, LineReader } from "../../../hub/doors/line-reader.ts";

function read(reader: LineReader, ...chunks: readonly (string | Buffer)[]): Line[] {
  const lines: Line[] = [];
  for (const chunk of chunks) {
    reader.feed(Buffer.from(chunk));
    for (let line = reader.next(); line !== null; line = reader.next()) lines.push(line);
  }
  return lines;
}

/** Texts as they are, faults as their code. */
function shortly(lines: readonly Line[]): string[] {
  return lines.map((line) => (line.kind === "text" ? line.text : `<${line.code}>`));
}

describe("the line reader", () => {
  it.each([
    [["a\nb\n"], ["a", "b"]],
    [["a\r\nb\r\n"], ["a", "b"]],
    [["a\r", "\nb"], ["a"]],
    [["\n\r\n\n"], ["", "", ""]],
    [["a\rb\n"], ["a\rb"]],
    [["a\r\r\n"], ["a\r"]],
    [["a\0b\n"], ["a\0b"]],
    [["\ufeffa\n"], ["\ufeffa"]],
  ])("reads %j as %j", (chunks, texts) => {
    expect(shortly(read(new LineReader(100), ...chunks))).toEqual(texts);
  });

  it("takes the last line without an end, once", () => {
    const reader = new LineReader(100);
    expect(read(reader, "one\ntwo")).toHaveLength(1);
    expect(reader.end()).toEqual({ kind: "text", text: "two" });
    expect(reader.end()).toBeNull();
  });

  it("takes a line of the largest size with either end, and none larger", () => {
    const most = "x".repeat(10);
    for (const end of ["\n", "\r\n"]) {
      expect(shortly(read(new LineReader(10), most + end))).toEqual([most]);
      expect(shortly(read(new LineReader(10), ...`${most}${end}`))).toEqual([most]);
      expect(shortly(read(new LineReader(10), `${most}y${end}b\n`))).toEqual(["<TOO_BIG>", "b"]);
      expect(shortly(read(new LineReader(10), ...`${most}y${end}b\n`))).toEqual(["<TOO_BIG>", "b"]);
    }
  });

  it("says once that a line is too long, while it still comes", () => {
    const reader = new LineReader(10);
    expect(shortly(read(reader, ...Array.from({ length: 1000 }, () => "xxxxx")))).toEqual(["<TOO_BIG>"]);
    expect(shortly(read(reader, "x\nnext\n"))).toEqual(["next"]);
    read(reader, "x".repeat(50));
    expect(reader.end()).toBeNull();
  });

  it("drops a line that is no UTF-8, and goes on", () => {
    const bad = [Buffer.from([0xc3, 0x28, 0x0a]), Buffer.from([0xe2, 0x82, 0x0a]), Buffer.from([0xff, 0x0a])];
    expect(shortly(read(new LineReader(100), ...bad, "ok\n"))).toEqual([
      "<BAD_FRAME>",
      "<BAD_FRAME>",
      "<BAD_FRAME>",
      "ok",
    ]);
  });

  it("gives the same lines however they were split", () => {
    const line = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, ""));
    const ended = fc.tuple(line, fc.constantFrom("\n", "\r\n"));
    fc.assert(
      fc.property(fc.array(ended), fc.array(fc.nat({ max: 40 })), (lines, cuts) => {
        const bytes = Buffer.from(lines.map(([text, end]) => text + end).join(""));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        chunks.push(bytes.subarray(at));
        expect(shortly(read(new LineReader(1000), ...chunks))).toEqual(lines.map(([text]) => text));
      }),
    );
  });
});
