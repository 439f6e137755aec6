/** Limits at the doors of the real hub: frames, connections and requests; and that others do not notice (protocol 2.9). */
import { once } from "node:events";
import { connect, type Socket as NetSocket } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { LIMITS } from "../../hub/base/limits.ts";
import { type DeviceClient, DOORS } from "../support/device-client.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { PLAIN } from "../support/rest-bench.ts";

let hub: TestHub;
const clients: DeviceClient[] = [];
const sockets: NetSocket[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  await hub.close();
});

describe.each(DOORS.filter(({ name }) => name !== "Socket.IO polling"))("a flood at the door $name", (door) => {
  it("ends in the newest value, an error that says so, and no harm to others", async () => {
    hub = await startHub(["--device-frames", "50"]);
    const [flood, other] = [await door.connect(hub, "flood"), await PLAIN.connect(hub, "other")];
    clients.push(flood, other);
    await flood.ask("hello", {});
    await other.ask("hello", {});
    for (let n = 0; n <= 1_000; n++) flood.send("report", { n });
    expect(await other.ask("report", { n: 1 })).toEqual({});
    expect(await flood.next("error")).toMatchObject({ code: "TOO_MANY" });
    const value = () => hub.hub.house.registry.get("flood")?.state.get("n")?.reported?.value;
    await eventually(() => value() === 1_000, 8_000);
    expect(await flood.ask("report", { n: 5_000 })).toEqual({});
    expect(hub.hub.house.samples.taken).toBeLessThan(900);
  });
});

describe("connections", () => {
  async function open(): Promise<NetSocket> {
    const socket = connect(hub.port, "127.0.0.1");
    sockets.push(socket);
    socket.on("error", () => {});
    await once(socket, "connect");
    return socket;
  }

  it("from one address are no more than may be, and room is made by those that close", async () => {
    hub = await startHub(["--connections-per-address", "10"]);
    const first = await Promise.all(Array.from({ length: 10 }, open));
    const more = await open();
    await once(more, "close");
    expect(first.every((socket) => !socket.destroyed)).toBe(true);
    first[0]?.destroy();
    await eventually(async () => {
      const again = await open();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return !again.destroyed;
    });
  });

  it("that say nothing or half a request are cut, and devices go on", async () => {
    hub = await startHub();
    const lamp = await PLAIN.connect(hub, "lamp");
    clients.push(lamp);
    await lamp.ask("hello", {});
    const half = await Promise.all(Array.from({ length: 300 }, open));
    for (const socket of half) socket.resume().write("GET /bridge/x HTTP/1.1\r\nHost: 127");
    for (let n = 0; n < 20; n++) expect(await lamp.ask("report", { n })).toEqual({});
    await eventually(() => half.every((socket) => socket.destroyed), 15_000);
  });

  it("are as many as they like without limits", async () => {
    hub = await startHub(["--no-limits", "--connections-per-address", "10"]);
    const all = await Promise.all(Array.from({ length: 50 }, open));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(all.every((socket) => !socket.destroyed)).toBe(true);
  });
});

it("requests of one address beyond its rate are told to wait", async () => {
  hub = await startHub();
  const socket = connect(hub.port, "127.0.0.1");
  sockets.push(socket);
  let answers = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    answers += text;
  });
  // One after the other on one connection, without waiting for the answers.
  socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(LIMITS.requestRate.burst * 2));
  const count = (status: number): number => answers.split(`HTTP/1.1 ${status}`).length - 1;
  await eventually(() => count(429) > 0, 15_000);
  expect(count(200)).toBeGreaterThanOrEqual(LIMITS.requestRate.burst);
  expect(answers).toContain("Retry-After: 1");
  socket.destroy();
  await eventually(async () => (await fetch(`${hub.url}/healthz`)).status === 200);
});
