/** How large a message is on the wire, which depends on the door it goes out by (protocol 1.3, 3.4). */
import { formatMessage } from "#protocol/frames.ts";

export interface MessageSize {
  /** Bytes in a frame of its own. */
  readonly frame: number;
  /** Bytes in a line. */
  readonly line: number;
}

export function sizeOfMessage(text: string): MessageSize {
  const frame = formatMessage(text);
  const line = formatMessage(text, true);
  return { frame: Buffer.byteLength(frame), line: Buffer.byteLength(line) };
}
