/** The plain WebSocket door: takes upgrades on `/bridge/ID` and the addresses of older course servers (protocol 2.2). */
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { WebSocketServer } from "ws";
import { PharosError } from "#protocol/errors.ts";
import { hubGivenId, isId } from "#protocol/names.ts";
import type { Access } from "../access/access.ts";
import type { HubConfig } from "../base/config.ts";
import type { Gate } from "../base/gate.ts";
import type { Arrivals } from "../flow/arrivals.ts";
import { isEchoRequest } from "./echo-door.ts";
import { enterAs } from "./entrance.ts";
import { FairWebSocketServer } from "./fair-websocket-server.ts";
import type { Visitor } from "./plain-connection.ts";
import type { PlainEngine } from "./plain-engine.ts";
import { refuse } from "./refusal.ts";
import { WebSocketTransport } from "./websocket-transport.ts";

const SOCKET_IO_PATH = "/socket.io/";

export interface PlainDoorParts {
  readonly config: HubConfig;
  readonly gate: Gate;
  readonly access: Access;
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
    const { config, arrivals, engine } = this.#parts;
    // A peer may reset at any moment of the handshake; `ws` takes over once it is done.
    const ignore = (): void => {};
    socket.on("error", ignore);
    try {
      const visitor = this.#meet(request, socket);
      // One that only waits takes nobody's place.
      if (!visitor.entrance.waits) await arrivals.admit(visitor.id);
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

  /** @throws PharosError whatever is wrong with its name, its origin or its token */
  #meet(request: IncomingMessage, socket: Socket): Visitor {
    const { gate, access } = this.#parts;
    const { id, nameless, token } = readName(request, socket);
    const principal = access.identify(request, token);
    gate(request, "device", principal.ref !== null);
    // A token names its device, where the address does not.
    if (nameless && principal.device !== null) {
      return { id: principal.device, nameless: false, entrance: enterAs(access, principal, principal.device) };
    }
    return { id, nameless, entrance: enterAs(access, principal, id, nameless) };
  }
}

/** Who asks for entry, and by which token beside that of its headers. */
interface Named {
  readonly id: string;
  readonly nameless: boolean;
  readonly token: string | undefined;
}

/** @throws PharosError `BAD_ID` or `NO_DOOR` */
function readName(request: IncomingMessage, socket: Socket): Named {
  const { pathname, searchParams } = parseUrl(request.url ?? "/");
  const token = searchParams.get("token") ?? undefined;
  if (pathname === "/" && !searchParams.has("EIO")) {
    return { id: hubGivenId("ws", socket.remoteAddress ?? "", socket.remotePort ?? 0), nameless: true, token };
  }
  const id = idOfPath(pathname);
  if (id === null) throw new PharosError("NO_DOOR");
  if (!isId(id)) throw new PharosError("BAD_ID");
  return { id, nameless: false, token };
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
