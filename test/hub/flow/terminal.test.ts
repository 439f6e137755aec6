import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { LIMITS } from "../../../hub/base/limits.ts";
import { cutForFrames, lastOf, Terminal } from "../../../hub/flow/terminal.ts";

describe("a terminal", () => {
  it("gathers text, and keeps the last of what was told", () => {
    const terminal = new Terminal();
    terminal.write(Buffer.from("a"));
    terminal.write(Buffer.from("b"));
    expect([terminal.pending, terminal.scrollback, terminal.take(), terminal.take()]).toEqual([2, "", "ab", ""]);
    for (let i = 0; i < 20; i++) {
      terminal.write(Buffer.alloc(10_000, "x"));
      terminal.take();
    }
    expect(terminal.scrollback).toHaveLength(LIMITS.streamScrollback);
  });

  it("begins anew with a whole character after the connection ended within one", () => {
    const terminal = new Terminal();
    terminal.write(Buffer.from([0xe2, 0x82]));
    terminal.end();
    terminal.write(Buffer.from("ok"));
    expect(terminal.take()).toBe("\ufffdok");
  });

  it("keeps no half of a character", () => {
    expect(lastOf("a🚨b", 2)).toBe("b");
    expect(lastOf("a🚨b", 3)).toBe("🚨b");
  });
});

describe("text cut for frames", () => {
  it("is whole, in order, and each piece small enough as JSON in ASCII", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", "\x1b", '"', "\\", "ß", "🚨", "\0", "\x7f") });
    fc.assert(
      fc.property(text, fc.integer({ min: 12, max: 40 }), (whole, bytes) => {
        const pieces = cutForFrames(whole, bytes);
        expect(pieces.join("")).toBe(whole);
        for (const piece of pieces) {
          const json = JSON.stringify(piece).replace(/[\u007f-\uffff]/g, "uXXXXX");
          expect(json.length - 2).toBeLessThanOrEqual(bytes);
        }
      }),
    );
  });
});
