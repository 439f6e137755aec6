/** The connection to the hub: opened, watched, and opened again after a growing pause. */
import { type Alarm, createAlarm } from "./alarm.ts";
import type { Pharos, Socket, SocketOptions } from "./config.ts";
import { readToken } from "./token.ts";

/** A refusal that leaves TCP open is never reported: without this the client would wait for ever. */
const HANDSHAKE_LIMIT_MS = 4000;
/** Nothing for so long, not even an answer to one of our own pings: the hub is gone. */
const SILENCE_LIMIT_MS = 40000;
const PING_SECONDS = 15;
const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30000;
/** After DUPLICATE or UNAUTHORIZED, which a person has to mend. */
const REFUSED_PAUSE_MS = 60000;

function options(pharos: Pharos): SocketOptions {
  const headers: { [name: string]: string } = {};
  const token = readToken(pharos);
  if (token) headers.Authorization = `Bearer ${token}`;
  return { port: pharos.config.port, path: `/bridge/${pharos.config.id}`, keepAlive: PING_SECONDS, headers };
}

/** What the link tells its owner. */
export interface LinkEvents {
  opened(): void;
  received(text: string): void;
  /** The connection failed or ended. */
  lost(): void;
}

export class Link {
  private readonly pharos: Pharos;
  private readonly events: LinkEvents;
  private readonly deadline: Alarm;
  private readonly retry: Alarm;
  private socket: Socket | null;
  private pause: number;

  constructor(pharos: Pharos, events: LinkEvents) {
    this.pharos = pharos;
    this.events = events;
    this.socket = null;
    this.pause = FIRST_PAUSE_MS;
    this.deadline = createAlarm(() => this.lose("no answer"));
    this.retry = createAlarm(() => this.open());
  }

  /** The network is there. */
  open(): void {
    this.retry.stop();
    if (this.socket) return;
    const config = this.pharos.config;
    print(`Hub: connecting to ${config.host}:${config.port}`);
    try {
      // Blocks until the hub has answered or the network stack gives up.
      this.watch(new this.pharos.ws(config.host, options(this.pharos)));
    } catch (error) {
      this.lose(`${error}`);
    }
  }

  /** The network is gone: nothing is tried until `open`. */
  close(): void {
    this.drop();
    this.retry.stop();
    this.events.lost();
  }

  /** @returns whether it was sent */
  send(text: string): boolean {
    if (!this.socket) return false;
    try {
      this.socket.send(text);
      return true;
    } catch (error) {
      this.lose(`${error}`);
      return false;
    }
  }

  /** The hub has taken us: the next pause is a short one again. */
  welcomed(): void {
    this.pause = FIRST_PAUSE_MS;
  }

  /** The hub says why it is about to end the connection; the close itself carries nothing here. */
  dismissed(code: unknown): void {
    if (code === "DUPLICATE" || code === "UNAUTHORIZED") this.pause = REFUSED_PAUSE_MS;
  }

  private watch(socket: Socket): void {
    this.socket = socket;
    this.deadline.set(HANDSHAKE_LIMIT_MS);
    const alive = (): void => {
      if (this.socket === socket) this.deadline.set(SILENCE_LIMIT_MS);
    };
    socket.on("rawData", (bytes) => {
      if (this.socket === socket) this.readRefusal(bytes);
    });
    socket.on("open", () => {
      if (this.socket !== socket) return;
      alive();
      socket.removeAllListeners("rawData");
      this.events.opened();
      socket.parseData("");
    });
    socket.on("message", (text) => {
      alive();
      if (this.socket === socket) this.events.received(text);
    });
    socket.on("ping", alive);
    socket.on("pong", alive);
    socket.on("close", () => {
      if (this.socket === socket) this.lose("closed");
    });
  }

  /** The first bytes of an answer that is not 101 say why; the module itself would wait for ever (protocol 2.9). */
  private readRefusal(bytes: string): void {
    const status = bytes.startsWith("HTTP/1.1 ") ? bytes.slice(9, 12) : "101";
    if (status === "101") return;
    if (status === "401" || status === "409") this.pause = REFUSED_PAUSE_MS;
    this.lose(`refused with ${status}`);
  }

  private lose(why: string): void {
    this.drop();
    const wait = this.pause * (0.5 + Math.random() / 2);
    this.pause = Math.min(Math.max(this.pause, FIRST_PAUSE_MS) * 2, Math.max(MAX_PAUSE_MS, this.pause));
    print(`Hub: ${why}; next try in ${Math.round(wait)} ms`);
    this.retry.set(wait);
    this.events.lost();
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    this.deadline.stop();
    if (!socket) return;
    try {
      socket.close();
    } catch (_error) {
      // It was not connected yet, or is closed already.
    }
  }
}
