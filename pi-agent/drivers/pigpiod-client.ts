/**
 * A connection to the pigpio daemon that comes back by itself. Every promise it gives is settled: by the reply, by a
 * time-out, or by the end of the connection. Used by `pigpiod.ts` alone.
 */
import { connect, type Socket } from "node:net";
import { type Backoff, createBackoff } from "#base/backoff.ts";
import type { Clock, Timer } from "#base/clock.ts";
import { COMMANDS, type Command, decodeReply, encodeRequests, FRAME_BYTES, type Request } from "./pigpiod-commands.ts";

export const PIGPIOD_LIMITS = {
  connectMs: 2_000,
  /** Shorter than the hub waits for an answer to `set`, so that the fault is told and not guessed. */
  replyMs: 700,
  /** Requests that may wait for their replies. */
  unanswered: 256,
  firstRetryMs: 250,
  maxRetryMs: 5_000,
} as const;

/** Why there is no answer, as a sentence without a full stop. */
export class PigpiodError extends Error {}

export interface PigpiodClientParts {
  readonly clock: Clock;
  readonly host: string;
  readonly port: number;
  readonly limits?: Partial<typeof PIGPIOD_LIMITS>;
}

/** What happens after `connect` succeeded once. */
export interface PigpiodListener {
  /** The daemon was lost; the client is trying to get it back. */
  onLost(reason: PigpiodError): void;
  /** A new connection stands; the daemon may be a new one that knows nothing of us. */
  onRestored(): void;
}

interface Waiting {
  readonly command: Command;
  /** Monotonic ms at which its reply is too late. */
  readonly due: number;
  resolve(result: number): void;
  reject(reason: PigpiodError): void;
}

const NOTHING = Buffer.alloc(0);

export class PigpiodClient {
  readonly #parts: PigpiodClientParts;
  readonly #limits: typeof PIGPIOD_LIMITS;
  readonly #backoff: Backoff;
  #listener: PigpiodListener | null = null;
  #socket: Socket | null = null;
  /** Asked, oldest first: the daemon answers in this order. */
  #waiting: Waiting[] = [];
  /** Asked in this turn of the event loop, not yet sent. */
  #unsent: Request[] = [];
  /** Runs while anything waits. */
  #deadline: Timer | null = null;
  /** The beginning of a reply that is not whole yet. */
  #rest: Buffer = NOTHING;
  #retry: Timer | null = null;
  /** It answered, and was not lost since: what may be told as lost. */
  #up = false;
  #closed = false;

  constructor(parts: PigpiodClientParts) {
    this.#parts = parts;
    this.#limits = { ...PIGPIOD_LIMITS, ...parts.limits };
    this.#backoff = createBackoff(this.#limits.firstRetryMs, this.#limits.maxRetryMs);
  }

  /** `HOST:PORT` as it was given. */
  get address(): string {
    return `${this.#parts.host}:${this.#parts.port}`;
  }

