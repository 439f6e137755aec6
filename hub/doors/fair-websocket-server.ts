/** A WebSocket server that is fair to its clients (`inbox.ts`): the plain door's, Engine.IO's and the echo door's. */
import { type ServerOptions, WebSocket, WebSocketServer } from "ws";
import { Inbox, type Source, Turns } from "./inbox.ts";

export class FairWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    super({ ...options, WebSocket: fairWebSocket(new Turns()) });
  }
}

/** The class of a server's connections. */
function fairWebSocket(turns: Turns): typeof WebSocket {
  return class extends WebSocket implements Source {
    readonly #inbox = new Inbox<readonly [event: string, ...args: unknown[]]>(
      turns,
      this,
      ([event, ...args]) => void super.emit(event, ...args),
    );
    /** Who uses it wants to hear nothing for now. */
    #isHeld = false;

    /** Messages wait their turn, and the end waits for them. */
    override emit(event: string | symbol, ...args: unknown[]): boolean {
      if (event !== "message" && event !== "close") return super.emit(event, ...args);
      this.#inbox.put([event, ...args]);
      return true;
    }

    override pause(): void {
      this.#isHeld = true;
      super.pause();
    }

    override resume(): void {
      this.#isHeld = false;
      if (!this.#inbox.isBehind) super.resume();
    }

    stopReading(): void {
      super.pause();
    }

    goOnReading(): void {
      if (!this.#isHeld) super.resume();
    }
  };
}
