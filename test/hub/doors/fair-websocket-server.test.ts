import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, expect, it } from "@jest/globals";
import type { WebSocket } from "ws";
import { LIMITS } from "../../../hub/base/limits.ts";
import { FairWebSocketServer } from "../../../hub/doors/fair-websocket-server.ts";
import { eventually } from "../../support/eventually.ts";
import { textFrame, upgradeRequest } from "../../support/raw-socket.ts";

const MANY = LIMITS.framesATurn * 3;

let server: FairWebSocketServer;
let socket: Socket;

afterEach(() => {
  socket.destroy();
  server.close();
});

/** A client that sends many frames by one write, and what the server heard of them. */
async function burst(onMessage: (ws: WebSocket) => void): Promise<{ ws: WebSocket; heard: string[] }> {
  server = new FairWebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const opened = once(server, "connection");
  socket = connect(port, "127.0.0.1");
  socket.write(upgradeRequest("/"));
  const [ws] = (await opened) as [WebSocket];
  const heard: string[] = [];
  ws.on("message", (data) => {
    heard.push(String(data));
    onMessage(ws);
  });
  socket.write(Buffer.concat(Array.from({ length: MANY }, (_, i) => textFrame(`${i}`))));
  return { ws, heard };
}

it("hands over all frames of a burst in their order, and then its end", async () => {
  const { ws, heard } = await burst(() => {});
  const closed = once(ws, "close");
  socket.end();
  await closed;
  expect(heard).toEqual(Array.from({ length: MANY }, (_, i) => `${i}`));
});

it("stays paused for who paused it, also when the burst that was read is worked off", async () => {
  const { ws, heard } = await burst((one) => one.pause());
  await eventually(() => heard.length === MANY);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(ws.isPaused).toBe(true);
  ws.resume();
  expect(ws.isPaused).toBe(false);
  socket.write(textFrame("more"));
  await eventually(() => heard.at(-1) === "more");
});
