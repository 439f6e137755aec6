/** A test's device at a door: the same few words whatever the door, so that one contract suite serves all. */
import { once } from "node:events";
import { io, type Socket } from "socket.io-client";
import { WebSocket } from "ws";
import { eventually } from "./eventually.ts";
import { dialDoor, tcpDoor } from "./line-client.ts";
import {
  BaseClient,
  type DeviceClient,
  type DoorKit,
  type Handler,
  type HubAddress,
  parse,
  TextClient,
} from "./text-client.ts";

export type { DeviceClient, DoorKit, HubAddress };

export const DOORS: readonly DoorKit[] = [
  socketIoDoor("Socket.IO", "websocket"),
  socketIoDoor("Socket.IO polling", "polling"),
  { name: "plain WebSocket", namespace: "/bridge", endsWhenTooBig: true, connect: connectPlain },
  tcpDoor(),
  dialDoor(),
];

function socketIoDoor(name: string, transport: string): DoorKit {
  const connect = (hub: HubAddress, id: string, token?: string): Promise<DeviceClient> =>
    connectSocketIo(hub.url, { id, ...(token !== undefined && { token }) }, [transport]);
  return { name, namespace: "/devices", endsWhenTooBig: true, connect };
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

  drop(): void {
    this.#socket.io.engine.close();
  }
}

class PlainClient extends TextClient {
  readonly #ws: WebSocket;

  constructor(ws: WebSocket) {
    super();
    this.#ws = ws;
    ws.on("error", () => {});
    ws.on("message", (data, isBinary) => {
      if (isBinary) this.hear("binary", data);
      else this.take(String(data));
    });
  }

  get isClosed(): boolean {
    return this.#ws.readyState === WebSocket.CLOSED;
  }

  close(): void {
    this.#ws.close();
  }

  drop(): void {
    this.#ws.terminate();
  }

  protected write(text: string): void {
    this.#ws.send(text);
  }
}

async function connectSocketIo(url: string, auth: object, transports: string[]): Promise<DeviceClient> {
  const socket = io(`${url}/devices`, { auth, reconnection: false, forceNew: true, transports });
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

async function connectPlain({ url }: HubAddress, id: string, token?: string): Promise<DeviceClient> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const ws = new WebSocket(`${url.replace("http", "ws")}/bridge/${id}`, { headers });
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
