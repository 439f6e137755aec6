/** One Socket.IO client of the course page: it is told the newest level, and never more than it takes (protocol 2.7). Made by `course-page.ts`. */
import type { Socket } from "socket.io";
import type { WireError } from "#protocol/errors.ts";
import { LIMITS } from "../base/limits.ts";

export class CourseClient {
  readonly #socket: Socket;
  readonly #newest: () => number;
  /** Packets that wait for the client to take those before. */
  #waiting = 0;
  #missesNews = false;

  /** @param newest the level at the time it is asked */
  constructor(socket: Socket, newest: () => number) {
    this.#socket = socket;
    this.#newest = newest;
  }

  start(): void {
    const { conn } = this.#socket;
    const onPacket = (): void => {
      this.#waiting += 1;
    };
    const onDrain = (): void => {
      this.#waiting = 0;
      if (this.#missesNews) this.tell(this.#newest());
    };
    conn.on("packetCreate", onPacket);
    conn.on("drain", onDrain);
    this.#socket.once("disconnect", () => {
      conn.off("packetCreate", onPacket);
      conn.off("drain", onDrain);
    });
    this.tell(this.#newest());
  }

  /** A client that lags far behind gets the newest level when it has caught up, and none of those between. */
  tell(level: number): void {
    this.#missesNews = this.#waiting >= LIMITS.courseBacklog;
    if (!this.#missesNews) this.#socket.emit("led", { level });
  }

  /** It has just said where the light is to be. */
  hasSpoken(): void {
    this.#missesNews = false;
  }

  /** Says what is wrong with what it sent, unless it does not listen. */
  refuse(error: WireError): void {
    if (this.#waiting < LIMITS.courseBacklog) this.#socket.emit("error", error);
  }
}
