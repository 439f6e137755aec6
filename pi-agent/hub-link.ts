/**
 * The agent's connection to the hub's `/devices` (protocol 2.1). It always comes back, soon after a restart of the hub
 * and never as a flood, and tells each change of its state once.
 */
import { io, type Socket } from "socket.io-client";
import { type Backoff, createBackoff } from "#base/backoff.ts";
import type { Clock, Timer } from "#base/clock.ts";
import type { Hello, Reports, Vitals } from "#protocol/device-events.ts";
import { ERRORS, type WireError } from "#protocol/errors.ts";
import type { Welcome } from "#protocol/hub-events.ts";
import type { Values } from "#protocol/values.ts";
import type { AgentLog } from "./agent-log.ts";
import type { ReportEvents } from "./reports/report-outbox.ts";

const CONNECT_TIMEOUT_MS = 5_000;
/** Also after a refusal: the reason may be gone soon, as a duplicate that is about to be found dead. */
const RETRY_MS = { first: 500, max: 5_000 };

export type Ack = (answer: unknown) => void;

interface FromHub {
  set(frame: unknown, ack?: Ack): void;
  action(frame: unknown, ack?: Ack): void;
  welcome(welcome: Welcome): void;
  pending(): void;
  error(error: WireError): void;
  bye(reason: WireError): void;
}

interface ToHub {
  hello(hello: Hello): void;
  heartbeat(vitals: Vitals): void;
  report(values: Values, beside?: { readonly time: number }): void;
  reports(batch: Reports): void;
  message(text: string): void;
  log(entry: { level: "info" | "warn" | "error"; text: string }): void;
}

/** What the agent does about the connection. */
export interface LinkListener {
  onConnected(): void;
  /** The hub has taken the `hello`: from now on it takes reports. */
  onWelcome(welcome: Welcome): void;
  onDisconnected(): void;
  /** Answers through `ack`, at once. */
  onSet(frame: unknown, ack: Ack): void;
  onAction(frame: unknown, ack: Ack): void;
}

export interface HubLinkParts {
  readonly hub: string;
  readonly id: string;
  readonly token: string | null;
  readonly clock: Clock;
  readonly log: AgentLog;
  readonly listener: LinkListener;
}

export class HubLink {
  readonly #parts: HubLinkParts;
  readonly #backoff: Backoff = createBackoff(RETRY_MS.first, RETRY_MS.max);
  #socket: Socket<FromHub, ToHub> | null = null;
  #retry: Timer | null = null;
  /** The last thing told about the connection, so that a hundred vain tries are one line. */
  #told = "";

  constructor(parts: HubLinkParts) {
    this.#parts = parts;
  }

  open(): void {
    const { hub, id, token, listener } = this.#parts;
    const socket: Socket<FromHub, ToHub> = io(`${hub}/devices`, {
      auth: token === null ? { id } : { id, token },
      transports: ["websocket"],
      forceNew: true,
      timeout: CONNECT_TIMEOUT_MS,
      // The client's own would not return from a refusal or a goodbye: one way to come back serves all.
      reconnection: false,
    });
    this.#socket = socket;
    socket.on("connect", () => this.#onConnect());
    socket.on("connect_error", (error) => this.#onRefused(error));
    socket.on("disconnect", (reason) => this.#onDisconnect(reason));
    socket.on("set", (frame, ack) => listener.onSet(frame, ack ?? ignore));
    socket.on("action", (frame, ack) => listener.onAction(frame, ack ?? ignore));
    socket.on("welcome", (welcome) => {
      const { id, name, token } = welcome;
      // Given once: from now on it goes with each connection.
      if (token !== undefined) socket.auth = { id, token };
      this.#parts.log.say("info", "welcome", `The hub shows this device as ${name} (${id}).`);
      listener.onWelcome(welcome);
    });
    socket.on("pending", () =>
      this.#parts.log.say("info", "pending", "The hub waits for somebody to approve this device on its page."),
    );
    socket.on("error", ({ code, message }) =>
      this.#parts.log.say("warn", "error", `The hub says: ${message} (${code})`),
    );
    socket.on("bye", ({ code, message }) =>
      this.#parts.log.say("warn", "bye", `The hub says goodbye: ${message} (${code})`),
    );
  }

  /** Sends an event if the hub is there now; nothing is kept for later. @returns whether it was sent */
  send<E extends keyof ToHub>(event: E, ...data: Parameters<ToHub[E]>): boolean {
    if (this.#socket?.connected !== true) return false;
    this.#socket.emit(event, ...data);
    return true;
  }

  /**
   * Sends an event that the hub acknowledges, if the hub is there now; the answer may never come.
   * @returns whether it was sent
   */
  ask<E extends keyof ReportEvents>(event: E, args: ReportEvents[E], ack: Ack): boolean {
    if (this.#socket?.connected !== true) return false;
    // The client adds the acknowledgement as one more argument, which its types cannot say.
    (this.#socket as Socket).emit(event, ...args, ack);
    return true;
  }

  close(): void {
    this.#retry?.cancel();
    this.#socket?.removeAllListeners();
    this.#socket?.disconnect();
    this.#socket = null;
  }

  #onConnect(): void {
    const { hub, id, listener } = this.#parts;
    this.#backoff.reset();
    this.#tell("info", "connected", `Connected to ${hub} as ${id}.`, { hub, id });
    listener.onConnected();
  }

  #onDisconnect(reason: Socket.DisconnectReason): void {
    const { hub, listener } = this.#parts;
    this.#tell("warn", "disconnected", `Lost the hub at ${hub} (${reason}); trying again.`, { hub, reason });
    listener.onDisconnected();
    this.#retryLater();
  }

  #onRefused(error: Error): void {
    const { hub } = this.#parts;
    const text = describe(error);
    this.#tell("warn", "no-hub", `No connection to ${hub}: ${text} Trying again.`, { hub, reason: text });
    this.#retryLater();
  }

  #retryLater(): void {
    const socket = this.#socket;
    this.#retry?.cancel();
    this.#retry = this.#parts.clock.after(this.#backoff.next(), () => socket?.connect());
  }

  #tell(level: "info" | "warn", event: string, text: string, fields: { readonly [name: string]: unknown }): void {
    if (this.#told === text) return;
    this.#told = text;
    this.#parts.log.say(level, event, text, fields);
  }
}

function ignore(): void {}

/** Why there is no connection, as a sentence: the hub's own words where it gave them. */
function describe(error: Error): string {
  const { data, description } = error as Error & {
    readonly data?: WireError;
    readonly description?: { readonly message?: string; readonly error?: NodeJS.ErrnoException };
  };
  if (data?.message !== undefined) return `${data.message} (${data.code})`;
  const cause = description?.error?.code ?? (description?.message || error.message);
  const status = /server response: (\d+)/.exec(cause)?.[1];
  const row = Object.values(ERRORS).find((known) => status !== undefined && known.status === Number(status));
  return row?.message ?? `${cause}.`;
}
