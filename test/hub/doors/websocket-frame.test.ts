import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { encodeFrame, OPCODE } from "../../../hub/doors/websocket-frame.ts";

/** Reads a server's frame by the letter of RFC 6455, 5.2. */
function decode(frame: Buffer): { fin: boolean; opcode: number; masked: boolean; payload: Buffer } {
  const [first = 0, second = 0] = frame;
  const short = second & 0x7f;
  const [start, length] =
    short < 126 ? [2, short] : short === 126 ? [4, frame.readUInt16BE(2)] : [10, Number(frame.readBigUInt64BE(2))];
  return {
    fin: first >= 0x80,
    opcode: first & 0x0f,
    masked: second >= 0x80,
    payload: frame.subarray(start, start + length),
  };
}

it("encodes any payload as one unmasked frame", () => {
  const lengths = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(125, 126, 65_535, 65_536, 70_000));
  fc.assert(
    fc.property(lengths, fc.constantFrom(...Object.values(OPCODE)), (length, opcode) => {
      const payload = Buffer.alloc(length, 7);
      const { payload: decoded, ...head } = decode(encodeFrame(opcode, payload));
      expect(head).toEqual({ fin: true, opcode, masked: false });
      expect(decoded.equals(payload)).toBe(true);
    }),
  );
});

it("uses the shortest head that holds the length", () => {
  expect(encodeFrame(OPCODE.text, Buffer.alloc(125)).length).toBe(127);
  expect(encodeFrame(OPCODE.text, Buffer.alloc(126)).length).toBe(130);
  expect(encodeFrame(OPCODE.text, Buffer.alloc(65_536)).length).toBe(65_546);
});
