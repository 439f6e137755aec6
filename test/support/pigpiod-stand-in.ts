/**
 * A stand-in of the pigpio daemon on a TCP port: answers as the real one did in `test/pi-agent/pigpiod-transcript.txt`,
 * and can fail in the ways a daemon does. It is itself proven by `pigs` and `python3-pigpio`, which are not ours.
 */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Board } from "./pigpiod-board.ts";

const FRAME_BYTES = 16;

export interface HandledCommand {
  readonly name: string;
  readonly p1: number;
  readonly p2: number;
  readonly result: number;
}

export class PigpiodStandIn {
  /** How replies go out: whole, byte by byte, half and then nothing, with another command's number, or not at all. */
  replies: "whole" | "in pieces" | "half" | "mistaken" | "none" = "whole";
  /** ms before each reply. */
  delayMs = 0;
  /** Every command so far, oldest first. */
  readonly commands: HandledCommand[] = [];
  /** How many requests came in each piece of data, oldest first. */
  readonly arrivals: number[] = [];
  board = new Board();
  port = 0;
  readonly #host: string;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  constructor(host = "127.0.0.1") {
    this.#host = host;
  }

  /** Listens, on a free port the first time and on the same one after a `kill`. */
  async start(): Promise<this> {
    const server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(this.port, this.#host, resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  /** Ends as a killed daemon does; the next `start` knows nothing of before. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.dropConnections();
    this.board = new Board();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** The duty of a pin in units of its range; null when it is not in PWM. */
  dutyOf(gpio: number): number | null {
    return this.board.pin(gpio).duty;
  }

  /** The duty of a pin as a part of its range, 0 to 1; null when it is not in PWM. */
  powerOf(gpio: number): number | null {
    const { duty, range } = this.board.pin(gpio);
    return duty === null ? null : duty / range;
  }

  #serve(socket: Socket): void {
    let received: Buffer = Buffer.alloc(0);
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      received = Buffer.concat([received, bytes]);
      const before = this.commands.length;
      for (let length = requestLength(received); length <= received.length; length = requestLength(received)) {
        this.#handle(socket, received.subarray(0, length));
        received = received.subarray(length);
      }
      this.arrivals.push(this.commands.length - before);
    });
  }

  #handle(socket: Socket, request: Buffer): void {
    const [command, p1, p2] = [request.readUInt32LE(0), request.readUInt32LE(4), request.readUInt32LE(8)];
    const { name, result } = this.board.run(command, p1, p2, request.subarray(FRAME_BYTES));
    this.commands.push({ name, p1, p2, result });
    const reply = Buffer.from(request.subarray(0, FRAME_BYTES));
    reply.writeInt32LE(result | 0, 12);
    if (this.delayMs > 0) setTimeout(() => this.#reply(socket, reply), this.delayMs);
    else this.#reply(socket, reply);
  }

  #reply(socket: Socket, reply: Buffer): void {
    if (this.replies === "none" || socket.destroyed) return;
    if (this.replies === "half") socket.write(reply.subarray(0, 7));
    else if (this.replies === "in pieces") for (const byte of reply) socket.write(Buffer.of(byte));
    else {
      if (this.replies === "mistaken") reply.writeUInt32LE(77, 0);
      socket.write(reply);
    }
  }
}

/** Bytes of the first request; more than there are while it is not complete. */
function requestLength(received: Buffer): number {
  return received.length < FRAME_BYTES ? FRAME_BYTES : FRAME_BYTES + received.readUInt32LE(12);
}

/** Starts a stand-in; close it with `kill`. */
export function startPigpiodStandIn(host?: string): Promise<PigpiodStandIn> {
  return new PigpiodStandIn(host).start();
}
