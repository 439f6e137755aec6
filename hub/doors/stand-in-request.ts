/** The request that Socket.IO wants to see below a connection that came without one. */
import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

export function standInRequest(socket: Socket, id: string): IncomingMessage {
  const request = new IncomingMessage(socket);
  request.method = "GET";
  request.url = `/bridge/${id}`;
  return Object.assign(request, { _query: {} });
}
