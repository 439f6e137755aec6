/** A WebSocket server that plays the hub towards one plain device at a time: says what a test says, keeps what it hears. */
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { eventually } from "./eventually.ts";

export interface PlainHub {
  readonly port: number;
  /** Paths of the connections so far. */
  readonly paths: string[];
  /** Their `Authorization` headers. */
  readonly tokens: (string | undefined)[];
  /** Texts heard so far, over all connections. */
  readonly heard: string[];
  /** Whether it answers `hello` with `welcome`. */
  welcomes: boolean;
  say(text: string): void;
  event(event: string, data: unknown, id?: number | string): void;
  /** Sends an event with an id and waits for its acknowledgement. */
  ask(event: string, data: unknown): Promise<unknown>;
  /** Waits for the `n`th connection, from 1, to have said hello. */
  greeted(n?: number): Promise<void>;
  /** Ends the connections with a code, as a hub does, or as one that was killed. */
  drop(how: number | "killed"): void;
  close(): Promise<void>;
}

export async function startPlainHub(port = 0): Promise<PlainHub> {
  const server = new WebSocketServer({ port, host: "127.0.0.1" });
  await new Promise((resolve) => server.on("listening", resolve));
  const heard: string[] = [];
  const paths: string[] = [];
  const tokens: (string | undefined)[] = [];
  let socket: WebSocket | null = null;
  let greetings = 0;
  let lastId = 0;

  server.on("connection", (peer, request) => {
    socket = peer;
    paths.push(request.url ?? "");
    tokens.push(request.headers.authorization);
    peer.on("error", () => {});
    peer.on("message", (data) => {
      const text = String(data);
      heard.push(text);
      if (!text.includes('"hello"')) return;
      greetings++;
      if (hub.welcomes) hub.event("welcome", { protocol: 1 });
    });
  });

  const hub: PlainHub = {
    port: (server.address() as AddressInfo).port,
    paths,
    tokens,
    heard,
    welcomes: true,
    say: (text) => socket?.send(text),
    event: (event, data, id) => hub.say(JSON.stringify(id === undefined ? { event, data } : { event, data, id })),
    async ask(event, data) {
      const id = ++lastId;
      hub.event(event, data, id);
      const answer = (): string | undefined => heard.find((text) => text.startsWith(`{"ack":${id},`));
      await eventually(() => answer() !== undefined);
      return JSON.parse(answer() ?? "") as unknown;
    },
    greeted: (n = 1) => eventually(() => greetings >= n, 8000),
    drop(how) {
      for (const client of server.clients) {
        if (how === "killed") client.terminate();
        else client.close(how);
      }
    },
    async close() {
      hub.drop("killed");
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hub;
}
