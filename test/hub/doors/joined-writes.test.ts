/** What a burst brings to a member of a room leaves in few pieces, at the plain door and on Socket.IO. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { WebSocket } from "ws";
import { eventually } from "../../support/eventually.ts";
import { startHub, type TestHub } from "../../support/hub.ts";

const BURST = 12;

/** A client that knows in how many pieces it was sent what it heard. */
interface Listener {
  readonly ws: WebSocket;
  readonly heard: string[];
  pieces: number;
}

let hub: TestHub;
const open: WebSocket[] = [];

beforeEach(async () => {
  hub = await startHub();
});
afterEach(async () => {
  for (const ws of open) ws.terminate();
  open.length = 0;
  await hub.close();
});

async function listen(path: string): Promise<Listener> {
  const sockets: Socket[] = [];
  const createConnection = () => {
    const socket = connect(hub.port, "127.0.0.1");
    sockets.push(socket);
    return socket;
  };
  const ws = new WebSocket(`ws://127.0.0.1:${hub.port}${path}`, { createConnection });
  open.push(ws);
  const listener: Listener = { ws, heard: [], pieces: 0 };
  ws.on("message", (data) => listener.heard.push(String(data)));
  await once(ws, "open");
  sockets[0]?.on("data", () => {
    listener.pieces += 1;
  });
  return listener;
}

async function listenPlain(id: string): Promise<Listener> {
  const listener = await listen(`/bridge/${id}`);
  listener.ws.send(JSON.stringify({ event: "hello", data: { rooms: ["choir"] } }));
  await eventually(() => listener.heard.length === 1);
  return listener;
}

async function listenBySocketIo(id: string): Promise<Listener> {
  const listener = await listen("/socket.io/?EIO=4&transport=websocket");
  await eventually(() => listener.heard.some((packet) => packet.startsWith("0")));
  listener.ws.send(`40/devices,${JSON.stringify({ id })}`);
  await eventually(() => listener.heard.some((packet) => packet.startsWith("40")));
  listener.ws.send(`42/devices,${JSON.stringify(["hello", { rooms: ["choir"] }])}`);
  await eventually(() => listener.heard.some((packet) => packet.includes("welcome")));
  return listener;
}

describe.each([
  ["plain", listenPlain],
  ["Socket.IO", listenBySocketIo],
])("a burst that a %s client is sent", (_, openListener) => {
  it("comes whole, in its order and in few pieces", async () => {
    const [speaker, listener] = [await listenPlain("speaker"), await openListener("listener")];
    listener.heard.length = 0;
    listener.pieces = 0;
    for (let i = 0; i < BURST; i++) speaker.ws.send(`note ${i}`);
    await eventually(() => listener.heard.filter((text) => text.includes("note")).length === BURST);
    const numbers = listener.heard.flatMap((text) => /note (\d+)/.exec(text)?.[1] ?? []);
    expect(numbers).toEqual(Array.from({ length: BURST }, (_, i) => String(i)));
    expect(listener.pieces).toBeLessThan(BURST / 2);
  });
});
