/** What Socket.IO leaves to its engine and the hub wants of it: a ping out of turn, and a bounded end of polling. */
import type { Duplex } from "node:stream";
import type { Server, Socket } from "socket.io";
import { LIMITS } from "../base/limits.ts";
import { Turn } from "./outbox.ts";

type EngineSocket = Socket["conn"];

/** A polling client that was told to go may take its time to hear it; Engine.IO would wait for 30 s. */
export function boundPollingClose(io: Server): void {
  io.engine.on("connection", ({ transport }: EngineSocket) => {
    if (transport.name === "polling") Object.assign(transport, { closeTimeout: LIMITS.closeMs });
  });
}

/**
 * What a client is sent in one turn of the event loop leaves by one write, as at the plain door: a burst of broadcasts costs one system call for
 * each client. A client that polled first writes as Engine.IO does.
 */
export function joinWrites(io: Server): void {
  const turn = new Turn();
  io.engine.on("connection", (conn: EngineSocket) => {
    if (conn.transport.name === "websocket") conn.on("flush", corker(conn.request.socket, turn));
  });
}

/** @returns what holds back the writes of a socket until the turn ends */
function corker(socket: Duplex, turn: Turn): () => void {
  let isCorked = false;
  const flush = (): void => {
    isCorked = false;
    socket.uncork();
  };
  return () => {
    if (isCorked) return;
    isCorked = true;
    socket.cork();
    turn.add({ flush });
  };
}

/** Measures Engine.IO's own pings. @returns the round trip of the last one, ms; null before the first */
export function measureRoundTrip(conn: EngineSocket): () => number | null {
  let sentAt: number | null = null;
  let roundTripMs: number | null = null;
  conn.on("packetCreate", ({ type }: { type: string }) => {
    if (type === "ping") sentAt = performance.now();
  });
  conn.on("packet", ({ type }: { type: string }) => {
    if (type !== "pong" || sentAt === null) return;
    roundTripMs = performance.now() - sentAt;
    sentAt = null;
  });
  return () => roundTripMs;
}

/** Asks a client whether it lives, outside the usual interval (protocol 2.8). @returns whether any packet arrives within `ms` */
export function proveEngineIo(conn: EngineSocket, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (alive: boolean): void => {
      clearTimeout(timer);
      conn.off("packet", onPacket);
      conn.off("close", onClose);
      resolve(alive);
    };
    const onPacket = (): void => finish(true);
    const onClose = (): void => finish(false);
    const timer = setTimeout(onClose, ms);
    conn.on("packet", onPacket);
    conn.on("close", onClose);
    // A client between two polls hears the ping with its next one; until then any request of it proves life as well.
    if (conn.transport.writable) conn.transport.send([{ type: "ping" }]);
  });
}
