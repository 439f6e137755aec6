/** A TCP socket of which a test writes every byte and reads every line: for faults at the TCP door. */

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { eventually } from "./eventually.ts";

type Frame = { readonly [key: string]: unknown };

export class RawLine {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  isClosed = false;
  /** The peer sends no more. */
  isEnded = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (data) => {
      this.#received = Buffer.concat([this.#received, data]);
    });
    socket.on("error", () => {});
    socket.on("end", () => {
      this.isEnded = true;
    });
    socket.on("close", () => {
      this.isClosed = true;
    });
  }

  static to(port: number | null): RawLine {
    return new RawLine(connect({ port: port ?? 0, host: "127.0.0.1", allowHalfOpen: true }));
  }

  write(data: string | Buffer): void {
    this.socket.write(data);
  }

  /** Writes pieces that arrive as packets of their own. */
  async pieces(...pieces: readonly (string | Buffer)[]): Promise<void> {
    for (const piece of pieces) {
      this.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }

  /** Takes the next whole line. */
  async line(): Promise<string> {
    await eventually(() => this.#received.includes("\n"));
    const end = this.#received.indexOf("\n");
    const line = this.#received.subarray(0, end).toString();
    this.#received = this.#received.subarray(end + 1);
    return line;
  }

  async json(): Promise<Frame> {
    return JSON.parse(await this.line()) as Frame;
  }

  /** The lines up to the answer to a question asked now. */
  async heardUntilNow(): Promise<string[]> {
    this.write('{"event":"heartbeat","id":"now"}\n');
    const heard: string[] = [];
    for (;;) {
      const line = await this.line();
      if (line === '{"ack":"now","data":{}}') return heard;
      heard.push(line);
    }
  }

  /** All that was received and not taken yet. */
  get rest(): Buffer {
    return this.#received;
  }

  closed(): Promise<void> {
    return eventually(() => this.isClosed, 5000);
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Devices at the TCP door of one hub. */
export class LineVisitors {
  readonly #port: () => number | null;
  readonly #lines: RawLine[] = [];

  /** @param port asked at each use, since a test may start another hub */
  constructor(port: () => number | null) {
    this.#port = port;
  }

  dial(): RawLine {
    const line = RawLine.to(this.#port());
    this.#lines.push(line);
    return line;
  }

  /** One that is in. */
  async device(id: string): Promise<RawLine> {
    const line = this.dial();
    line.write(`HELLO ${id}\n`);
    if ((await line.heardUntilNow()).length > 0) throw new Error(`${id} heard something before it was in`);
    return line;
  }

  closeAll(): void {
    for (const line of this.#lines.splice(0)) line.close();
  }
}

/** A device that waits to be dialled. */
export class RawServer {
  readonly #server: Server;
  readonly calls: RawLine[] = [];
  port = 0;

  private constructor() {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.calls.push(new RawLine(socket)));
  }

  static async start(port = 0): Promise<RawServer> {
    const started = new RawServer();
    started.#server.listen(port, "127.0.0.1");
    await once(started.#server, "listening");
    started.port = (started.#server.address() as AddressInfo).port;
    return started;
  }

  /** The `n`th connection of the hub, from 1. */
  async call(n = 1): Promise<RawLine> {
    await eventually(() => this.calls.length >= n, 8000);
    return this.calls[n - 1] as RawLine;
  }

  /** As a device that loses its power. */
  close(): void {
    this.#server.close();
    for (const call of this.calls) call.close();
  }
}
