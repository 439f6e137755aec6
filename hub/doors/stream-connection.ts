/** A dialled device whose bytes are text of a terminal: it is present like any device, and understands nothing (protocol 2.5). */
import type { Socket } from "node:net";
import { type ErrorCode, PharosError } from "#protocol/errors.ts";
import type { HubEvents } from "#protocol/hub-events.ts";
import type { Connection } from "../devices/connection.ts";
import type { Session } from "../flow/session.ts";
import type { DialParts } from "./dial-parts.ts";
import { createLiveness, type Liveness } from "./liveness.ts";

export class StreamConnection implements Connection {
  readonly door = "dial";
  readonly nameless = false;
  readonly roundTripMs = null;
  readonly socketId: string;
  readonly address: string;
  readonly #id: string;
  readonly #socket: Socket;
  readonly #parts: DialParts;
  readonly #liveness: Liveness;
  #dismissed: ErrorCode | null = null;

  constructor(id: string, socket: Socket, parts: DialParts) {
    this.#id = id;
    this.#socket = socket;
    this.#parts = parts;
    this.#liveness = createLiveness(parts.config, parts.clock, null);
    this.socketId = `stream:${id}`;
    this.address = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  }

  /** The device is here, and its bytes flow. @throws PharosError `TOO_MANY` */
  start(): this {
    const { access, arrivals, attendance, config, streams } = this.#parts;
    const session: Session = arrivals.connect(this.#id, this, access.dialled(this.#id, this.address));
    const socket = this.#socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, config.heartbeatInterval);
    streams.open(this.#id, {
      write: (text) => this.#write(text),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    });
    socket.on("data", (bytes: Buffer) => {
      this.#liveness.heard();
      attendance.heard(session.device);
      streams.take(this.#id, bytes);
    });
    // A terminal without a sender has nothing more to show.
    if (socket.readableEnded) socket.end();
    socket.on("end", () => socket.end());
    socket.on("close", () => {
      streams.closed(this.#id);
      arrivals.disconnect(session, this.#dismissed === "REPLACED" ? "replaced" : this.#reason());
    });
    return this;
  }

  close(reason: ErrorCode): void {
    this.dismiss(reason);
  }

  tell<E extends keyof HubEvents>(event: E, data: HubEvents[E]): void {
    if (event === "message") this.#write(String(data));
  }

  ask(): Promise<unknown> {
    return Promise.reject(new PharosError("NO_ACTION", "A terminal takes text, and nothing else."));
  }

  prove(ms: number): Promise<boolean> {
    return this.#liveness.prove(ms);
  }

  /** It hears no room: what is said there is not meant to be typed. */
  setRooms(): void {}

  rooms(): readonly string[] {
    return [];
  }

  isTooSmallFor(): boolean {
    return false;
  }

  limitFrames(): void {}

  dismiss(code: ErrorCode): void {
    this.#dismissed = code;
    this.#socket.destroy();
  }

  #reason(): "shutdown" | "closed" {
    return this.#dismissed === "SHUTDOWN" ? "shutdown" : "closed";
  }

  /** One that does not read what is typed is not a terminal that anybody types to. */
  #write(text: string): void {
    if (this.#socket.writableLength > this.#parts.config.maxQueuedBytes) this.dismiss("TOO_SLOW");
    else if (this.#socket.writable) this.#socket.write(text);
  }
}
