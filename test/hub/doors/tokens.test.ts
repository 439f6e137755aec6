/** A hub that lets nobody in without a token, at every door: tokens, pairing, and what a device may (protocol 2.9, 3.6, 7.9). */
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { WebSocket } from "ws";
import { type DeviceClient, DOORS, type DoorKit } from "../../support/device-client.ts";
import { eventually } from "../../support/eventually.ts";
import { startHub, type TestHub } from "../../support/hub.ts";

const KNOCKED = DOORS.filter(({ name }) => name !== "dialled TCP");
const HELLO = { name: "Board", model: "Test board", properties: { n: { type: "number", readOnly: true } } };

describe.each(KNOCKED)("a closed hub at the door $name", (door: DoorKit) => {
  let hub: TestHub;
  let clients: DeviceClient[];

  beforeEach(async () => {
    hub = await startHub(["--open", "none"]);
    clients = [];
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    await hub.close();
  });

  const access = () => hub.hub.house.access;
  const tokenOf = (device: string) => access().tokens.create({ kind: "device", device });
  async function connect(id: string, token?: string): Promise<DeviceClient> {
    const client = await door.connect(hub, id, token);
    clients.push(client);
    return client;
  }

  it("refuses who has no token, a wrong one, or that of another device", async () => {
    const { token } = tokenOf("board");
    await expect(connect("board")).rejects.toThrow("UNAUTHORIZED");
    await expect(connect("board", "x".repeat(43))).rejects.toThrow("UNAUTHORIZED");
    await expect(connect("other", token)).rejects.toThrow("FORBIDDEN");
    const program = access().tokens.create({ kind: "program", label: "script", role: "admin" });
    await expect(connect("board", program.token)).rejects.toThrow("FORBIDDEN");
    expect(hub.hub.house.registry.size).toBe(0);
  });

  it("lets a device in by its token, and notes that it was used", async () => {
    const { id, token } = tokenOf("board");
    const board = await connect("board", token);
    expect(await board.ask("hello", HELLO)).toMatchObject({ id: "board" });
    expect(hub.hub.house.registry.get("board")?.connection).not.toBeNull();
    expect(access().tokens.list()).toMatchObject([{ id, lastUsedAt: expect.any(Number) }]);
  });

  it("cuts a device at once when its token is revoked, rotated, or the device is removed", async () => {
    for (const end of ["revoke", "rotate", "remove"] as const) {
      const { id, token } = tokenOf("board");
      const board = await connect("board", token);
      await board.ask("hello", HELLO);
      if (end === "remove") await hub.hub.house.history.committed();
      if (end === "revoke") access().tokens.revoke(id);
      else if (end === "rotate") access().tokens.rotate(id);
      else access().tokens.revokeDevice("board");
      expect(await board.next("bye")).toMatchObject({ code: "REVOKED" });
      await board.closed();
      await expect(connect("board", token)).rejects.toThrow("UNAUTHORIZED");
    }
  });

  it("starts and stops no recording for a device, unless its token has a role", async () => {
    const board = await connect("board", tokenOf("board").token);
    await board.ask("hello", HELLO);
    board.send("message", "START");
    expect(await board.next("error")).toMatchObject({ code: "FORBIDDEN" });
    expect(hub.hub.house.acquiring).toBe(false);
    const { token } = access().tokens.create({ kind: "device", device: "boss", role: "operator" });
    const boss = await connect("boss", token);
    await boss.ask("hello", HELLO);
    boss.send("message", "START");
    await eventually(() => hub.hub.house.acquiring);
  });

  it("lets an unknown device wait while the window is open: it hears that it waits, and reaches nobody", async () => {
    const other = await connect("other", tokenOf("other").token);
    await other.ask("hello", { ...HELLO, rooms: ["bench"] });
    access().pairing.open(60_000);
    const board = await connect("board");
    board.send("hello", { ...HELLO, rooms: ["bench"] });
    expect(await board.next("pending")).toEqual({ message: expect.stringContaining("approve") });
    board.send("report", { n: 1 });
    board.send("message", "to everyone");
    board.send("join", "bench");
    expect(await board.ask("leave", "bench")).toMatchObject({ error: { code: "UNAUTHORIZED" } });
    other.send("message", "to the bench");
    await hub.hub.house.access.pairing.view();
    expect(access().pairing.view().pending).toEqual([
      {
        device: "board",
        address: "127.0.0.1",
        door: expect.any(String),
        name: "Board",
        model: "Test board",
        since: expect.any(Number),
      },
    ]);
    expect(hub.hub.house.registry.get("board")).toBeUndefined();
    expect(other.heard.filter(([event]) => event === "message")).toEqual([]);
    expect(board.heard.map(([event]) => event)).toEqual(["pending"]);
  });

  it("gives an approved device its token over its own connection, and it comes back with that", async () => {
    access().pairing.open(60_000);
    const board = await connect("board");
    board.send("hello", HELLO);
    await board.next("pending");
    access().approve("board");
    const welcome = (await board.next("welcome")) as { id: string; token: string };
    expect(welcome).toMatchObject({ id: "board", token: expect.stringMatching(/^[\w-]{43}$/) });
    expect(await board.ask("report", { n: 5 })).toEqual({});
    expect(hub.hub.house.registry.get("board")?.state.get("n")?.reported?.value).toBe(5);
    board.close();
    await eventually(() => hub.hub.house.registry.get("board")?.connection === null);
    access().pairing.close();
    const again = await connect("board", welcome.token);
    expect(await again.ask("hello", HELLO)).not.toHaveProperty("token");
  });

  it("approves one that has not said hello yet, and tells the token then", async () => {
    access().pairing.open(60_000);
    const board = await connect("board");
    access().approve("board");
    await eventually(() => hub.hub.house.registry.get("board") !== undefined);
    expect(await board.ask("hello", HELLO)).toMatchObject({ id: "board", token: expect.any(String) });
  });

  it("sends away who is refused, and all who wait when the window closes", async () => {
    access().pairing.open(60_000);
    const [one, two] = [await connect("one"), await connect("two")];
    access().refuse("one");
    expect(await one.next("bye")).toMatchObject({ code: "UNAUTHORIZED" });
    await one.closed();
    access().pairing.close();
    expect(await two.next("bye")).toMatchObject({ code: "UNAUTHORIZED" });
    await two.closed();
    await expect(connect("three")).rejects.toThrow("UNAUTHORIZED");
  });

  it("lets one wait whose token was revoked, and gives it another", async () => {
    const { id, token } = tokenOf("board");
    access().tokens.revoke(id);
    await expect(connect("board", token)).rejects.toThrow("UNAUTHORIZED");
    access().pairing.open(60_000);
    const board = await connect("board", token);
    board.send("hello", HELLO);
    await board.next("pending");
    access().approve("board");
    expect(await board.next("welcome")).toMatchObject({ token: expect.not.stringContaining(token) });
  });

  it("lets nobody wait in the name of a device that has a token, nor twice in one name", async () => {
    tokenOf("board");
    access().pairing.open(60_000);
    await expect(connect("board")).rejects.toThrow("UNAUTHORIZED");
    const first = await connect("new");
    first.send("hello", HELLO);
    await first.next("pending");
    const second = await connect("new").then(
      async (client) => ((await client.next("bye")) as { code: string }).code,
      (error: Error) => error.message,
    );
    expect(second).toBe("DUPLICATE");
    expect(access().pairing.view().pending).toHaveLength(1);
    first.close();
    await eventually(() => access().pairing.view().pending.length === 0);
  });
});

