/** The namespace `/dashboard` with real pages, a real hub and real devices. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { io, type Socket } from "socket.io-client";
import { WebSocket } from "ws";
import type { DeviceChange, Said, Update } from "#protocol/dashboard-events.ts";
import type { PropertyState } from "#protocol/views.ts";
import { type DeviceClient, DOORS } from "../../support/device-client.ts";
import { eventually } from "../../support/eventually.ts";
import { startHub, type TestHub } from "../../support/hub.ts";

const LAMP = {
  name: "Lamp",
  rooms: ["bench"],
  properties: {
    brightness: { type: "number", minimum: 0, maximum: 100 },
    temperature: { type: "number", readOnly: true },
  },
  actions: { blink: {} },
};

/** A page: keeps what it was told, and merges it as the contract says. */
class Page {
  readonly updates: Update[] = [];
  readonly devices = new Map<string, DeviceChange>();
  readonly said: Said[] = [];
  readonly socket: Socket;
  /** False for a page that lies asleep: it hears, and acknowledges nothing. */
  isAwake: boolean;
  readonly #unacknowledged: Array<() => void> = [];

  constructor(url: string, isAwake = true) {
    this.isAwake = isAwake;
    this.socket = io(`${url}/dashboard`, { forceNew: true, reconnection: false, transports: ["websocket"] });
    this.socket.on("update", (update: Update, done: () => void) => {
      this.#take(update);
      if (this.isAwake) done();
      else this.#unacknowledged.push(done);
    });
  }

  wake(): void {
    this.isAwake = true;
    for (const done of this.#unacknowledged.splice(0)) done();
  }

  state(device: string, property: string): PropertyState | undefined {
    return this.devices.get(device)?.state?.[property];
  }

  ask(event: string, ...args: unknown[]): Promise<unknown> {
    return this.socket.timeout(2_000).emitWithAck(event, ...args);
  }

  #take(update: Update): void {
    this.updates.push(update);
    for (const id of update.gone) this.devices.delete(id);
    for (const change of update.devices) {
      const before = this.devices.get(change.id);
      this.devices.set(change.id, { ...before, ...change, state: { ...before?.state, ...change.state } });
    }
    this.said.push(...update.said);
  }
}

