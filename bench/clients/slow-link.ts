/** A link as slow as that of a phone in the garden, in front of a server on this machine. Made by cases that load the page. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { SlowLane } from "./slow-lane.ts";

export interface SlowLinkOptions {
  /** Each way, shared by all connections. */
  readonly bitsPerSecond: number;
  readonly roundTripMs: number;
}

export class SlowLink {
  readonly #server: Server;
  readonly #up: SlowLane;
  readonly #down: SlowLane;
  readonly #roundTripMs: number;
  readonly #sockets = new Set<Socket>();
  /** Of the server behind it. */
  readonly #target: number;

  constructor(target: number, { bitsPerSecond, roundTripMs }: SlowLinkOptions) {
    this.#target = target;
    this.#roundTripMs = roundTripMs;
    this.#up = new SlowLane({ bitsPerSecond, delayMs: roundTripMs / 2 });
    this.#down = new SlowLane({ bitsPerSecond, delayMs: roundTripMs / 2 });
    // A half that has ended says nothing of the other one.
    this.#server = createServer({ allowHalfOpen: true }, (near) => this.#join(near));
  }

  /** @returns the port by which the server is reached slowly */
  async start(): Promise<number> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** What the server has sent through it so far. */
  get bytesDown(): number {
    return this.#down.bytes;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(near: Socket): void {
    const far = connect({ port: this.#target, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    near.setNoDelay(true);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => this.#sockets.delete(socket));
    }
    this.#down.carry(far, near);
    // Its first bytes follow the handshake, which takes a round trip of its own.
    setTimeout(() => this.#up.carry(near, far), this.#roundTripMs);
  }
}
