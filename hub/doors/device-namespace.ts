/** The namespaces `/devices` (Socket.IO) and `/bridge` (all plain doors): who may enter, and what a socket that entered is (protocol 2.1, 2.3). */
import type { Namespace, Server, Socket } from "socket.io";
import type { Clock } from "#base/clock.ts";
import { type ErrorCode, PharosError } from "#protocol/errors.ts";
import { isId } from "#protocol/names.ts";
import type { Access } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";
import type { HubConfig } from "../base/config.ts";
import { LIMITS } from "../base/limits.ts";
import type { Logger } from "../base/logger.ts";
import { DeviceEvents, type Flows } from "./device-events.ts";
import { type Entrance, enterAs } from "./entrance.ts";
import { type Deliver, FrameLimit } from "./frame-limit.ts";
import type { PlainEngine } from "./plain-engine.ts";
import { ENTERED } from "./rooms.ts";
import { SocketConnection } from "./socket-connection.ts";
import { waitForApproval } from "./waiting-room.ts";

type Next = (error?: Error) => void;

const TOO_FAST =
  "You send more than this hub takes of one device: only the newest values count. Send less often, or in batches (`reports`).";

export interface DeviceDoorParts {
  readonly io: Server;
  readonly engine: PlainEngine;
  readonly flows: Flows;
  readonly access: Access;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly config: HubConfig;
}

/** What a door knows of a socket. */
interface Newcomer {
  readonly id: string;
  readonly entrance: Entrance;
}

/** Opens `/devices`: id and token from the handshake's `auth`, or its query for clients that cannot send one. */
export function openDevicesNamespace(parts: DeviceDoorParts): void {
  const nsp = parts.io.of("/devices");
  nsp.use((socket, next) => {
    admit(socket, parts).then(
      () => next(),
      (error: unknown) => next(refusal(error)),
    );
  });
  nsp.on("connection", (socket) => {
    socket.conn.on("data", (data: string | Buffer) => {
      if (data.length > parts.config.maxMessageSize) dismissSocket(socket, "TOO_BIG");
    });
    const { id, entrance } = socket.data as Newcomer;
    enter(socket, new SocketConnection(socket, null, false), { id, entrance }, parts);
  });
  cutWhenEnded(nsp, parts.access);
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
    const connection = new SocketConnection(socket, plain, socket.data.nameless === true);
    // Gone between its entry and now.
    if (plain === null || plain.entrance === null) return dismissSocket(socket, "DISCONNECTED");
    enter(socket, connection, { id: String(socket.data.id), entrance: plain.entrance }, parts);
  });
  cutWhenEnded(nsp, parts.access);
}

/** @throws PharosError what is wrong with its id or token, or who has its id */
async function admit(socket: Socket, { access, flows }: DeviceDoorParts): Promise<void> {
  const { auth, query } = socket.handshake;
  const [id, token] = [auth.id ?? query.id, auth.token ?? query.token];
  if (typeof id !== "string" || !isId(id)) throw new PharosError("BAD_ID");
  const principal = access.identify(socket.request, typeof token === "string" ? token : undefined);
  const entrance = enterAs(access, principal, id);
  Object.assign(socket.data, { id, entrance } satisfies Newcomer);
  if (!entrance.waits) await flows.arrivals.admit(id);
}

function enter(socket: Socket, connection: SocketConnection, { id, entrance }: Newcomer, parts: DeviceDoorParts): void {
  const { access, clock, logger } = parts;
  try {
    if (!entrance.waits) begin(socket, connection, id, entrance.principal, parts);
    else {
      const onApproved = (token: string, said: unknown): void => {
        approved(socket, connection, id, token, said, parts).catch((error: unknown) => {
          if (!(error instanceof PharosError)) logger.error(error, "an approved device did not come in");
          connection.dismiss(error instanceof PharosError ? error.code : "INTERNAL");
        });
      };
      waitForApproval({ socket, connection, device: id, access, now: clock.now(), onApproved });
    }
  } catch (error) {
    connection.dismiss(error instanceof PharosError ? error.code : "INTERNAL");
  }
}

/** It has its token, and is the device from now on; what it said while it waited counts. */
async function approved(
  socket: Socket,
  connection: SocketConnection,
  id: string,
  token: string,
  said: unknown,
  parts: DeviceDoorParts,
): Promise<void> {
  await parts.flows.arrivals.admit(id);
  if (!socket.connected) return parts.flows.arrivals.withdraw(id);
  const events = begin(socket, connection, id, parts.access.identifyLine("", token), parts);
  events.giveToken(token);
  if (said !== undefined) await events.take("hello", [said]);
}

/** The device is here. @throws PharosError `TOO_MANY` */
function begin(
  socket: Socket,
  connection: SocketConnection,
  id: string,
  principal: Principal,
  parts: DeviceDoorParts,
): DeviceEvents {
  const { flows, logger } = parts;
  const session = flows.arrivals.connect(id, connection, principal);
  socket.data.ref = principal.ref;
  void socket.join(ENTERED);
  const events = new DeviceEvents(socket, connection, session, flows, logger);
  events.listen(limitOf(socket, connection, parts, (event, args) => void events.take(event, args)));
  socket.on("disconnect", (reason) => flows.arrivals.disconnect(session, connection.closeReason(reason)));
  return events;
}

/** How fast it may speak; null where nothing is limited. */
function limitOf(
  socket: Socket,
  connection: SocketConnection,
  { config, clock }: DeviceDoorParts,
  deliver: Deliver,
): FrameLimit | null {
  const { limits, deviceFrames, deviceBytes } = config;
  if (!limits) return null;
  return new FrameLimit({
    clock,
    frames: { perSecond: deviceFrames, burst: deviceFrames * LIMITS.frameBurstSeconds },
    bytes: { perSecond: deviceBytes, burst: deviceBytes * LIMITS.byteBurstSeconds },
    deliver,
    onDropped: () => void socket.emit("error", new PharosError("TOO_MANY", TOO_FAST).toWire()),
    onStubborn: () => connection.dismiss("TOO_MANY"),
  });
}

/** A device whose token ended is cut at once. */
function cutWhenEnded(nsp: Namespace, { events }: Access): void {
  events.on("ended", (ref) => {
    for (const socket of nsp.sockets.values()) if (socket.data.ref === ref) dismissSocket(socket, "REVOKED");
  });
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