  /**
   * Connects once; after a success the client returns by itself.
   * @returns the version of the daemon
   * @throws PigpiodError when nobody is there, or somebody who does not answer as a pigpio daemon does
   */
  async connect(listener: PigpiodListener): Promise<number> {
    try {
      const version = await this.#enter();
      this.#listener = listener;
      return version;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * Asks the daemon.
   * @returns its result; a negative one is an error code of the daemon
   * @throws PigpiodError without a connection, with too many requests open, without a reply in time, or when the connection ends
   */
  request(command: Command, p1 = 0, p2 = 0): Promise<number> {
    const socket = this.#socket;
    if (socket === null) return Promise.reject(this.#fault("has no connection"));
    if (this.#waiting.length >= this.#limits.unanswered) return Promise.reject(this.#fault("has too much to do"));
    return new Promise((resolve, reject) => {
      const due = this.#parts.clock.monotonic() + this.#limits.replyMs;
      this.#waiting.push({ command, due, resolve, reject });
      this.#unsent.push([command, p1, p2]);
      // A hundred lights that fade ask in the same turn: one write serves them all.
      if (this.#unsent.length === 1) setImmediate(() => this.#send(socket));
      if (this.#deadline === null) this.#watchDeadline(socket, this.#limits.replyMs);
    });
  }

  /** Ends the connection and does not come back; what waits is rejected. */
  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
    if (this.#socket !== null) this.#drop(this.#socket, this.#fault("was left"));
  }

  /** The daemon with `-l` listens on `::1` alone, an older one on `127.0.0.1`: «localhost» means either. */
  async #dial(): Promise<Socket> {
    const { host, port } = this.#parts;
    let reason = this.#fault("was left");
    for (const address of host === "localhost" ? ["::1", "127.0.0.1"] : [host]) {
      if (this.#closed) break;
      try {
        return await this.#dialAddress(address, port);
      } catch (error) {
        reason = this.#fault(`does not answer (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
      }
    }
    throw reason;
  }

  #dialAddress(host: string, port: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true });
      const timer = this.#parts.clock.after(this.#limits.connectMs, () =>
        socket.destroy(new Error("no connection in time")),
      );
      const settle = (run: () => void): void => {
        timer.cancel();
        socket.removeAllListeners();
        run();
      };
      socket.once("connect", () => settle(() => resolve(socket)));
      socket.once("error", (error) => settle(() => reject(error)));
    });
  }

  #adopt(socket: Socket): void {
    if (this.#closed) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    this.#rest = NOTHING;
    socket.on("data", (bytes) => this.#read(socket, bytes));
    // An error is always followed by `close`, which settles everything.
    socket.on("error", () => {});
    socket.on("close", () => this.#drop(socket, this.#fault("ended the connection")));
  }

  #send(socket: Socket): void {
    if (this.#socket !== socket || this.#unsent.length === 0) return;
    const frames = encodeRequests(this.#unsent);
    this.#unsent = [];
    socket.write(frames);
  }

  /** Replies carry no number, so after a lost one none can be told from the next: the connection is done. */
  #watchDeadline(socket: Socket, ms: number): void {
    this.#deadline = this.#parts.clock.after(ms, () => {
      this.#deadline = null;
      const [first] = this.#waiting;
      if (this.#socket !== socket || first === undefined) return;
      const left = first.due - this.#parts.clock.monotonic();
      if (left > 0) this.#watchDeadline(socket, Math.ceil(left));
      else this.#drop(socket, this.#fault(`did not answer within ${this.#limits.replyMs} ms`));
    });
  }

  #read(socket: Socket, bytes: Buffer): void {
    const received = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let offset = 0;
    let answered = 0;
    for (; offset + FRAME_BYTES <= received.length; offset += FRAME_BYTES) {
      const { command, result } = decodeReply(received, offset);
      const waiting = this.#waiting[answered];
      if (waiting === undefined || COMMANDS[waiting.command] !== command) {
        this.#waiting.splice(0, answered);
        this.#drop(socket, this.#fault("answers what was not asked"));
        return;
      }
      waiting.resolve(result);
      answered += 1;
    }
    this.#waiting.splice(0, answered);
    // A copy, so that sixteen bytes hold no large buffer.
    this.#rest = offset === received.length ? NOTHING : Buffer.from(received.subarray(offset));
  }

  #drop(socket: Socket, reason: PigpiodError): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    socket.destroy();
    this.#deadline?.cancel();
    this.#deadline = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#unsent = [];
    for (const { reject } of waiting) reject(reason);
    if (this.#closed || !this.#up) return;
    this.#up = false;
    this.#listener?.onLost(reason);
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#closed) return;
    this.#retry = this.#parts.clock.after(this.#backoff.next(), () => void this.#comeBack());
  }

  async #comeBack(): Promise<void> {
    try {
      await this.#enter();
    } catch {
      // Told once when it was lost; the next try follows.
      this.#retryLater();
      return;
    }
    this.#listener?.onRestored();
  }

  /** A connection counts when the daemon has answered on it: one that hangs still accepts. */
  async #enter(): Promise<number> {
    this.#adopt(await this.#dial());
    const version = await this.request("PIGPV");
    this.#backoff.reset();
    this.#up = true;
    return version;
  }

  #fault(what: string): PigpiodError {
    return new PigpiodError(`the pigpio daemon at ${this.address} ${what}`);
  }
}
