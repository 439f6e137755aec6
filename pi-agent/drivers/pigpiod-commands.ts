/** The commands of the pigpio daemon that this project uses, and its frames: 16 bytes, four little-endian words, each way. */

export const COMMANDS = {
  MODES: 0,
  MODEG: 1,
  PUD: 2,
  READ: 3,
  WRITE: 4,
  PWM: 5,
  PRS: 6,
  PFS: 7,
  PRG: 22,
  PIGPV: 26,
  GDC: 83,
} as const;

export type Command = keyof typeof COMMANDS;

export const FRAME_BYTES = 16;

export const NOT_IN_PWM = -92;
const NO_PERMISSION = -41;

/** A command with its two parameters. */
export type Request = readonly [command: Command, p1: number, p2: number];

export function encodeRequests(requests: readonly Request[]): Buffer {
  const frames = Buffer.alloc(requests.length * FRAME_BYTES);
  let offset = 0;
  for (const [command, p1, p2] of requests) {
    frames.writeUInt32LE(COMMANDS[command], offset);
    frames.writeUInt32LE(p1, offset + 4);
    frames.writeUInt32LE(p2, offset + 8);
    offset += FRAME_BYTES;
  }
  return frames;
}

/** @returns which command is answered at `offset`, and its result; a negative one is an error code */
export function decodeReply(frames: Buffer, offset: number): { readonly command: number; readonly result: number } {
  return { command: frames.readUInt32LE(offset), result: frames.readInt32LE(offset + 12) };
}

/** The meaning of a negative result, without a full stop. */
export function describeResult(result: number): string {
  if (result === NO_PERMISSION) return "the daemon may not drive this pin on this board (error -41)";
  return `the daemon refused (error ${result})`;
}
