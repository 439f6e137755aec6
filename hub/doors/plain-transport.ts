/** What a plain connection stands on: a WebSocket, or a socket of lines. `plain-connection.ts` is the same over each. */
import type { Duplex } from "node:stream";
import type { ErrorCode } from "#protocol/errors.ts";
import type { Door } from "#protocol/views.ts";
import type { Framing } from "./framing.ts";

/** What a transport tells of its peer. */
export interface PlainListener {
  text(text: string): void;
  binary(data: Buffer): void;
  /** A frame was none, and was dropped; the connection goes on (protocol 3.10). */
  fault(code: ErrorCode, message: string): void;
  /** A frame was larger than allowed, and there is no way on (protocol 1.3). */
  tooBig(): void;
  /** Something arrived that is no frame of data. */
  heard(): void;
  /** The answer to a ping arrived. */
  answered(): void;
  /** The peer says no more; it may still read. */
  ended(): void;
  /** Nothing goes either way any more. */
  closed(): void;
}

export interface PlainTransport {
  readonly door: Exclude<Door, "socket.io" | "http">;
  readonly framing: Framing;
  /** Where whole frames are written to. */
  readonly socket: Duplex;
  readonly remoteAddress: string;
  /** Largest frame the peer takes until it says otherwise, bytes (protocol 1.3). */
  readonly maxFrameBytes: number;
  /** Frames that come in wait until `resume`. */
  listen(listener: PlainListener): void;
  resume(): void;
  /** Ends the connection in the way of its kind, after all that was written. */
  close(reason: ErrorCode): void;
  /** Ends it at once. */
  terminate(): void;
}