describe("a closed hub at the plain WebSocket", () => {
  let hub: TestHub;

  beforeEach(async () => {
    hub = await startHub(["--open", "none"]);
  });
  afterEach(() => hub.close());

  async function status(path: string, headers: object = {}): Promise<number> {
    const ws = new WebSocket(hub.url.replace("http", "ws") + path, { headers: { ...headers } });
    const opened = once(ws, "open").then(() => 101);
    const refused = once(ws, "unexpected-response").then(
      ([, response]) => (response as { statusCode: number }).statusCode,
    );
    ws.on("error", () => {});
    const result = await Promise.race([opened, refused]);
    ws.terminate();
    return result;
  }

  it("takes the token in the address or the header, from whatever page", async () => {
    const { token } = hub.hub.house.access.tokens.create({ kind: "device", device: "board" });
    expect(await status("/bridge/board")).toBe(401);
    expect(await status(`/bridge/board?token=${token}`)).toBe(101);
    expect(await status(`/ws/board?token=${token}`, { origin: "https://lab.example" })).toBe(101);
    expect(await status("/bridge/board", { authorization: `Bearer ${token}` })).toBe(101);
    expect(await status("/bridge/board", { origin: "https://lab.example" })).toBe(403);
  });

  it("names the device by its token at `/`, and lets nobody wait there whose name nobody could read", async () => {
    const { token } = hub.hub.house.access.tokens.create({ kind: "device", device: "board" });
    hub.hub.house.access.pairing.open(60_000);
    expect(await status("/")).toBe(401);
    expect(await status(`/?token=${token}`)).toBe(101);
    await eventually(() => hub.hub.house.registry.get("board") !== undefined);
  });

  it("echoes to nobody unknown", async () => {
    const { token } = hub.hub.house.access.tokens.create({ kind: "device", device: "board" });
    expect(await status("/echo")).toBe(401);
    expect(await status(`/echo?token=${token}`)).toBe(101);
  });
});
