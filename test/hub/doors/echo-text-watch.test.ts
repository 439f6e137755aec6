import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { TextWatch } from "../../../hub/doors/echo-text-watch.ts";
import { Utf8Check } from "../../../hub/doors/echo-utf8.ts";
import { clientFrame } from "../../support/raw-socket.ts";

/** Octets at the edges of what UTF-8 allows, so that most mixtures are nearly right. */
const octet = fc.constantFrom(
  ...[
    0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf4, 0xf5,
    0xff,
  ],
);

/** How many octets may still begin a valid text, by Node's own decoder. */
function viable(bytes: readonly number[]): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const bad = bytes.findIndex((byte) => {
    try {
      decoder.decode(Uint8Array.of(byte), { stream: true });
      return false;
    } catch {
      return true;
    }
  });
  return bad < 0 ? bytes.length : bad;
}

describe("UTF-8", () => {
  it("is refused at the same octet as by the decoder of Node", () => {
    fc.assert(
      fc.property(fc.array(octet, { maxLength: 12 }), (bytes) => {
        const check = new Utf8Check();
        const bad = bytes.findIndex((byte) => !check.take(byte));
        expect(bad < 0 ? bytes.length : bad).toBe(viable(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it("of any text is accepted", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const check = new Utf8Check();
        expect([...Buffer.from(text)].every((byte) => check.take(byte))).toBe(true);
      }),
    );
  });
});

const payload = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }).map((text) => Buffer.from(text)),
  fc.array(octet, { maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
);
const message = fc.record({ opcode: fc.constantFrom(1, 2), parts: fc.array(payload, { minLength: 1, maxLength: 4 }) });
const ping = fc.uint8Array({ maxLength: 125 }).map((bytes) => ({ opcode: 9, parts: [Buffer.from(bytes)] }));

function toFrames({ opcode, parts }: { opcode: number; parts: readonly Buffer[] }, mask: number): Buffer[] {
  return parts.map((part, i) => clientFrame(i === 0 ? opcode : 0, part, { fin: i === parts.length - 1, mask }));
}

/** The bytes in pieces of these sizes, over and over. */
function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += sizes[(cut.length - 1) % sizes.length] ?? 1) {
    cut.push(bytes.subarray(at, at + (sizes[cut.length % sizes.length] ?? 1)));
  }
  return cut;
}

describe("the watch over text", () => {
  it("finds the first message that is no text, however it is framed and cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(message, ping), { maxLength: 6 }),
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        (sent, mask, sizes) => {
          const watch = new TextWatch(65_536);
          const bytes = Buffer.concat(sent.flatMap((one) => toFrames(one, mask)));
          for (const piece of pieces(bytes, sizes)) watch.take(piece);
          const bad = sent.findIndex(({ opcode, parts }) => {
            const whole = [...Buffer.concat(parts)];
            return opcode === 1 && viable(whole) < whole.length;
          });
          expect(watch.invalidAfter).toBe(bad < 0 ? null : bad);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("leaves the bytes as they are", () => {
    const bytes = clientFrame(1, "abc\xff", { mask: 0x01020304 });
    const before = Buffer.from(bytes);
    new TextWatch(65_536).take(bytes);
    expect(bytes.equals(before)).toBe(true);
  });

  it.each([
    ["a reserved bit", clientFrame(2, "x", { rsv: 4 })],
    ["a reserved opcode", clientFrame(3, "x")],
    ["a close frame", clientFrame(8, "")],
    ["a frame that is too large", clientFrame(2, Buffer.alloc(101))],
    ["a continuation of nothing", clientFrame(0, "x")],
  ])("says nothing of what follows %s, which ends the connection", (_, fault) => {
    const watch = new TextWatch(100);
    watch.take(Buffer.concat([fault, clientFrame(1, Buffer.from([0xff]))]));
    expect(watch.invalidAfter).toBeNull();
  });

  it("takes a message that is as large as it may be, and counts each message anew", () => {
    const watch = new TextWatch(100);
    for (let i = 0; i < 3; i++) watch.take(clientFrame(1, Buffer.alloc(100, "a")));
    watch.take(clientFrame(1, Buffer.from([0xff])));
    expect(watch.invalidAfter).toBe(3);
  });
});
