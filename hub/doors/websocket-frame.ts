/** Frames from server to client (RFC 6455, 5.2): unmasked, never fragmented, never compressed. */

export const OPCODE = { text: 0x1, binary: 0x2, ping: 0x9 } as const;

const FIN = 0x80;

/** One whole frame, ready to be written to any number of sockets. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const head = frameHead(opcode, payload.length);
  return Buffer.concat([head, payload], head.length + payload.length);
}

function frameHead(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([FIN | opcode, length]);
  if (length < 65_536) {
    const head = Buffer.from([FIN | opcode, 126, 0, 0]);
    head.writeUInt16BE(length, 2);
    return head;
  }
  const head = Buffer.alloc(10);
  head.writeUInt8(FIN | opcode, 0);
  head.writeUInt8(127, 1);
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
