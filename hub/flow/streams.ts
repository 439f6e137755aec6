/**
 * Streams of terminal text from dialled devices: told to the pages that watch, and to devices as messages of the room
 * that has the device's id (protocol 2.5). Who reads slowly misses some of it; nothing queues.
 */
import type { Timer } from "#base/clock.ts";
import { PharosError } from "#protocol/errors.ts";
import { LIMITS } from "../base/limits.ts";
import type { House } from "./house.ts";
import { cutForFrames, Terminal } from "./terminal.ts";

/** The other side of an open stream. */
export interface StreamPeer {
  write(text: string): void;
  /** So much came that no more may be read until `resume`. */
  pause(): void;
  resume(): void;
}

/** A frame around a piece: `{"event":"message","data":"…"}`. */
const FRAME_BYTES = '{"event":"message","data":""}'.length;

class Stream {
  readonly terminal = new Terminal();
  peer: StreamPeer | null = null;
  flush: Timer | null = null;
  /** For devices, oldest first. */
  pieces: string[] = [];
  send: Timer | null = null;
}

export class Streams {
  readonly #house: House;
  readonly #streams = new Map<string, Stream>();

  constructor(house: House) {
    this.#house = house;
  }

  /** The device is connected; what it said before stays to be seen. */
  open(id: string, peer: StreamPeer): void {
    const stream = this.#streams.get(id) ?? new Stream();
    stream.peer = peer;
    this.#streams.set(id, stream);
  }

  /** Bytes of the device, as they come. */
  take(id: string, bytes: Buffer): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    stream.terminal.write(bytes);
    this.#flushSoon(id, stream);
    if (stream.terminal.pending >= LIMITS.streamFlushBytes) stream.peer?.pause();
  }

  closed(id: string): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    stream.peer = null;
    stream.terminal.end();
    this.#flushSoon(id, stream);
  }

  /** The device is dialled no more. */
  forget(id: string): void {
    const stream = this.#streams.get(id);
    stream?.flush?.cancel();
    stream?.send?.cancel();
    this.#streams.delete(id);
  }

  /** What a newcomer sees of it. @throws PharosError `NOT_FOUND` */
  scrollback(id: string): string {
    return this.#find(id).terminal.scrollback;
  }

  /** Somebody types. @throws PharosError `NOT_FOUND`, `OFFLINE` */
  type(id: string, text: string): void {
    const { peer } = this.#find(id);
    if (peer === null) throw new PharosError("OFFLINE");
    peer.write(text);
  }

  #find(id: string): Stream {
    const stream = this.#streams.get(id);
    if (stream === undefined) throw new PharosError("NOT_FOUND", `\`${id}\` has no terminal, or was not reached yet.`);
    return stream;
  }

  #flushSoon(id: string, stream: Stream): void {
    stream.flush ??= this.#house.clock.after(LIMITS.streamFlushMs, () => this.#flush(id, stream));
  }

  #flush(id: string, stream: Stream): void {
    stream.flush = null;
    const text = stream.terminal.take();
    stream.peer?.resume();
    if (text === "") return;
    this.#house.events.emit("stream", id, text);
    stream.pieces.push(...cutForFrames(text, LIMITS.streamPieceBytes - FRAME_BYTES));
    stream.pieces = stream.pieces.slice(-LIMITS.streamPieces);
    if (stream.send === null) this.#sendPiece(id, stream);
  }

  /** One at a time, with a pause: a connection that is still busy with the last one takes no more. */
  #sendPiece(id: string, stream: Stream): void {
    stream.send = null;
    const piece = stream.pieces.shift();
    if (piece === undefined) return;
    this.#house.broadcast.stream(id, piece);
    stream.send = this.#house.clock.after(LIMITS.streamPieceMs, () => this.#sendPiece(id, stream));
  }
}
