/** One flood, in a process of its own and from an address of its own. Started by `floods`; says `running`, and what became of it when it is told to stop. */
import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";

/** What to do, from where, and to whom: the word between the bench and this process. */
export interface FloodOptions {
  readonly kind: "handshakes" | "half-open" | "slow-readers";
  readonly port: number;
  /** Address that the flood comes from. */
  readonly from: string;
  /** Connections at the same time. */
  readonly connections: number;
}

export interface FloodResult {
  readonly opened: number;
  /** Those that the hub ended. */
  readonly ended: number;
}

const { kind, port, from, connections } = JSON.parse(process.argv[2] ?? "{}") as FloodOptions;
let opened = 0;
let ended = 0;
let isDone = false;

process.once("message", () => {
  isDone = true;
  process.send?.({ opened, ended } satisfies FloodResult, () => process.exit(0));
});
process.send?.("running");
if (kind === "handshakes") for (let i = 0; i < connections; i++) handshakes(i);
if (kind === "half-open") for (let i = 0; i < connections; i++) halfOpen();
if (kind === "slow-readers") for (let i = 0; i < connections; i++) slowReader(i);

function dial(): Socket {
  const socket = connect({ port, host: "127.0.0.1", localAddress: from });
  socket.on("error", () => {});
  socket.once("connect", () => opened++);
  return socket;
}

/** One after the other, as fast as they are answered or cut. */
function handshakes(index: number): void {
  const socket = dial();
  const upgrade = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  socket.write([`GET /bridge/flood-${index} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...upgrade, "", ""].join("\r\n"));
  socket.once("data", () => socket.destroy());
  socket.once("close", (hadError) => {
    if (hadError || socket.bytesRead === 0) ended++;
    if (!isDone) setImmediate(handshakes, index);
  });
}

/** The first half of a request, and never the other. */
function halfOpen(): void {
  const socket = dial();
  socket.write(`GET /bridge/half HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: `);
  socket.resume();
  socket.once("close", () => ended++);
}

/** A device in the room `flood` that reads nothing more. */
function slowReader(index: number): void {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/bridge/slow-${index}`, { localAddress: from });
  ws.on("error", () => {});
  ws.once("open", () => {
    opened++;
    ws.send(JSON.stringify({ event: "hello", data: { rooms: ["flood"], maxFrame: 65_536 } }));
    ws.once("message", () => ws.pause());
  });
  ws.once("close", () => ended++);
}
