/** The commands of the pigpio daemon that this project uses, and its frames: 16 bytes, four little-endian words, each way. */

export const COMMANDS = {
  MODEG: 1,
  READ: 3,
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

export function encodeRequest(command: Command, p1: number, p2: number): Buffer {
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32LE(COMMANDS[command], 0);
  frame.writeUInt32LE(p1, 4);
  frame.writeUInt32LE(p2, 8);
  return frame;
}

/** @returns which command is answered, and its result; a negative one is an error code */
export function decodeReply(frame: Buffer): { readonly command: number; readonly result: number } {
  return { command: frame.readUInt32LE(0), result: frame.readInt32LE(12) };
}

/** The meaning of a negative result, without a full stop. */
export function describeResult(result: number): string {
  if (result === NO_PERMISSION) return "the daemon may not drive this pin on this board (error -41)";
  return `the daemon refused (error ${result})`;
}
