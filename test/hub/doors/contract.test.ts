/** One contract for every door (protocol 2.3, sections 4 to 6): what a device is does not depend on how it came in. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { DeviceView } from "#protocol/views.ts";
import { type DeviceClient, DOORS, type DoorKit } from "../../support/device-client.ts";
import { eventually } from "../../support/eventually.ts";
import { startHub, type TestHub } from "../../support/hub.ts";

const LAMP = {
  name: "Lamp",
  rooms: ["bench"],
  heartbeat: 2,
  properties: { brightness: { type: "number", minimum: 0, maximum: 100, unit: "percent" }, power: { type: "boolean" } },
};

describe.each(DOORS)("a device behind the $name door", (door) => {
  const { namespace } = door;
  let hub: TestHub;
  let clients: DeviceClient[];

  beforeEach(async () => {
    hub = await startHub();
    clients = [];
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    await hub.close();
  });

  async function connect(id: string, through: DoorKit = door): Promise<DeviceClient> {
    const client = await through.connect(hub, id);
    clients.push(client);
    await eventually(() => hub.hub.house.registry.get(id)?.presence === "online");
    return client;
  }

  async function member(id: string, through: DoorKit = door): Promise<DeviceClient> {
    const client = await connect(id, through);
    await client.ask("hello", { rooms: ["bench"] });
    return client;
  }

  async function view(id: string): Promise<DeviceView> {
    return (await (await fetch(`${hub.url}/api/devices/${id}`)).json()) as DeviceView;
  }

  function put(id: string, property: string, value: unknown): Promise<Response> {
    return fetch(`${hub.url}/api/devices/${id}/properties/${property}`, { method: "PUT", body: JSON.stringify(value) });
  }

  it("is online while it is connected and offline when it closed", async () => {
    const lamp = await connect("lamp");
    expect(await view("lamp")).toMatchObject({ presence: "online", reason: "connected" });
    lamp.close();
    await eventually(async () => (await view("lamp")).presence === "offline");
    expect(await view("lamp")).toMatchObject({ reason: "closed" });
  });

  it("is answered by welcome when it says hello", async () => {
    const lamp = await connect("lamp");
    lamp.send("hello", LAMP);
    expect(await lamp.next("welcome")).toMatchObject({
      id: "lamp",
      name: "Lamp",
      rooms: ["bench"],
      desired: {},
      acquiring: false,
      protocol: 1,
    });
    expect(await view("lamp")).toMatchObject({ name: "Lamp", beatMs: 2000, properties: LAMP.properties });
  });

  it("gets welcome as the acknowledgement when it asks for one", async () => {
    const lamp = await connect("lamp");
    expect(await lamp.ask("hello", LAMP)).toMatchObject({ id: "lamp", protocol: 1 });
  });

  it("takes a set and its answer becomes what is reported", async () => {
    const lamp = await connect("lamp");
    await lamp.ask("hello", LAMP);
    lamp.on("set", (data) => data);
    const response = await put("lamp", "brightness", 37);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ applied: 37 });
    expect(await view("lamp")).toMatchObject({ desired: { brightness: 37 }, reported: { brightness: 37 } });
  });

  it("may accept another value than was asked", async () => {
    const lamp = await connect("lamp");
    await lamp.ask("hello", LAMP);
    lamp.on("set", () => ({ brightness: 35 }));
    expect(await (await put("lamp", "brightness", 37)).json()).toEqual({ applied: 35 });
  });

  it("may refuse a set, and the asker learns why", async () => {
    const lamp = await connect("lamp");
    await lamp.ask("hello", LAMP);
    lamp.on("set", () => ({ error: { code: "TOO_HOT", message: "The lamp is too hot." } }));
    const response = await put("lamp", "brightness", 37);
    expect(response.status).toBe(502);
    expect(JSON.stringify(await response.json())).toContain("The lamp is too hot.");
    expect((await view("lamp")).state.brightness?.desired).toMatchObject({
      status: "failed",
      error: { code: "FAILED" },
    });
  });

  it("is told on its return what it should be", async () => {
    const lamp = await connect("lamp");
    await lamp.ask("hello", LAMP);
    lamp.close();
    await eventually(async () => (await view("lamp")).presence === "offline");
    expect((await put("lamp", "brightness", 80)).status).toBe(202);
    const back = await connect("lamp");
    back.on("set", (data) => data);
    await back.ask("hello", { ...LAMP, state: { brightness: 5, power: true } });
    expect(await back.next("set")).toEqual({ brightness: 80 });
    await eventually(async () => (await view("lamp")).reported.brightness === 80);
  });

  it("is not told what it already is", async () => {
    const lamp = await connect("lamp");
    lamp.on("set", (data) => data);
    await lamp.ask("hello", LAMP);
    await put("lamp", "brightness", 80);
    await lamp.ask("hello", { ...LAMP, state: { brightness: 80 } });
    await lamp.ask("heartbeat");
    expect(lamp.heard.filter(([event]) => event === "set")).toHaveLength(1);
  });

  it("reports values, and a turned knob becomes the wish", async () => {
    const lamp = await connect("lamp");
    await lamp.ask("hello", {
      ...LAMP,
      properties: { ...LAMP.properties, temperature: { type: "number", readOnly: true } },
    });
    await lamp.ask("report", { brightness: 12, temperature: 21.5, undeclared: "yes" });
    expect(await view("lamp")).toMatchObject({
      reported: { brightness: 12, temperature: 21.5, undeclared: "yes" },
      desired: { brightness: 12 },
    });
    expect((await view("lamp")).desired).not.toHaveProperty("temperature");
  });

  it("reports a batch that never becomes a wish", async () => {
    const lamp = await connect("lamp");
    await lamp.ask("hello", LAMP);
    expect(
      await lamp.ask("reports", [
        [1_700_000_000_000, { brightness: 1 }],
        [1_700_000_001_000, { brightness: 2 }],
      ]),
    ).toEqual({});
    expect(await view("lamp")).toMatchObject({ reported: { brightness: 2 }, desired: {} });
  });

  it("is refused a value out of range by the property's name, and nothing is stored", async () => {
    const lamp = await connect("lamp");
    await lamp.ask("hello", LAMP);
    const answer = await lamp.ask("report", { power: true, brightness: 101 });
    expect(answer).toMatchObject({ error: { code: "INVALID_VALUE", message: expect.stringContaining("brightness") } });
    expect((await view("lamp")).reported).toEqual({});
    lamp.send("report", { brightness: null });
    expect(await lamp.next("error")).toMatchObject({ code: "INVALID_VALUE" });
  });

  it("is refused an event that is none of a device's, and stays", async () => {
    const lamp = await connect("lamp");
    lamp.send("explode", {});
    expect(await lamp.next("error")).toMatchObject({ code: "UNKNOWN_EVENT" });
    expect(await lamp.ask("explode", {})).toMatchObject({ error: { code: "UNKNOWN_EVENT" } });
    expect(lamp.isClosed).toBe(false);
  });

  it("may echo events of the hub without an answer", async () => {
    const lamp = await connect("lamp");
    lamp.send("welcome", { id: "lamp" });
    lamp.send("set", { brightness: 1 });
    await lamp.ask("heartbeat");
    expect(lamp.heard.map(([event]) => event)).not.toContain("error");
  });

  it("beats with vitals", async () => {
    const lamp = await connect("lamp");
    await lamp.ask("heartbeat", { rssi: -61, memory: 120_000, uptime: 12 });
    const { vitals, beats } = await view("lamp");
    expect(vitals).toEqual({ rssi: -61, memory: 120_000, uptime: 12 });
    expect(beats).toHaveLength(1);
  });

  it("speaks to all other members of its rooms behind every door, once each", async () => {
    const lamp = await member("lamp");
    const others: DeviceClient[] = [];
    for (const [i, other] of DOORS.entries()) others.push(await member(`other-${i}`, other));
    await others[0]?.ask("join", "bench2");
    await lamp.ask("join", "bench2");
    lamp.send("message", "hello all");
    for (const other of others) expect(await other.next("message")).toBe("hello all");
    await lamp.ask("heartbeat");
    await others[0]?.ask("heartbeat");
    expect(others[0]?.heard.filter(([event]) => event === "message")).toHaveLength(1);
    expect(lamp.heard.filter(([event]) => event === "message")).toHaveLength(0);
  });

  it("speaks to a room by name", async () => {
    const lamp = await connect("lamp");
    const other = await member("a");
    lamp.send("message", { room: "bench", text: "over there" });
    expect(await other.next("message")).toBe("over there");
  });

  it("hears nothing of a room it left", async () => {
    const lamp = await member("lamp");
    const other = await member("a");
    await lamp.ask("leave", "bench");
    other.send("message", "alone");
    await other.ask("heartbeat");
    await lamp.ask("heartbeat");
    expect(lamp.heard.map(([event]) => event)).not.toContain("message");
  });

  it("answers an action", async () => {
    const lamp = await connect("lamp");
    lamp.on("action", (data) => ({ did: data }));
    const nsp = hub.hub.io.of(namespace);
    const answers = await nsp.timeout(1000).emitWithAck("action", { name: "identify" });
    expect(answers).toEqual([{ did: { name: "identify" } }]);
  });

  it("is a real Socket.IO socket: rooms, fetchSockets, disconnectSockets", async () => {
    const lamp = await member("lamp");
    const nsp = hub.hub.io.of(namespace);
    const [socket] = await nsp.in("room:bench").fetchSockets();
    expect(socket?.data).toMatchObject({ id: "lamp" });
    nsp.in("room:bench").disconnectSockets(true);
    await lamp.closed();
  });

  it("is refused a second connection of its id while the first lives", async () => {
    const lamp = await connect("lamp");
    // A door without pings sees by its traffic that it lives.
    const chatter = setInterval(() => lamp.send("heartbeat"), 100);
    await expect(door.connect(hub, "lamp")).rejects.toThrow("DUPLICATE");
    clearInterval(chatter);
    expect(await view("lamp")).toMatchObject({ presence: "online" });
  });

  it("is refused a bad id", async () => {
    await expect(door.connect(hub, "-bad")).rejects.toThrow("BAD_ID");
    await expect(door.connect(hub, "x".repeat(65))).rejects.toThrow("BAD_ID");
  });

  it("is told when it says more than is allowed at once", async () => {
    const lamp = await connect("lamp");
    lamp.send("message", "x".repeat(70_000));
    expect(await lamp.next(door.endsWhenTooBig ? "bye" : "error")).toMatchObject({ code: "TOO_BIG" });
    if (door.endsWhenTooBig) await lamp.closed();
    else expect(await lamp.ask("heartbeat")).toEqual({});
    const other = await connect("other");
    expect(await other.ask("heartbeat")).toEqual({});
  });

  it("is told bye when the hub stops", async () => {
    const lamp = await connect("lamp");
    // A polling client hears nothing between two polls.
    const [socket] = hub.hub.io.of(namespace).sockets.values();
    await eventually(() => socket?.conn.transport.writable === true);
    const stopped = hub.close();
    expect(await lamp.next("bye")).toMatchObject({ code: "SHUTDOWN" });
    await lamp.closed();
    await stopped;
    expect(hub.hub.house.registry.get("lamp")).toMatchObject({ presence: "offline", reason: "shutdown" });
  });
});
