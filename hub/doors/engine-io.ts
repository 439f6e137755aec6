/** What Socket.IO leaves to its engine and the hub wants of it: a ping out of turn, and a bounded end of polling. */
import type { Server, Socket } from "socket.io";
import { LIMITS } from "../base/limits.ts";

type EngineSocket = Socket["conn"];

/** A polling client that was told to go may take its time to hear it; Engine.IO would wait for 30 s. */
export function boundPollingClose(io: Server): void {
  io.engine.on("connection", ({ transport }: EngineSocket) => {
    if (transport.name === "polling") Object.assign(transport, { closeTimeout: LIMITS.closeMs });
  });
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
