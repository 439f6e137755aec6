/** The hub's side of `/devices` on a real Socket.IO server, for tests of the agent: remembers what was said, asks what it is told to. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type Socket } from "socket.io";
import { eventually } from "../support/eventually.ts";

export class SocketHub {
  /** Events of devices, oldest first. */
  readonly said: { readonly event: string; readonly data: unknown }[] = [];
  /** What each handshake brought. */
  readonly handshakes: unknown[] = [];
  /** Refuses whoever comes, while it is set. */
  refusal: { readonly code: string; readonly message: string } | null = null;
  port = 0;
  #io: Server | null = null;
  #socket: Socket | null = null;

  /** Listens, on the same port after a `stop`. */
  async start(): Promise<this> {
    const server = createServer();
    const io = new Server(server);
    this.#io = io;
    const devices = io.of("/devices");
    devices.use((socket, next) => {
      this.handshakes.push(socket.handshake.auth);
      next(this.refusal === null ? undefined : Object.assign(new Error(this.refusal.message), { data: this.refusal }));
    });
    devices.on("connection", (socket) => {
      this.#socket = socket;
      socket.onAny((event: string, data: unknown, ...rest: unknown[]) => {
        this.said.push({ event, data });
        const acknowledge = rest.at(-1);
        if (typeof acknowledge === "function") acknowledge({});
      });
    });
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    const io = this.#io;
    this.#io = null;
    await io?.close();
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get socket(): Socket {
    if (this.#socket === null) throw new Error("No device has connected.");
    return this.#socket;
  }

  /** Forgets what was said so far. */
  forget(): void {
    this.said.length = 0;
    this.handshakes.length = 0;
  }

  /** The data of every `event` so far. */
  all(event: string): unknown[] {
    return this.said.filter((one) => one.event === event).map((one) => one.data);
  }

  /** Resolves to the data of the `count`-th event of this name. */
  async heard(event: string, count = 1): Promise<unknown> {
    await eventually(() => this.all(event).length >= count);
    return this.all(event)[count - 1];
  }

  ask(event: "set" | "action", data: unknown): Promise<unknown> {
    return this.socket.timeout(2000).emitWithAck(event, data);
  }
}