describe("the dashboard", () => {
  let hub: TestHub;
  let pages: Page[];
  let clients: DeviceClient[];

  beforeEach(async () => {
    hub = await startHub();
    pages = [];
    clients = [];
  });
  afterEach(async () => {
    for (const page of pages) {
      page.wake();
      page.socket.disconnect();
    }
    for (const client of clients) client.close();
    await hub.close();
  });

  async function page(isAwake = true): Promise<Page> {
    const made = new Page(hub.url, isAwake);
    pages.push(made);
    await eventually(() => made.updates.length > 0);
    return made;
  }

  async function device(id: string, hello: object = LAMP): Promise<DeviceClient> {
    const kit = DOORS.find(({ name }) => name === "plain WebSocket");
    if (kit === undefined) throw new Error("there is no plain door");
    const client = await kit.connect(hub, id);
    clients.push(client);
    client.on("set", (data) => data);
    await client.ask("hello", hello);
    return client;
  }

  function refusal(code: string): object {
    return { error: { code, message: expect.stringMatching(/\S/) } };
  }

  it("tells a page everything first, and who the hub is", async () => {
    const lamp = await device("lamp");
    await lamp.ask("report", { temperature: 21 });
    const { updates } = await page();
    expect(updates[0]).toMatchObject({
      hub: {
        version: "0.0.0-test",
        open: "loopback",
        addresses: [`http://localhost:${hub.port}`],
        heartbeatIntervalMs: 10_000,
      },
      devices: [
        {
          id: "lamp",
          about: { name: "Lamp", rooms: ["bench"], properties: LAMP.properties },
          link: { presence: "online", door: "websocket" },
          state: { temperature: { reported: { value: 21 }, desired: null, heldBy: null } },
        },
      ],
      gone: [],
    });
    expect(Math.abs((updates[0]?.now ?? 0) - Date.now())).toBeLessThan(2_000);
  });

  it("tells every page what changes", async () => {
    const both = [await page(), await page()];
    const lamp = await device("lamp");
    for (const { devices } of both) await eventually(() => devices.get("lamp")?.about?.name === "Lamp");
    lamp.send("report", { temperature: 22 });
    for (const one of both) await eventually(() => one.state("lamp", "temperature")?.reported?.value === 22);
    lamp.close();
    for (const { devices } of both) await eventually(() => devices.get("lamp")?.link?.presence === "offline");
  });

  it("forgets a device without a name of its own when it leaves", async () => {
    const one = await page();
    const ws = new WebSocket(`ws://127.0.0.1:${hub.port}/`);
    await eventually(() => one.devices.size === 1);
    expect([...one.devices.keys()][0]).toMatch(/^ws-127\.0\.0\.1-\d+$/);
    ws.close();
    await eventually(() => one.devices.size === 0);
  });

  it("sends a page that acknowledges nothing three updates, then all news at once when it wakes", async () => {
    const asleep = await page(false);
    const awake = await page();
    const lamp = await device("lamp");
    for (let temperature = 1; temperature <= 30; temperature++) {
      await lamp.ask("report", { temperature });
      await eventually(() => awake.state("lamp", "temperature")?.reported?.value === temperature);
    }
    expect(asleep.updates).toHaveLength(3);
    expect(asleep.state("lamp", "temperature")?.reported?.value).not.toBe(30);
    asleep.wake();
    await eventually(() => asleep.state("lamp", "temperature")?.reported?.value === 30);
    expect(asleep.devices).toEqual(awake.devices);
    expect(asleep.updates.length).toBeLessThanOrEqual(5);
  });

  it("keeps the messages of a page that sleeps in order and without a gap", async () => {
    const asleep = await page(false);
    const lamp = await device("lamp");
    for (let i = 1; i <= 20; i++) await lamp.ask("message", `line ${i}`);
    asleep.wake();
    await eventually(() => asleep.said.at(-1)?.text === "line 20");
    expect(asleep.said.map(({ seq }) => seq)).toEqual(asleep.said.map((_, i) => i + 1));
    expect(asleep.said.filter(({ kind }) => kind === "message").map(({ text }) => text)).toEqual(
      Array.from({ length: 20 }, (_, i) => `line ${i + 1}`),
    );
  });

  describe("set", () => {
    it("is answered when the wish is kept, and what becomes of it is told to all", async () => {
      await device("lamp");
      const [one, other] = [await page(), await page()];
      expect(await one.ask("set", { device: "lamp", property: "brightness", value: 37 })).toEqual({ desired: 37 });
      for (const each of [one, other]) {
        await eventually(() => each.state("lamp", "brightness")?.desired?.status === "applied");
        expect(each.state("lamp", "brightness")).toMatchObject({
          desired: { value: 37, by: "page" },
          reported: { value: 37 },
        });
      }
    });

    it("carries a transition to the device", async () => {
      const lamp = await device("lamp");
      await (await page()).ask("set", { device: "lamp", property: "brightness", value: 37, transition: 500 });
      expect(await lamp.next("set")).toEqual({ brightness: 37, transition: 500 });
      await eventually(() => hub.hub.house.registry.get("lamp")?.reported().brightness === 37);
    });

    it("is kept for a device that is offline", async () => {
      const lamp = await device("lamp");
      const one = await page();
      lamp.close();
      await eventually(() => one.devices.get("lamp")?.link?.presence === "offline");
      expect(await one.ask("set", { device: "lamp", property: "brightness", value: 5 })).toEqual({ desired: 5 });
      await eventually(() => one.state("lamp", "brightness")?.desired?.status === "waiting");
    });

    it.each<[string, object]>([
      ["NO_DEVICE", { device: "nobody", property: "brightness", value: 1 }],
      ["NO_PROPERTY", { device: "lamp", property: "nothing", value: 1 }],
      ["NO_PROPERTY", { device: "lamp", property: "constructor", value: 1 }],
      ["READ_ONLY", { device: "lamp", property: "temperature", value: 1 }],
      ["INVALID_VALUE", { device: "lamp", property: "brightness", value: 101 }],
      ["INVALID_VALUE", { device: "lamp", property: "brightness", value: "1" }],
    ])("is refused as %s for %j", async (code, request) => {
      await device("lamp");
      const one = await page();
      expect(await one.ask("set", request)).toEqual(refusal(code));
    });
  });

  describe("hold", () => {
    const held = { device: "lamp", property: "brightness", held: true };

    it("is shown to all pages, and no more when the hand lets go", async () => {
      await device("lamp");
      const [one, other] = [await page(), await page()];
      one.socket.emit("hold", held);
      await eventually(() => other.state("lamp", "brightness")?.heldBy === one.socket.id);
      one.socket.emit("hold", { ...held, held: false });
      await eventually(() => other.state("lamp", "brightness")?.heldBy === null);
    });

    it("ends when the page goes", async () => {
      await device("lamp");
      const [one, other] = [await page(), await page()];
      one.socket.emit("hold", held);
      await eventually(() => other.state("lamp", "brightness")?.heldBy === one.socket.id);
      one.socket.disconnect();
      await eventually(() => other.state("lamp", "brightness")?.heldBy === null);
    });

    it("goes to the last hand that took it, and only that one can let go", async () => {
      await device("lamp");
      const [one, other] = [await page(), await page()];
      one.socket.emit("hold", held);
      await eventually(() => other.state("lamp", "brightness")?.heldBy === one.socket.id);
      other.socket.emit("hold", held);
      await eventually(() => one.state("lamp", "brightness")?.heldBy === other.socket.id);
      one.socket.emit("hold", { ...held, held: false });
      await one.ask("alive");
      expect(hub.hub.house.registry.get("lamp")?.propertyState("brightness")?.heldBy).toBe(other.socket.id);
    });
  });

  describe("act", () => {
    it("is answered with the device's output", async () => {
      const lamp = await device("lamp");
      lamp.on("action", (data) => ({ did: data }));
      const one = await page();
      const request = { device: "lamp", action: "blink", input: { times: 2 } };
      expect(await one.ask("act", request)).toEqual({ output: { did: { name: "blink", input: { times: 2 } } } });
      expect(await one.ask("act", { device: "lamp", action: "identify" })).toEqual({
        output: { did: { name: "identify" } },
      });
    });

    it("is refused with the device's own words", async () => {
      const lamp = await device("lamp");
      lamp.on("action", () => ({ error: { code: "STUCK", message: "The shutter is stuck." } }));
      const answer = await (await page()).ask("act", { device: "lamp", action: "blink" });
      expect(answer).toEqual({ error: { code: "FAILED", message: expect.stringContaining("The shutter is stuck.") } });
    });

    it("is refused for what the device does not know or when it is not there", async () => {
      const lamp = await device("lamp");
      const one = await page();
      expect(await one.ask("act", { device: "lamp", action: "dance" })).toEqual(refusal("NO_ACTION"));
      expect(await one.ask("act", { device: "nobody", action: "identify" })).toEqual(refusal("NO_DEVICE"));
      lamp.close();
      await eventually(() => one.devices.get("lamp")?.link?.presence === "offline");
      expect(await one.ask("act", { device: "lamp", action: "blink" })).toEqual(refusal("OFFLINE"));
    });

    it("does not fell the hub when the answer nests too deeply to be sent on", async () => {
      // No client library could write this: the packets are spoken by hand.
      const ws = new WebSocket(`ws://127.0.0.1:${hub.port}/socket.io/?EIO=4&transport=websocket`);
      ws.on("message", (data) => {
        const packet = String(data);
        const question = /^42\/devices,(\d+)\["action"/.exec(packet)?.[1];
        if (packet.startsWith("0")) ws.send('40/devices,{"id":"deep"}');
        if (packet.startsWith("40")) ws.send('42/devices,["hello",{"actions":{"dig":{}}}]');
        if (question !== undefined) ws.send(`43/devices,${question}[${"[".repeat(30_000)}${"]".repeat(30_000)}]`);
      });
      const one = await page();
      await eventually(() => one.devices.get("deep")?.about?.actions.dig !== undefined);
      expect(await one.ask("act", { device: "deep", action: "dig" })).toEqual(refusal("INTERNAL"));
      expect(await one.ask("alive")).toBeUndefined();
      ws.close();
    });
  });

  describe("say", () => {
    it("speaks to a room and to a device, and is shown to all pages", async () => {
      const lamp = await device("lamp");
      const [one, other] = [await page(), await page()];
      expect(await one.ask("say", { room: "bench", text: "hello bench" })).toEqual({ delivered: 1 });
      expect(await lamp.next("message")).toBe("hello bench");
      expect(await one.ask("say", { device: "lamp", text: "hello lamp" })).toEqual({ delivered: 1 });
      await eventually(() => lamp.heard.some(([, data]) => data === "hello lamp"));
      await eventually(() => other.said.some(({ text }) => text === "hello lamp"));
      expect(other.said.filter(({ kind }) => kind === "sent")).toMatchObject([
        { from: null, to: ["bench"], text: "hello bench" },
        { from: null, to: ["lamp"], text: "hello lamp" },
      ]);
    });

    it("is refused when nobody is there to hear", async () => {
      const lamp = await device("lamp");
      const one = await page();
      expect(await one.ask("say", { device: "nobody", text: "x" })).toEqual(refusal("NO_DEVICE"));
      lamp.close();
      await eventually(() => one.devices.get("lamp")?.link?.presence === "offline");
      expect(await one.ask("say", { device: "lamp", text: "x" })).toEqual(refusal("OFFLINE"));
    });
  });

  it("answers a page that asks whether its connection lives", async () => {
    expect(await (await page()).ask("alive")).toBeUndefined();
  });

  it.each(["set", "act", "say", "hold"])("answers junk to %s with a clear refusal, and is unmoved", async (event) => {
    await device("lamp");
    const one = await page();
    const junk = [
      undefined,
      null,
      5,
      "text",
      [],
      {},
      { device: 5 },
      { device: "lamp", text: "" },
      { device: "-", room: "-" },
    ];
    for (const request of junk) {
      if (event !== "hold") expect(await one.ask(event, request)).toEqual(refusal("BAD_REQUEST"));
      one.socket.emit(event, request);
      one.socket.emit(event, request, "no function");
    }
    one.socket.emit(event);
    one.socket.emit("alive", 5);
    one.socket.emit("nothing-of-the-kind", {}, () => {});
    expect(await one.ask("set", { device: "lamp", property: "brightness", value: 1 })).toEqual({ desired: 1 });
    await eventually(() => one.state("lamp", "brightness")?.desired?.status === "applied");
    expect(hub.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it.each([
    ["a foreign site", "http://evil.example"],
    ["a sandboxed page, which any site can make", "null"],
  ])("does not let %s in", async (_, origin) => {
    const options = {
      forceNew: true,
      reconnection: false,
      transports: ["websocket"],
      extraHeaders: { Origin: origin },
    };
    const socket = io(`${hub.url}/dashboard`, options);
    const refused = new Promise<string>((resolve) => {
      socket.on("connect", () => resolve("connected"));
      socket.on("connect_error", (error) => resolve(error.message));
    });
    expect(await refused).not.toBe("connected");
    socket.close();
  });

  it("says bye to its pages when the hub stops", async () => {
    const one = await page();
    let bye: unknown;
    one.socket.on("bye", (reason) => {
      bye = reason;
    });
    await hub.close();
    await eventually(() => !one.socket.connected);
    expect(bye).toMatchObject({ code: "SHUTDOWN" });
  });
});
