/** A live connection of a device as the inner floors see it: the same behind every door. Doors implement it. */
import type { ErrorCode } from "#protocol/errors.ts";
import type { AcquireFrame, HubEvents } from "#protocol/hub-events.ts";
import type { Door } from "#protocol/views.ts";
import type { MessageSize } from "./message-size.ts";

export interface Connection {
  /** The Socket.IO socket's id; also a room of its own, to leave the sender out of a broadcast. */
  readonly socketId: string;
  readonly door: Door;
  /** The peer's IP address. */
  readonly address: string;
  /** Whether it spoke without naming itself, and so was named by the hub (protocol 2.2). */
  readonly nameless: boolean;
  tell<E extends keyof HubEvents>(event: E, data: HubEvents[E]): void;
  /**
   * Sends an event that wants an answer. A late answer still counts within `LIMITS.lateAnswerMs`.
   * @returns what the device answered
   * @throws PharosError `TIMEOUT`, `OFFLINE` or `TOO_BIG`
   */
  ask<E extends "set" | "action">(event: E, data: HubEvents[E], timeoutMs: number): Promise<unknown>;
  /** Whether the peer shows life within `ms`; asks it by a ping of its own protocol (protocol 2.8). */
  prove(ms: number): Promise<boolean>;
  /** Round trip of the last ping of the hub, ms; null before the first. */
  readonly roundTripMs: number | null;
  /** Puts the connection in exactly these rooms. */
  setRooms(rooms: readonly string[]): void;
  /** The rooms it is in now; `lobby` for a plain client that has not said `hello`. */
  rooms(): readonly string[];
  /** Whether it would not take a message of this size (protocol 1.3); with `rooms`, only if it is in one of them. */
  isTooSmallFor(size: MessageSize, rooms?: readonly string[]): boolean;
  /** The device said how large a frame it takes. */
  limitFrames(bytes: number): void;
  /** Says `bye` with the reason and closes. */
  dismiss(code: ErrorCode): void;
}

/** Says something to all connections of some rooms, whatever their door (protocol 2.3). */
export interface Broadcast {
  /**
   * @param rooms names of rooms; a connection in several hears it once
   * @param except the socket id of the one who said it
   */
  message(rooms: readonly string[], text: string, except?: string): void;
  /** Binary reaches plain WebSockets only (protocol 3.5). */
  binary(rooms: readonly string[], data: Buffer, except: string): void;
  /** A piece of a device's stream, to the room of its name; who is still busy with the last one misses it (protocol 2.5). */
  stream(room: string, text: string): void;
  /** Tells every device to sample, or to stop (protocol 5.3). */
  acquire(order: AcquireFrame): void;
  /** How many connections are in any of the rooms. */
  count(rooms: readonly string[]): Promise<number>;
}
