/** The default namespace: pages of older courses, which share one light by the event `led` (protocol 2.7). */
import type { Server, Socket } from "socket.io";
import { PharosError, type WireError, wireError } from "#protocol/errors.ts";
import type { Access } from "../access/access.ts";
import { type Principal, requireRole } from "../access/principal.ts";
import type { Gate } from "../base/gate.ts";
import type { Logger } from "../base/logger.ts";
import { CourseClient } from "./course-client.ts";
import { readLevel } from "./course-level.ts";
import type { CourseLight } from "./course-light.ts";

type Acknowledge = (answer: { readonly level: number } | { readonly error: WireError }) => void;

export interface CoursePageParts {
  readonly io: Server;
  readonly gate: Gate;
  readonly access: Access;
  readonly light: CourseLight;
  readonly logger: Logger;
  readonly maxMessageBytes: number;
}

export class CoursePage {
  readonly #parts: CoursePageParts;
  readonly #clients = new Map<string, CourseClient>();

  constructor(parts: CoursePageParts) {
    this.#parts = parts;
  }

  start(): void {
    const { io, gate, access, light } = this.#parts;
    const nsp = io.of("/");
    nsp.use((socket, next) => {
      try {
        // It commands a device, so a foreign site may not; a script has no origin.
        gate(socket.request, "control");
        const { token } = socket.handshake.auth as { readonly token?: string };
        const principal = access.identify(socket.request, token);
        requireRole(principal, "viewer");
        socket.data.principal = principal;
        next();
      } catch (error) {
        next(refusal(error));
      }
    });
    nsp.on("connection", (socket) => this.#open(socket));
    access.events.on("ended", (ref) => {
      for (const socket of nsp.sockets.values()) if (socket.data.principal.ref === ref) socket.disconnect(true);
    });
    light.events.on("level", (level, except) => {
      for (const [id, client] of this.#clients) if (id !== except) client.tell(level);
    });
    light.events.on("correction", (level, only) => this.#clients.get(only)?.tell(level));
  }

  /** The hub stops. */
  close(): void {
    this.#parts.io.of("/").disconnectSockets(true);
  }

  #open(socket: Socket): void {
    const { light, maxMessageBytes } = this.#parts;
    const client = new CourseClient(socket, () => light.level);
    this.#clients.set(socket.id, client);
    const onData = (data: string | Buffer): void => {
      if (data.length > maxMessageBytes) socket.disconnect(true);
    };
    socket.conn.on("data", onData);
    socket.on("led", (data: unknown, done: unknown) => {
      client.hasSpoken();
      void this.#set(socket, client, data, typeof done === "function" ? (done as Acknowledge) : null);
    });
    socket.on("disconnect", () => {
      socket.conn.off("data", onData);
      this.#clients.delete(socket.id);
      light.release(socket.id);
    });
    client.start();
  }

  async #set(socket: Socket, client: CourseClient, data: unknown, done: Acknowledge | null): Promise<void> {
    try {
      requireRole(socket.data.principal as Principal, "operator");
      const level = await this.#parts.light.set(readLevel(data), socket.id);
      done?.({ level });
    } catch (error) {
      const wire = this.#toWire(error);
      if (done === null) client.refuse(wire);
      else done({ error: wire });
    }
  }

  #toWire(error: unknown): WireError {
    if (error instanceof PharosError) return error.toWire();
    this.#parts.logger.error(error, "a course page's wish failed");
    return wireError("INTERNAL");
  }
}

function refusal(reason: unknown): Error {
  const error = reason instanceof PharosError ? reason : new PharosError("INTERNAL");
  return Object.assign(new Error(error.message), { data: error.toWire() });
}
