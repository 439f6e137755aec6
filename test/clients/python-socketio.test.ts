/** The client on python-socketio against a Socket.IO server that says whatever a test wants. */
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { Server, type Socket } from "socket.io";
import type { ClientProcess, ClientSettings } from "../support/client-process.ts";
import { eventually } from "../support/eventually.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { PYTHON_SOCKETIO } from "./kits.ts";

type Sample = readonly [number, { readonly [name: string]: number }];

const newFolder = temporaryFolders();
let http: HttpServer;
let io: Server;
let client: ClientProcess;
/** Connections so far, each with what it said. */
let visits: Array<{ readonly socket: Socket; readonly said: Array<readonly [string, ...unknown[]]> }>;
let refusal: string | null;
let welcome: object;

async function startServer(port = 0): Promise<void> {
  http = createServer();
  io = new Server(http);
  visits = [];
  refusal = null;
  welcome = { protocol: 1 };
  const devices = io.of("/devices");
  devices.use((_socket, next) => (refusal === null ? next() : next(new Error(refusal))));
  devices.on("connection", (socket) => {
    const said: Array<readonly [string, ...unknown[]]> = [];
    visits.push({ socket, said });
    socket.onAny((event: string, ...args: unknown[]) => {
      said.push([event, ...args]);
      const done = args.at(-1);
      if (typeof done === "function") done(event === "hello" ? welcome : null);
    });
  });
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
}

const port = (): number => (http.address() as AddressInfo).port;
const said = (event: string, visit = visits.length - 1): Array<readonly [string, ...unknown[]]> =>
  (visits[visit]?.said ?? []).filter(([name]) => name === event);
const ask = (event: string, data: unknown): Promise<unknown> | undefined =>
  visits.at(-1)?.socket.timeout(2000).emitWithAck(event, data);

async function start(more: Partial<ClientSettings> = {}): Promise<void> {
  client = PYTHON_SOCKETIO.start({ port: port(), id: "client-1", heartbeat: 30, reportMs: 50, ...more }, newFolder());
  await greeted();
}

async function greeted(n = 1): Promise<void> {
  await eventually(() => visits.length >= n && said("hello", n - 1).length > 0, 8000);
}

beforeEach(() => startServer());
afterEach(async () => {
  await client.end();
  await io.close();
});

it("shows its id and token, and says who it is", async () => {
  await start({ token: "secret", rooms: ["bench"] });
  expect(visits[0]?.socket.handshake.auth).toEqual({ id: "client-1", token: "secret" });
  expect(said("hello")[0]?.[1]).toMatchObject({
    rooms: ["bench"],
    state: { brightness: 0 },
    actions: { identify: {} },
  });
});

it("acknowledges by the values as accepted, all or none", async () => {
  await start();
  expect(await ask("set", { brightness: 20, transition: 100 })).toEqual({ brightness: 20 });
  expect(await ask("set", { brightness: 101 })).toMatchObject({ error: { code: "INVALID_VALUE" } });
  expect(await ask("set", { brightness: true })).toMatchObject({ error: { code: "INVALID_VALUE" } });
  expect(await ask("set", { brightness: 5, colour: 1 })).toMatchObject({ error: { code: "NO_PROPERTY" } });
  expect(await ask("action", { name: "explode" })).toMatchObject({ error: { code: "NO_ACTION" } });
  expect(await ask("action", { name: "identify" })).toBeUndefined();
  await client.saw(/^blink$/);
});

it("fades, and lets the newest wish win", async () => {
  await start();
  await ask("set", { brightness: 100, transition: 60_000 });
  await ask("set", { brightness: 60 });
  await client.saw(/^brightness 60$/);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(PYTHON_SOCKETIO.levels(client).at(-1)).toBe(60);
});

it("lives on after events that it does not know or cannot use", async () => {
  await start();
  for (const data of [null, 7, "text", [], {}]) {
    for (const event of ["dance", "set", "action", "acquire", "bye", "error", "message", "pending"]) {
      visits[0]?.socket.emit(event, data);
    }
  }
  expect(await ask("set", { brightness: 8 })).toEqual({ brightness: 8 });
  expect(visits).toHaveLength(1);
});

it("keeps what it measures while the hub is away, and brings it in order after a live one", async () => {
  await start();
  await eventually(() => said("report").length > 2);
  const before = port();
  await io.close();
  await new Promise((resolve) => setTimeout(resolve, 400));
  await startServer(before);
  await greeted();
  await eventually(() => said("reports").length > 0);
  const times = said("reports").flatMap(([, batch]) => (batch as Sample[]).map(([time]) => time));
  expect(times.length).toBeGreaterThan(5);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  const [first] = visits[0]?.said.filter(([event]) => event.startsWith("report")) ?? [];
  const [event, , beside] = first ?? [];
  expect([event, beside]).toEqual(["report", { time: expect.any(Number) }]);
  expect((beside as { time: number }).time).toBeGreaterThan(times.at(-1) ?? 0);
});

it("waits long when it is refused for its id, or told so by a bye", async () => {
  await start();
  visits[0]?.socket.emit("bye", { code: "DUPLICATE", message: "Give one of them another id." });
  visits[0]?.socket.disconnect(true);
  await client.saw(/next try in (30|[345]\d)\.\d s/);
  await client.end();
  refusal = "UNAUTHORIZED";
  client = PYTHON_SOCKETIO.start({ port: port(), id: "client-1" }, newFolder());
  await client.saw(/next try in (30|[345]\d)\.\d s/);
});

it("comes with the token that the hub gave when it was approved", async () => {
  welcome = { protocol: 1, token: "given" };
  await start();
  await eventually(() => said("report").length > 0);
  visits[0]?.socket.disconnect(true);
  await greeted(2);
  expect(visits[1]?.socket.handshake.auth).toEqual({ id: "client-1", token: "given" });
});
