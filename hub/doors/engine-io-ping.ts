/** Asks a Socket.IO client whether it lives, by a ping of Engine.IO outside its usual interval (protocol 2.8). */
import type { Socket } from "socket.io";

type EngineSocket = Socket["conn"];

/** Resolves to whether any packet arrives within `ms`. */
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
