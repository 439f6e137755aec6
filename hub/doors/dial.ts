/** One device that the hub dials: connects, waits for the end, waits a while, and again. Made by the dialler. */
import { connect, type Socket } from "node:net";
import { type Backoff, createBackoff } from "#base/backoff.ts";
import type { Timer } from "#base/clock.ts";
import type { DialTarget } from "#protocol/dials.ts";
import { type ErrorCode, PharosError } from "#protocol/errors.ts";
import { LIMITS } from "../base/limits.ts";
import type { DialParts } from "./dial-parts.ts";
import { LineTransport } from "./line-transport.ts";
import { standInRequest } from "./stand-in-request.ts";
import { StreamConnection } from "./stream-connection.ts";

/** A connection that stands. */
interface Call {
  close(reason: ErrorCode): void;
}

export class Dial {
  readonly #target: DialTarget;
  readonly #parts: DialParts;
  readonly #backoff: Backoff = createBackoff(LIMITS.dialRetryFirstMs, LIMITS.dialRetryMaxMs);
  #socket: Socket | null = null;
  #call: Call | null = null;
  /** Ends the wait for an answer, or for the next try. */
  #timer: Timer | null = null;
  #steady: Timer | null = null;
  /** Why the present try failed. */
  #fault: string | null = null;
  #isClosed = false;

  constructor(target: DialTarget, parts: DialParts) {
    this.#target = target;
    this.#parts = parts;
  }

  start(): void {
    const { id, host, port } = this.#target;
    this.#parts.dials.became(id, "connecting", this.#fault);
    this.#fault = null;
    const socket = connect({ host, port, allowHalfOpen: true });
    this.#socket = socket;
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#fault ??= explain(error, this.#target);
    });
    socket.once("connect", () => void this.#connected(socket));
    socket.once("close", () => this.#ended());
    this.#timer = this.#parts.clock.after(LIMITS.dialConnectMs, () => this.#giveUp(`${host} does not answer.`));
  }

  /** Dials no more, and says `bye` to a device that is connected. */
  close(reason: ErrorCode): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#steady?.cancel();
    if (this.#call !== null) this.#call.close(reason);
    else this.#socket?.destroy();
  }

  async #connected(socket: Socket): Promise<void> {
    this.#timer?.cancel();
    const { arrivals, clock, dials, ownPorts } = this.#parts;
    const { id } = this.#target;
    try {
      if (ownPorts().includes(socket.remotePort ?? Number.NaN) && socket.remoteAddress === socket.localAddress) {
        throw new PharosError("BAD_REQUEST", "This is the hub's own door: it would talk to itself.");
      }
      await arrivals.admit(id);
      if (socket.destroyed || this.#isClosed) {
        arrivals.withdraw(id);
        socket.destroy();
        return;
      }
      this.#call = this.#accept(socket);
      this.#steady = clock.after(LIMITS.dialSteadyMs, () => this.#backoff.reset());
      dials.became(id, "connected", null);
    } catch (error) {
      this.#giveUp(error instanceof PharosError ? error.message : "The hub made a mistake.");
    }
  }

  #accept(socket: Socket): Call {
    const { engine, config } = this.#parts;
    const { id, mode } = this.#target;
    if (mode === "stream") return new StreamConnection(id, socket, this.#parts).start();
    const transport = new LineTransport({
      door: "dial",
      socket,
      maxLineBytes: config.maxMessageSize,
      maxFrameBytes: LIMITS.dialFrameBytes,
      keepAliveMs: config.heartbeatInterval,
    });
    const entrance = { principal: this.#parts.access.dialled(id, transport.remoteAddress), waits: false };
    return engine.accept(transport, standInRequest(socket, id), { id, nameless: false, entrance });
  }

  #giveUp(fault: string): void {
    this.#fault = fault;
    this.#socket?.destroy();
  }

  #ended(): void {
    this.#timer?.cancel();
    this.#steady?.cancel();
    const wasConnected = this.#call !== null;
    this.#call = null;
    this.#socket = null;
    if (this.#isClosed) return;
    const { dials, clock } = this.#parts;
    const wait = this.#backoff.next();
    this.#fault ??= wasConnected ? "The connection ended." : "The device closed the connection.";
    dials.became(this.#target.id, "waiting", this.#fault, clock.now() + wait);
    this.#timer = clock.after(wait, () => this.start());
  }
}

function explain({ code, message }: NodeJS.ErrnoException, { host, port }: DialTarget): string {
  if (code === "ECONNREFUSED") return `${host} takes no connection at port ${port}: is its program running?`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `There is no host ${host} in this network.`;
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH") return `There is no way to ${host}: is it switched on?`;
  if (code === "ETIMEDOUT") return `${host} does not answer.`;
  if (code === "ECONNRESET" || code === "EPIPE") return "The device broke the connection.";
  return `${host} cannot be reached: ${message}.`;
}
