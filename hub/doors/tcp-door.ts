/** The door for raw TCP: one frame a line, named by its first line or by the hub (protocol 2.4). */
import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "#base/clock.ts";
import { PharosError, wireError } from "#protocol/errors.ts";
import { formatEvent } from "#protocol/frames.ts";
import { hubGivenId, isId } from "#protocol/names.ts";
import type { Access } from "../access/access.ts";
import type { HubConfig } from "../base/config.ts";
import { LIMITS } from "../base/limits.ts";
import type { Arrivals } from "../flow/arrivals.ts";
import { enterAs } from "./entrance.ts";
import { isHttpRequest, readHelloFrame, readHelloLine } from "./hello-line.ts";
import { LineTransport } from "./line-transport.ts";
import type { Visitor } from "./plain-connection.ts";
import type { PlainEngine } from "./plain-engine.ts";
import { standInRequest } from "./stand-in-request.ts";

interface Named {
  readonly id: string;
  readonly nameless: boolean;
  readonly token: string | null;
}

export interface TcpDoorParts {
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly access: Access;
  readonly engine: PlainEngine;
  readonly arrivals: Arrivals;
}

export class TcpDoor {
  /** Not listening yet; who made the door chooses where. */
  readonly server: Server;
  readonly #parts: TcpDoorParts;
  /** Not yet handed to the engine. */
  readonly #arriving = new Set<Socket>();

  constructor(parts: TcpDoorParts) {
    this.#parts = parts;
    this.server = createServer({ allowHalfOpen: true }, (socket) => void this.#receive(socket));
  }

  /** Lets nobody in any more. Those who are in belong to the engine. @returns when the last of them is gone */
  close(): Promise<void> {
    for (const socket of this.#arriving) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  async #receive(socket: Socket): Promise<void> {
    const { config, clock, engine, arrivals } = this.#parts;
    this.#arriving.add(socket);
    const transport = new LineTransport({
      door: "tcp",
      socket,
      maxLineBytes: config.maxMessageSize,
      maxFrameBytes: LIMITS.plainFrameBytes,
      keepAliveMs: config.heartbeatInterval,
    });
    try {
      const visitor = await this.#meet(transport);
      if (socket.destroyed) return;
      if (!visitor.entrance.waits) await arrivals.admit(visitor.id);
      if (socket.destroyed) return arrivals.withdraw(visitor.id);
      // It has said something, or was given the time to.
      engine.accept(transport, standInRequest(socket, visitor.id), visitor).speak();
    } catch (error) {
      this.#refuse(transport, error, clock);
    } finally {
      this.#arriving.delete(socket);
    }
  }

  /** @throws PharosError whatever is wrong with its name or its token */
  async #meet(transport: LineTransport): Promise<Visitor> {
    const { access } = this.#parts;
    const isOpen = access.identifyLine(transport.remoteAddress, null).role !== null;
    const { id, nameless, token } = await this.#hear(transport, isOpen ? LIMITS.holdFirstFrameMs : LIMITS.tcpHelloMs);
    const principal = access.identifyLine(transport.remoteAddress, token);
    return { id, nameless, entrance: enterAs(access, principal, id, nameless) };
  }

  /** How it names itself within this time. @throws PharosError `BAD_ID`, `NO_DOOR` */
  async #hear(transport: LineTransport, waitMs: number): Promise<Named> {
    const { socket, remoteAddress } = transport;
    const given = hubGivenId("tcp", remoteAddress, socket.remotePort ?? 0);
    const line = await transport.first(this.#parts.clock, waitMs);
    if (line?.kind !== "text") return { id: given, nameless: true, token: null };
    if (isHttpRequest(line.text)) {
      throw new PharosError("NO_DOOR", "This is the door for lines of text; the hub speaks HTTP on its other port.");
    }
    const hello = readHelloLine(line.text);
    if (hello !== null) {
      if (!isId(hello.id)) throw new PharosError("BAD_ID");
      transport.drop();
      return { ...hello, nameless: false };
    }
    const named = readHelloFrame(line.text);
    return { id: named?.id ?? given, nameless: named === null, token: named?.token ?? null };
  }

  /** A refusal is a `bye` (protocol 2.8). Anything but a PharosError is a mistake of the hub and says no more. */
  #refuse(transport: LineTransport, reason: unknown, clock: Clock): void {
    const error = reason instanceof PharosError ? reason.toWire() : wireError("INTERNAL");
    transport.socket.write(transport.framing.text(Buffer.from(formatEvent("bye", error))));
    transport.close();
    clock.after(LIMITS.closeMs, () => transport.terminate());
  }
}
