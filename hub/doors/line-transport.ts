/**
 * A TCP socket of lines below a plain connection: one frame a line. Made by the TCP door and the dialler.
 * One line a turn of the event loop, and no more is read meanwhile: a peer that floods waits for the others.
 */
import type { Socket } from "node:net";
import type { Clock } from "#base/clock.ts";
import { LINE_FRAMING } from "./framing.ts";
import { type Line, LineReader } from "./line-reader.ts";
import type { PlainListener, PlainTransport } from "./plain-transport.ts";

export interface LineTransportParts {
  readonly door: "tcp" | "dial";
  /** Open for the half: `allowHalfOpen`. */
  readonly socket: Socket;
  /** Largest line the peer may send. */
  readonly maxLineBytes: number;
  /** Largest line the peer takes. */
  readonly maxFrameBytes: number;
  /** Ms after which the operating system asks whether a silent peer is there. */
  readonly keepAliveMs: number;
}

export class LineTransport implements PlainTransport {
  readonly door: "tcp" | "dial";
  readonly framing = LINE_FRAMING;
  readonly maxFrameBytes: number;
  readonly socket: Socket;
  readonly remoteAddress: string;
  readonly #lines: LineReader;
  #listener: PlainListener | null = null;
  /** Lines go to the listener. */
  #isFlowing = false;
  /** A line was read and the next is not before `resume`. */
  #isBlocked = false;
  #waiting: Line | null = null;
  #onFirst: (line: Line | null) => void = () => {};
  /** Lines of the last bytes wait to be taken. */
  #isBusy = false;
  /** The peer says no more. */
  #isEnded: boolean;
  #isClosing = false;

  constructor({ door, socket, maxLineBytes, maxFrameBytes, keepAliveMs }: LineTransportParts) {
    this.door = door;
    this.socket = socket;
    this.maxFrameBytes = maxFrameBytes;
    this.remoteAddress = socket.remoteAddress ?? "";
    this.#lines = new LineReader(maxLineBytes);
    // A peer that was dialled may have ended before anybody listened.
    this.#isEnded = socket.readableEnded;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    // A reset is followed by the close.
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => this.#onData(chunk));
    socket.on("end", () => this.#onEnd());
    socket.on("close", () => this.#onClose());
  }

  /** The first line, which stays to be read unless `drop` takes it; null when none came within `ms`. Asked once. */
  first(clock: Clock, ms: number): Promise<Line | null> {
    return new Promise((resolve) => {
      const timer = clock.after(ms, () => this.#onFirst(null));
      this.#onFirst = (line) => {
        timer.cancel();
        this.#onFirst = () => {};
        resolve(line);
      };
    });
  }

  /** The first line was for the door. */
  drop(): void {
    this.#waiting = null;
  }

  listen(listener: PlainListener): void {
    this.#listener = listener;
  }

  resume(): void {
    this.#isFlowing = true;
    const line = this.#waiting;
    this.#waiting = null;
    if (line !== null) this.#take(line);
    else if (this.#isBlocked || this.#isEnded) this.#read();
    this.#isBlocked = false;
  }

  /** The other side's last bytes are read and dropped: closing on unread ones would take back what was just said. */
  close(): void {
    this.#isClosing = true;
    this.socket.end();
    this.socket.resume();
  }

  terminate(): void {
    this.socket.destroy();
  }

  #onData(chunk: Buffer): void {
    if (this.#isClosing) return;
    this.#isBusy = true;
    this.socket.pause();
    this.#lines.feed(chunk);
    this.#listener?.heard();
    this.#read();
  }

  #read(): void {
    if (this.#isClosing) return;
    const line = this.#lines.next() ?? (this.#isEnded ? this.#lines.end() : null);
    if (line !== null) this.#take(line);
    else if (this.#isEnded) this.#finish();
    else {
      this.#isBusy = false;
      this.socket.resume();
    }
  }

  #take(line: Line): void {
    if (!this.#isFlowing) {
      this.#isBlocked = true;
      this.#waiting = line;
      this.#onFirst(line);
      return;
    }
    if (line.kind === "text") this.#listener?.text(line.text);
    else this.#listener?.fault(line.code, line.message);
    setImmediate(() => this.#read());
  }

  /** The end is told although reading pauses: what was read before still waits its turn. */
  #onEnd(): void {
    this.#isEnded = true;
    if (!this.#isBusy) this.#read();
  }

  #finish(): void {
    this.#onFirst(null);
    if (this.#isFlowing) this.#listener?.ended();
  }

  #onClose(): void {
    this.#isClosing = true;
    this.#onFirst(null);
    this.#listener?.closed();
  }
}
