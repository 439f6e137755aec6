/** Socket.IO 2 clients (Engine.IO 3), which the hub lets in for the sake of older course pages, and only there (protocol 2.1, 2.7). Called by `hub.ts`. */
import type { Server } from "socket.io";
import { PharosError } from "#protocol/errors.ts";

const OLD_ENGINE = 3;
const SENTENCE =
  "Socket.IO 2 clients can use the course page only. Use a Socket.IO 3 or 4 client (EIO=4), or a plain WebSocket at /bridge/ID.";

/**
 * Keeps them out of namespaces that need what they cannot do: a client of Engine.IO 3 answers no ping of the hub, so
 * nobody could tell whether it lives (protocol 2.8). Call it before the namespaces admit anyone.
 */
export function refuseOldClients(io: Server, namespaces: readonly string[]): void {
  for (const name of namespaces) {
    io.of(name).use((socket, next) => {
      if (socket.conn.protocol !== OLD_ENGINE) return next();
      const error = new PharosError("BAD_REQUEST", SENTENCE);
      next(Object.assign(new Error(error.message), { data: error.toWire() }));
    });
  }
}
