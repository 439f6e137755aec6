/** A WebSocket server that is fair to its clients (`inbox.ts`): the plain door's, Engine.IO's and the echo door's. */
import { type ServerOptions, WebSocket, WebSocketServer } from "ws";
import { Inbox, Turns } from "./inbox.ts";

export class FairWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    super({ ...options, WebSocket: fairWebSocket(new Turns()) });
  }
}

/** The class of a server's connections. */
function fairWebSocket(turns: Turns): typeof WebSocket {
  return class extends WebSocket {
    readonly #inbox = new Inbox<readonly [event: string, ...args: unknown[]]>(
      turns,
      this,
      ([event, ...args]) => void super.emit(event, ...args),
    );

    /** Messages wait their turn, and the end waits for them. */
    override emit(event: string | symbol, ...args: unknown[]): boolean {
      if (event !== "message" && event !== "close") return super.emit(event, ...args);
      this.#inbox.put([event, ...args]);
      return true;
    }
  };
}
