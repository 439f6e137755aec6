/**
 * A WebSocket server that takes one message of a connection per event-loop turn. A client that floods then waits for the
 * others, instead of all for it: its unread bytes stay in the network, which slows it down.
 */
import { type ServerOptions, WebSocketServer } from "ws";

export class FairWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    super({ ...options, allowSynchronousEvents: false });
  }
}
