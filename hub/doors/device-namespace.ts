/** The namespaces `/devices` (Socket.IO) and `/bridge` (all plain doors): who may enter, and what a socket that entered is (protocol 2.1, 2.3). */
import type { Server, Socket } from "socket.io";
import { type ErrorCode, PharosError } from "#protocol/errors.ts";
import { isId } from "#protocol/names.ts";
import type { Logger } from "../base/logger.ts";
import { DeviceEvents, type Flows } from "./device-events.ts";
import type { PlainEngine } from "./plain-engine.ts";
import { SocketConnection } from "./socket-connection.ts";

type Next = (error?: Error) => void;

export interface DeviceDoorParts {
  readonly io: Server;
  readonly engine: PlainEngine;
  readonly flows: Flows;
  readonly logger: Logger;
  readonly maxMessageBytes: number;
}

/** Opens `/devices`: id from the handshake's `auth`, or its query for clients that cannot send one. */
export function openDevicesNamespace(parts: DeviceDoorParts): void {
  const nsp = parts.io.of("/devices");
  nsp.use((socket, next) => {
    const id = socket.handshake.auth.id ?? socket.handshake.query.id;
    if (typeof id !== "string" || !isId(id)) return next(refusal(new PharosError("BAD_ID")));
    socket.data.id = id;
    parts.flows.arrivals.admit(id).then(
      () => next(),
      (error: unknown) => next(refusal(error)),
    );
  });
  nsp.on("connection", (socket) => {
    socket.conn.on("data", (data: string | Buffer) => {
      if (data.length > parts.maxMessageBytes) dismissSocket(socket, "TOO_BIG");
    });
    enter(socket, new SocketConnection(socket, null, false), parts);
  });
}

/** Opens `/bridge`, for connections of the plain engine only: their door has checked and admitted them. */
export function openBridgeNamespace(parts: DeviceDoorParts): void {
  const nsp = parts.io.of("/bridge");
  nsp.use((socket, next: Next) => {
    const isPlain = parts.engine.connectionOf(socket.request) !== null;
    const { id, nameless } = socket.handshake.auth as { id: string; nameless: boolean };
    Object.assign(socket.data, { id, nameless });
    next(isPlain ? undefined : refusal(new PharosError("NO_DOOR")));
  });
  nsp.on("connection", (socket) => {
    const plain = parts.engine.connectionOf(socket.request);
    enter(socket, new SocketConnection(socket, plain, socket.data.nameless === true), parts);
  });
}

function enter(socket: Socket, connection: SocketConnection, { flows, logger }: DeviceDoorParts): void {
  try {
    const session = flows.arrivals.connect(String(socket.data.id), connection);
    new DeviceEvents(socket, connection, session, flows, logger).listen();
    socket.on("disconnect", (reason) => flows.arrivals.disconnect(session, connection.closeReason(reason)));
  } catch (error) {
    connection.dismiss(error instanceof PharosError ? error.code : "INTERNAL");
  }
}

function dismissSocket(socket: Socket, code: ErrorCode): void {
  socket.emit("bye", new PharosError(code).toWire());
  socket.disconnect(true);
}

/** What Socket.IO clients get as `connect_error`: the code and sentence are in `data`. */
function refusal(reason: unknown): Error {
  const error = reason instanceof PharosError ? reason : new PharosError("INTERNAL");
  return Object.assign(new Error(error.message), { data: error.toWire() });
}
