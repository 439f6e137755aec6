/**
 * The connection of one simulated device to the hub's plain WebSocket door (protocol 2.2). It always comes back, and tells each
 * change of its state once. Called by the sensor.
 */
import type { IncomingMessage } from "node:http";
import WebSocket from "ws";
import { type Backoff, createBackoff } from "#base/backoff.ts";
import type { Clock, Timer } from "#base/clock.ts";
import { StartError } from "#base/program.ts";
import { type Inbound, parseFrame } from "#protocol/frames.ts";

const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_MS = { first: 500, max: 5_000 };
/** A hub that does not answer the close frame is left. */
const CLOSE_TIMEOUT_MS = 400;
const MAX_INBOUND_BYTES = 65_536;
const MAX_REFUSAL_BYTES = 4_096;

export interface PlainLinkParts {
  /** `http://HOST:PORT` */
  readonly hub: string;
  readonly id: string;
  readonly token: string | null;
  readonly clock: Clock;
  /** Takes one line for people. */
  readonly log: (line: string) => void;
  onOpen(): void;
  /** Events and acknowledgements of the hub. */
  onFrame(frame: Inbound): void;
  /** The connection that was open is gone. */
  onClosed(): void;
}

export class PlainLink {
  readonly #parts: PlainLinkParts;
  readonly #backoff: Backoff = createBackoff(RETRY_MS.first, RETRY_MS.max);
  #socket: WebSocket | null = null;
  #retry: Timer | null = null;
  /** The last thing told about the connection, so that a hundred vain tries are one line. */
  #told = "";

  constructor(parts: PlainLinkParts) {
    this.#parts = parts;
  }

  /** Connects, and again whenever the connection is lost. */
  open(): void {
    const { hub, id, token, onFrame } = this.#parts;
    const socket = new WebSocket(doorOf(hub, id), {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      handshakeTimeout: CONNECT_TIMEOUT_MS,
      maxPayload: MAX_INBOUND_BYTES,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    let refusal: string | null = null;
    socket.on("open", () => this.#onOpen());
    socket.on("unexpected-response", (request, response) => {
      void readRefusal(response).then((text) => {
        refusal = text;
        request.destroy();
        socket.terminate();
      });
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      refusal ??= `${error.code ?? error.message}.`;
    });
    socket.on("message", (data, isBinary) => {
      if (!isBinary) onFrame(parseFrame(String(data)));
    });
    socket.on("close", () => this.#onClose(socket, refusal));
  }

  /** Sends one text frame, if the hub is there now; nothing is kept for later. */
  send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  /** The hub took the device: the next loss is tried again soon. */
  welcomed(): void {
    this.#backoff.reset();
  }

  /** Ends the connection at once, and comes back. */
  drop(): void {
    this.#socket?.terminate();
  }

  async close(): Promise<void> {
    this.#retry?.cancel();
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null || socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const timer = this.#parts.clock.after(CLOSE_TIMEOUT_MS, () => socket.terminate());
      socket.on("close", () => {
        timer.cancel();
        resolve();
      });
      socket.close(1000);
    });
  }

  #onOpen(): void {
    const { hub, onOpen } = this.#parts;
    this.#tell(`Connected to ${hub}.`);
    onOpen();
  }

  #onClose(socket: WebSocket, refusal: string | null): void {
    // It was closed from here.
    if (this.#socket !== socket) return;
    const { hub, clock, onClosed } = this.#parts;
    if (refusal === null) this.#tell(`Lost the hub at ${hub}; trying again.`);
    else this.#tell(`No connection to ${hub}: ${refusal} Trying again.`);
    onClosed();
    this.#retry = clock.after(this.#backoff.next(), () => this.open());
  }

  #tell(text: string): void {
    if (this.#told === text) return;
    this.#told = text;
    this.#parts.log(text);
  }
}

/** Where a device comes in. @throws StartError when the hub's address is none */
export function doorOf(hub: string, id: string): string {
  const url = URL.canParse(hub) ? new URL(hub) : null;
  if ((url?.protocol !== "http:" && url?.protocol !== "https:") || url.pathname !== "/") {
    throw new StartError(`--hub ${hub}: the address of a hub has the form http://HOST:PORT.`);
  }
  return `${url.protocol === "https:" ? "wss:" : "ws:"}//${url.host}/bridge/${id}`;
}

/** The hub's sentence and code (protocol 2.9), or the status of whoever answered. */
async function readRefusal(response: IncomingMessage): Promise<string> {
  let body = "";
  try {
    for await (const chunk of response) {
      body += String(chunk);
      if (body.length > MAX_REFUSAL_BYTES) break;
    }
    const { error } = JSON.parse(body) as { readonly error: { readonly code: string; readonly message: string } };
    return `${error.message} (${error.code})`;
  } catch {
    return `The answer is ${response.statusCode} ${response.statusMessage}; is this a Pharos hub?`;
  }
}
