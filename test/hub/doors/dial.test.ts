/** Devices that are TCP servers: dialled, lost, dialled again, added and removed at run time (protocol 2.5). */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { DialView } from "#protocol/dials.ts";
import { eventually } from "../../support/eventually.ts";
import { startHub, type TestHub } from "../../support/hub.ts";
import { LineVisitors, RawServer } from "../../support/raw-line.ts";

let hub: TestHub;
let servers: RawServer[];
const lines = new LineVisitors(() => hub.tcpPort);

beforeEach(async () => {
  servers = [];
  hub = await startHub();
});
afterEach(async () => {
  lines.closeAll();
  for (const server of servers) server.close();
  await hub.close();
});

async function serve(port = 0): Promise<RawServer> {
  const server = await RawServer.start(port);
  servers.push(server);
  return server;
}

async function restart(...args: string[]): Promise<void> {
  await hub.close();
  hub = await startHub(args);
}

function post(body: object): Promise<Response> {
  return fetch(`${hub.url}/api/dials`, { method: "POST", body: JSON.stringify(body) });
}

function remove(id: string): Promise<Response> {
  return fetch(`${hub.url}/api/dials/${id}`, { method: "DELETE" });
}

async function view(id: string): Promise<DialView> {
  return (await (await fetch(`${hub.url}/api/dials/${id}`)).json()) as DialView;
}

async function code(response: Response): Promise<unknown> {
  const { error } = (await response.json()) as { error?: { code: string } };
  return [response.status, error?.code];
}

function presence(id: string): string | undefined {
  return hub.hub.house.registry.get(id)?.presence;
}

describe("a device given by --dial", () => {
  it("is dialled at the start, and is in the lobby like any TCP device", async () => {
    const server = await serve();
    await restart("--dial", `tcp://127.0.0.1:${server.port}?id=lamp`);
    const lamp = await server.call();
    lamp.write("SOS\r\n");
    const other = await lines.device("other");
    other.write("hello lobby\n");
    expect(await lamp.line()).toBe("hello lobby");
    expect(hub.hub.house.registry.get("lamp")).toMatchObject({
      presence: "online",
      door: "dial",
      address: "127.0.0.1",
    });
    expect(await view("lamp")).toMatchObject({ state: "connected", fault: null, isFixed: true });
  });

  it("is dialled again when it comes back", async () => {
    const server = await serve();
    await restart("--dial", `tcp://127.0.0.1:${server.port}?id=lamp`);
    await (await server.call()).heardUntilNow();
    server.close();
    await eventually(() => presence("lamp") === "offline");
    expect(await view("lamp")).toMatchObject({
      state: "waiting",
      retryAt: expect.any(Number),
      fault: expect.any(String),
    });
    const again = await serve(server.port);
    await (await again.call()).heardUntilNow();
    expect(presence("lamp")).toBe("online");
  });

  it("is dialled until it is there, and meanwhile it is said why not", async () => {
    const server = await serve();
    server.close();
    await restart("--dial", `tcp://127.0.0.1:${server.port}?id=lamp`);
    await eventually(async () => (await view("lamp")).fault !== null);
    expect((await view("lamp")).fault).toBe(
      `127.0.0.1 takes no connection at port ${server.port}: is its program running?`,
    );
    await (await (await serve(server.port)).call()).heardUntilNow();
    expect(await view("lamp")).toMatchObject({ state: "connected", fault: null });
  });

  it("is taken out only there", async () => {
    await restart("--dial", "tcp://127.0.0.1:1?id=lamp");
    expect(await code(await remove("lamp"))).toEqual([422, "READ_ONLY"]);
  });

  it.each(["TCP", "HTTP"])("is not the hub itself, at its port for %s", async (door) => {
    const port = door === "TCP" ? hub.tcpPort : hub.port;
    expect((await post({ id: "self", host: "127.0.0.1", port })).status).toBe(200);
    await eventually(async () => /own door/.test((await view("self")).fault ?? ""));
    expect(presence("self")).toBeUndefined();
  });
});

