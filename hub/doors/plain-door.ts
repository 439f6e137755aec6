/** The plain WebSocket door: takes upgrades on `/bridge/ID` and the addresses of older course servers (protocol 2.2). */
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { WebSocketServer } from "ws";
import { PharosError } from "#protocol/errors.ts";
import { hubGivenId, isId } from "#protocol/names.ts";
import type { HubConfig } from "../base/config.ts";
import type { Gate } from "../base/gate.ts";
import type { Arrivals } from "../flow/arrivals.ts";
import { isEchoRequest } from "./echo-door.ts";
import { FairWebSocketServer } from "./fair-websocket-server.ts";
import type { Visitor } from "./plain-connection.ts";
import type { PlainEngine } from "./plain-engine.ts";
import { refuse } from "./refusal.ts";
import { WebSocketTransport } from "./websocket-transport.ts";

const SOCKET_IO_PATH = "/socket.io/";

export interface PlainDoorParts {
  readonly config: HubConfig;
  readonly gate: Gate;
  readonly engine: PlainEngine;
  readonly arrivals: Arrivals;
}

export class PlainDoor {
  readonly #parts: PlainDoorParts;
  readonly #websockets: WebSocketServer;

  constructor(parts: PlainDoorParts) {
    this.#parts = parts;
    // Twice the limit, so that the door itself can answer before it closes (protocol 1.3).
    const maxPayload = parts.config.maxMessageSize * 2;
    this.#websockets = new FairWebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload,
    });
    this.#websockets.on("wsClientError", (error, socket) =>
      refuse(socket as Socket, new PharosError("BAD_REQUEST", error.message)),
    );
  }

  /** Listens to upgrades; those of Engine.IO are left to it. */
  attach(server: Server): void {
    server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
      if (!request.url?.startsWith(SOCKET_IO_PATH) && !isEchoRequest(request))
        void this.#upgrade(request, socket, head);
    });
  }

  async #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const { config, gate, arrivals, engine } = this.#parts;
    // A peer may reset at any moment of the handshake; `ws` takes over once it is done.
    const ignore = (): void => {};
    socket.on("error", ignore);
    try {
      gate(request, "device");
      const visitor = readVisitor(request, socket);
      await arrivals.admit(visitor.id);
      if (socket.destroyed) return arrivals.withdraw(visitor.id);
      this.#websockets.handleUpgrade(request, socket, head, (ws) => {
        socket.off("error", ignore);
        socket.setNoDelay(true);
        engine.accept(new WebSocketTransport(ws, socket, request, config.maxMessageSize), request, visitor);
      });
    } catch (error) {
      refuse(socket, error);
    }
  }
}

/** @throws PharosError `BAD_ID` or `NO_DOOR` */
function readVisitor(request: IncomingMessage, socket: Socket): Visitor {
  const { pathname, searchParams } = parseUrl(request.url ?? "/");
  if (pathname === "/" && !searchParams.has("EIO")) {
    return { id: hubGivenId("ws", socket.remoteAddress ?? "", socket.remotePort ?? 0), nameless: true };
  }
  const id = idOfPath(pathname);
  if (id === null) throw new PharosError("NO_DOOR");
  if (!isId(id)) throw new PharosError("BAD_ID");
  return { id, nameless: false };
}

/** `/bridge/ID`, `/ws/ID` and `/N`; null for any other path. */
export function idOfPath(pathname: string): string | null {
  const encoded = /^\/(?:bridge|ws)\/(.*)$/.exec(pathname)?.[1] ?? /^\/(\d+)$/.exec(pathname)?.[1];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return "";
  }
}

function parseUrl(url: string): URL {
  try {
    return new URL(url, "http://hub");
  } catch {
    throw new PharosError("NO_DOOR");
  }
}
