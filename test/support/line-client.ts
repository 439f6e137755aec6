/** Test devices that speak in lines: at the TCP door, and as TCP servers that the hub dials (protocol 2.4, 2.5). */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { eventually } from "./eventually.ts";
import { type DoorKit, parse, TextClient } from "./text-client.ts";

export class LineClient extends TextClient {
  readonly #socket: Socket;
  readonly #onClose: () => void;
  isClosed = false;
  /** Lines as they came. */
  readonly lines: string[] = [];

  /** @param onClose called when this side closes it */
  constructor(socket: Socket, onClose: () => void = () => {}) {
    super();
    this.#socket = socket;
    this.#onClose = onClose;
    socket.on("error", () => {});
    socket.on("close", () => {
      this.isClosed = true;
    });
    createInterface({ input: socket }).on("line", (line) => {
      this.lines.push(line);
      this.take(line);
    });
  }

  /** Waits until the hub answers. @throws Error with the code of a `bye` */
  async letIn(): Promise<this> {
    let isIn = false;
    // Changes nothing.
    void this.ask("leave", "nowhere").then(() => {
      isIn = true;
    });
    const bye = () => this.heard.find(([event]) => event === "bye")?.[1] as { readonly code?: string } | undefined;
    await eventually(() => isIn || bye() !== undefined);
    if (!isIn) throw new Error(bye()?.code);
    return this;
  }

  close(): void {
    this.#socket.end();
    this.#onClose();
  }

  drop(): void {
    this.#socket.resetAndDestroy();
  }

  write(text: string): void {
    this.#socket.write(`${text}\n`);
  }
}

export function tcpDoor(): DoorKit {
  return {
    name: "TCP",
    namespace: "/bridge",
    endsWhenTooBig: false,
    connect(hub, id, token) {
      const client = new LineClient(connect(hub.tcpPort ?? 0, "127.0.0.1"));
      client.write(token === undefined ? `HELLO ${id}` : `HELLO ${id} ${token}`);
      return client.letIn();
    },
  };
}

/** Each device is a server of its own, which the hub is told to dial. */
export function dialDoor(): DoorKit {
  /** By id: a device that left is dialled no more, before it may come again. */
  const leaving = new Map<string, Promise<unknown>>();
  return {
    name: "dialled TCP",
    namespace: "/bridge",
    endsWhenTooBig: false,
    async connect({ url }, id) {
      await leaving.get(id);
      const sockets: Socket[] = [];
      const server = createServer((socket) => sockets.push(socket));
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const dialled = once(server, "connection") as Promise<[Socket]>;
      const body = JSON.stringify({ id, host: "127.0.0.1", port });
      const response = await fetch(`${url}/api/dials`, { method: "POST", body });
      if (!response.ok) {
        server.close();
        throw new Error(String((parse(await response.text())?.error as { code?: string } | undefined)?.code));
      }
      const [socket] = await dialled;
      const leave = (): void => {
        server.close();
        // The hub may have dialled again meanwhile.
        for (const again of sockets.slice(1)) again.destroy();
        leaving.set(
          id,
          fetch(`${url}/api/dials/${id}`, { method: "DELETE" }).catch(() => {}),
        );
      };
      return new LineClient(socket, leave).letIn();
    },
  };
}
