/** Frames from server to client (RFC 6455, 5.2): unmasked, never fragmented, never compressed. */

export const OPCODE = { text: 0x1, binary: 0x2, ping: 0x9 } as const;

const FIN = 0x80;

/** One whole frame, ready to be written to any number of sockets. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const headBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headBytes + length);
  frame[0] = FIN | opcode;
  if (headBytes === 2) frame[1] = length;
  else if (headBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  payload.copy(frame, headBytes);
  return frame;
}
