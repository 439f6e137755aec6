/** A test's device at a door: the same few words whatever the door, so that one contract suite serves all. */
import { once } from "node:events";
import { io, type Socket } from "socket.io-client";
import { WebSocket } from "ws";
import { eventually } from "./eventually.ts";

type Handler = (data: unknown) => unknown;

export interface DeviceClient {
  /** Every event that arrived, oldest first: `["message", "SOS"]`; but for greetings. */
  readonly heard: Array<readonly [string, unknown]>;
  /** How the hub greeted it by its name. */
  readonly greetings: string[];
  send(event: string, data?: unknown, time?: number): void;
  /** Sends and waits for the acknowledgement. */
  ask(event: string, data?: unknown): Promise<unknown>;
  /** The first event of that name, also one that arrived already. */
  next(event: string): Promise<unknown>;
  /** Answers a hub event; what it returns is the acknowledgement. */
  on(event: string, answer: Handler): void;
  readonly isClosed: boolean;
  closed(): Promise<void>;
  close(): void;
}

export interface DoorKit {
  readonly name: string;
  /** Resolves when the door let the device in; rejects with the refusal. */
  connect(url: string, id: string): Promise<DeviceClient>;
}

export const DOORS: readonly DoorKit[] = [
  { name: "Socket.IO", connect: (url, id) => connectSocketIo(url, id, ["websocket"]) },
  { name: "Socket.IO polling", connect: (url, id) => connectSocketIo(url, id, ["polling"]) },
  { name: "plain WebSocket", connect: connectPlain },
];

abstract class BaseClient {
  readonly heard: Array<readonly [string, unknown]> = [];
  readonly greetings: string[] = [];
  readonly handlers = new Map<string, Handler>();

  protected hear(event: string, data: unknown): void {
    if (event === "message" && /^Hello, .*!$/.test(String(data))) this.greetings.push(String(data));
    else this.heard.push([event, data]);
  }

  async next(event: string): Promise<unknown> {
    await eventually(() => this.heard.some(([name]) => name === event));
    return this.heard.find(([name]) => name === event)?.[1];
  }

  on(event: string, answer: Handler): void {
    this.handlers.set(event, answer);
  }
}

class SocketIoClient extends BaseClient implements DeviceClient {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.onAny((event: string, ...args: unknown[]) => {
      const last = args.at(-1);
      this.hear(event, args[0]);
      const handler = this.handlers.get(event);
      if (typeof last === "function" && handler !== undefined) (last as Handler)(handler(args[0]));
    });
  }

  get isClosed(): boolean {
    return !this.#socket.connected;
  }

  send(event: string, data?: unknown, time?: number): void {
    this.#socket.emit(event, data, ...(time === undefined ? [] : [{ time }]));
  }

  ask(event: string, data?: unknown): Promise<unknown> {
    return this.#socket.timeout(2000).emitWithAck(event, data);
  }

  closed(): Promise<void> {
    return eventually(() => this.isClosed);
  }

  close(): void {
    this.#socket.disconnect();
  }
}

class PlainClient extends BaseClient implements DeviceClient {
  readonly #ws: WebSocket;
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #asked = 0;

  constructor(ws: WebSocket) {
    super();
    this.#ws = ws;
    ws.on("error", () => {});
    ws.on("message", (data, isBinary) => {
      if (isBinary) this.hear("binary", data);
      else this.#onText(String(data));
    });
  }

  get isClosed(): boolean {
    return this.#ws.readyState === WebSocket.CLOSED;
  }

  send(event: string, data?: unknown, time?: number): void {
    this.#ws.send(JSON.stringify({ event, data, time }));
  }

  ask(event: string, data?: unknown): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    this.#ws.send(JSON.stringify({ event, data, id }));
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  closed(): Promise<void> {
    return eventually(() => this.isClosed);
  }

  close(): void {
    this.#ws.close();
  }

  #onText(text: string): void {
    const frame = parse(text);
    if (frame === null || !("event" in frame || "ack" in frame)) this.hear("message", text);
    else if ("ack" in frame) this.#answers.get(Number(frame.ack))?.(frame.error ? { error: frame.error } : frame.data);
    else this.#onEvent(frame);
  }

  #onEvent(frame: { event?: unknown; data?: unknown; id?: unknown }): void {
    const event = String(frame.event);
    this.hear(event, frame.data);
    const handler = this.handlers.get(event);
    if (frame.id === undefined || handler === undefined) return;
    this.#ws.send(JSON.stringify({ ack: frame.id, data: handler(frame.data) }));
  }
}

async function connectSocketIo(url: string, id: string, transports: string[]): Promise<DeviceClient> {
  const socket = io(`${url}/devices`, { auth: { id }, reconnection: false, forceNew: true, transports });
  const client = new SocketIoClient(socket);
  await new Promise<void>((resolve, reject) => {
    socket.on("connect", resolve);
    socket.on("connect_error", (error) => {
      socket.close();
      reject(new Error(String((error as { data?: { code?: string } }).data?.code ?? error.message)));
    });
  });
  return client;
}

async function connectPlain(url: string, id: string): Promise<DeviceClient> {
  const ws = new WebSocket(`${url.replace("http", "ws")}/bridge/${id}`);
  const refused = new Promise<never>((_, reject) => {
    ws.on("unexpected-response", (_request, response) => {
      let body = "";
      response.on("data", (part) => {
        body += String(part);
      });
      response.on("end", () => reject(new Error(String((parse(body)?.error as { code?: string } | undefined)?.code))));
    });
  });
  const client = new PlainClient(ws);
  await Promise.race([once(ws, "open"), refused]);
  return client;
}

function parse(text: string): { [key: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? (value as { [key: string]: unknown }) : null;
  } catch {
    return null;
  }
}