describe("a device added at run time", () => {
  it("is listed, dialled, and stays known when it is removed", async () => {
    const server = await serve();
    const added = await post({ id: "lamp", host: "127.0.0.1", port: server.port });
    const url = `tcp://127.0.0.1:${server.port}?id=lamp`;
    expect(await added.json()).toMatchObject({ id: "lamp", url, mode: "lines", isFixed: false });
    const lamp = await server.call();
    await lamp.heardUntilNow();
    expect((await remove("lamp")).status).toBe(200);
    expect(await lamp.json()).toMatchObject({ event: "bye" });
    await eventually(() => lamp.isEnded && presence("lamp") === "offline");
    expect(await (await fetch(`${hub.url}/api/dials`)).json()).toEqual([]);
    expect(await code(await remove("lamp"))).toEqual([404, "NOT_FOUND"]);
  });

  it("is dialled no more when the device is forgotten", async () => {
    const server = await serve();
    await post({ id: "lamp", host: "127.0.0.1", port: server.port });
    await (await server.call()).heardUntilNow();
    expect((await fetch(`${hub.url}/api/devices/lamp`, { method: "DELETE" })).status).toBe(200);
    expect(await code(await fetch(`${hub.url}/api/dials/lamp`))).toEqual([404, "NOT_FOUND"]);
  });

  it.each([
    [{ id: "-bad", host: "h", port: 1 }, 400, "BAD_ID"],
    [{ id: "lamp", host: "no host", port: 1 }, 400, "BAD_REQUEST"],
    [{ id: "lamp", host: "h", port: 0 }, 400, "BAD_REQUEST"],
    [{ id: "lamp", host: "h", port: 1, mode: "raw" }, 400, "BAD_REQUEST"],
    [{ id: "lamp", host: "h" }, 400, "BAD_REQUEST"],
  ])("is refused as %j", async (body, status, error) => {
    expect(await code(await post(body))).toEqual([status, error]);
  });

  it("has an id of its own among the dialled, and there are only so many", async () => {
    for (let i = 0; i < 64; i++) expect((await post({ id: `d${i}`, host: "127.0.0.1", port: 1 })).status).toBe(200);
    expect(await code(await post({ id: "d1", host: "127.0.0.1", port: 2 }))).toEqual([409, "DUPLICATE"]);
    expect(await code(await post({ id: "more", host: "127.0.0.1", port: 1 }))).toEqual([429, "TOO_MANY"]);
  });

  it("waits while another connection has its id and lives", async () => {
    const [first, server] = [await lines.device("lamp"), await serve()];
    const chatter = setInterval(() => first.write("\n"), 50);
    await post({ id: "lamp", host: "127.0.0.1", port: server.port });
    await eventually(async () => /with this id/.test((await view("lamp")).fault ?? ""));
    clearInterval(chatter);
    expect(hub.hub.house.registry.get("lamp")?.door).toBe("tcp");
    first.close();
    await (await server.call(2)).heardUntilNow();
    expect(hub.hub.house.registry.get("lamp")?.door).toBe("dial");
  });
});

it("sends no line longer than such a device reads at once, unless it says more", async () => {
  const server = await serve();
  await post({ id: "lamp", host: "127.0.0.1", port: server.port });
  const lamp = await server.call();
  await lamp.heardUntilNow();
  const other = await lines.device("other");
  other.write(`${"x".repeat(1_024)}\n`);
  expect(await other.json()).toMatchObject({ event: "error", data: { code: "TOO_BIG" } });
  other.write(`${JSON.stringify({ event: "message", data: `\n${"w".repeat(1_000)}` })}\n`);
  expect(await other.json()).toMatchObject({ event: "error", data: { code: "TOO_BIG" } });
  other.write(`${"y".repeat(1_023)}\n`);
  expect(await lamp.line()).toBe("y".repeat(1_023));
  lamp.write('{"event":"hello","data":{"maxFrame":5000,"rooms":["lobby"]},"id":1}\n');
  await lamp.line();
  other.write(`${"z".repeat(1_024)}\n`);
  expect(await lamp.line()).toBe("z".repeat(1_024));
});

it.each(["close", "end"] as const)(
  "waits longer each time for a device that hangs up at once by %s",
  async (how) => {
    const server = await serve();
    await post({ id: "lamp", host: "127.0.0.1", port: server.port });
    const waits: number[] = [];
    for (let n = 1; n <= 2; n++) {
      const call = await server.call(n);
      if (how === "close") call.close();
      else call.socket.end();
      await eventually(async () => (await view("lamp")).state === "waiting", 8000);
      const { retryAt, since } = await view("lamp");
      waits.push((retryAt ?? 0) - since);
    }
    expect(waits[0]).toBeGreaterThanOrEqual(500);
    expect(waits[1]).toBeGreaterThanOrEqual(1_000);
  },
  15_000,
);
