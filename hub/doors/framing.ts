/** How a frame stands on the wire of each kind of plain door. Everything else about them is shared. */
import { encodeFrame, OPCODE } from "./websocket-frame.ts";

export interface Framing {
  /** Whether a line feed ends a frame, so that no text may hold one. */
  readonly isLines: boolean;
  /** One whole frame; the payload is not empty. */
  text(payload: Buffer): Buffer;
  /** Null where no binary can be sent (protocol 3.5). */
  binary(data: Buffer): Buffer | null;
  /** The frame that asks a peer whether it lives; null where there is none (protocol 3.11). */
  readonly ping: Buffer | null;
}

const LINE_FEED = Buffer.from("\n");

export const WEBSOCKET_FRAMING: Framing = {
  isLines: false,
  text: (payload) => encodeFrame(OPCODE.text, payload),
  binary: (data) => encodeFrame(OPCODE.binary, data),
  // Never empty: some clients hang on an empty one (protocol 3.8).
  ping: encodeFrame(OPCODE.ping, Buffer.from("pharos")),
};

export const LINE_FRAMING: Framing = {
  isLines: true,
  text: (payload) => Buffer.concat([payload, LINE_FEED]),
  binary: () => null,
  ping: null,
};
