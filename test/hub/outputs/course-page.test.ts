/** The default namespace (protocol 2.7) with real Socket.IO clients of versions 2 and 4, a real hub and a real device. */
import { afterEach, describe, expect, it } from "@jest/globals";
import { io } from "socket.io-client";
import io2 from "socket.io-client-2";
import { COURSE_CLIENTS, type CourseClient, type CourseKit } from "../../support/course-page.ts";
import type { DeviceClient } from "../../support/device-client.ts";
import { eventually } from "../../support/eventually.ts";
import { BRIGHTNESS, LAMP, PLAIN, restBench, SOCKET_IO } from "../../support/rest-bench.ts";

const [OLD, , NEW] = COURSE_CLIENTS as readonly [CourseKit, CourseKit, CourseKit];
const { call, device, hub, put, view } = restBench();

let pages: CourseClient[] = [];
afterEach(() => {
  for (const page of pages) page.close();
  pages = [];
});

async function open(kit: CourseKit, options?: Parameters<CourseKit["connect"]>[1]): Promise<CourseClient> {
  const page = await kit.connect(hub().url, options);
  pages.push(page);
  await page.told(1);
  return page;
}

/** A lamp that takes what it is sent. */
async function lamp(hello: object = LAMP): Promise<DeviceClient> {
  const client = await device("lamp", PLAIN, hello);
  client.on("set", (data) => data);
  return client;
}

/** What the page has heard by now: after a word of another page, which comes last. */
async function heardByNow(page: CourseClient): Promise<unknown[]> {
  const marker = await open(NEW);
  marker.send(99.5);
  await eventually(() => page.levels.includes(99.5));
  return page.levels.slice(0, page.levels.indexOf(99.5));
}

describe.each(COURSE_CLIENTS)("a course page with $name", (kit) => {
  it("is told the level when it comes", async () => {
    await call("POST", "/led", { level: 37.5 });
    expect((await open(kit)).levels).toEqual([37.5]);
  });

  it("drags: every other page hears each level as a number, and itself none", async () => {
    const [hand, other, third] = [await open(kit), await open(OLD), await open(NEW)];
    for (const level of [10, "20", "30.5", -5, "1000", 0]) hand.send(level);
    expect(await other.told(7)).toBe(0);
    expect(await third.told(7)).toBe(0);
    expect(other.levels).toEqual([0, 10, 20, 30.5, 0, 100, 0]);
    expect(third.levels).toEqual(other.levels);
    expect(await heardByNow(hand)).toEqual([0]);
  });

  it("drives the lamp, and hears of every other hand on it", async () => {
    const light = await lamp();
    const page = await open(kit);
    page.send("42");
    expect(await light.next("set")).toEqual({ brightness: 42 });
    await eventually(async () => (await view("lamp")).reported.brightness === 42);
    expect((await view("lamp")).state.brightness?.desired).toMatchObject({ value: 42, by: "course" });
    expect(await put(BRIGHTNESS, 60)).toMatchObject({ status: 200 });
    expect(await page.told(2)).toBe(60);
    light.send("report", { brightness: 15 });
    expect(await page.told(3)).toBe(15);
    await call("POST", "/led", { level: 5 });
    expect(await page.told(4)).toBe(5);
  });

  it("is told what is wrong with junk, which changes nothing and reaches nobody", async () => {
    const light = await lamp();
    const [page, other] = [await open(kit), await open(NEW)];
    page.send("bright");
    await eventually(() => page.errors.length === 1);
    expect(page.errors[0]).toMatchObject({ code: "BAD_REQUEST", message: expect.stringMatching(/0 to 100/) });
    page.emit("led");
    page.emit("led", null, "more");
    page.emit("unknown", 1);
    page.emit("led", { level: { a: Buffer.from("b") } });
    page.send(50);
    expect(await other.told(2)).toBe(50);
    expect(light.heard.filter(([event]) => event === "set")).toEqual([["set", { brightness: 50 }]]);
    expect(page.isConnected).toBe(true);
  });

  it("is told that the hub stops by the end of its connection, at once", async () => {
    const page = await open(kit);
    const began = performance.now();
    await hub().hub.close();
    expect(performance.now() - began).toBeLessThan(1_900);
    await eventually(() => !page.isConnected);
  });
});

describe("the course page", () => {
  it("answers a client that wants an acknowledgement with the level, or the fault", async () => {
    const page = await open(NEW);
    const answers: unknown[] = [];
    page.emit("led", { level: 120 }, (answer: unknown) => answers.push(answer));
    page.emit("led", { level: "x" }, (answer: unknown) => answers.push(answer));
    await eventually(() => answers.length === 2);
    expect(answers).toEqual([{ level: 100 }, { error: { code: "BAD_REQUEST", message: expect.any(String) } }]);
    expect(page.errors).toEqual([]);
  });

  it("drags through the lamp's setter: few frames, the last one last", async () => {
    const light = await device("lamp", PLAIN);
    light.on("set", (data) => data);
    const page = await open(NEW);
    for (let level = 1; level <= 100; level++) page.send(String(level));
    await eventually(async () => (await view("lamp")).reported.brightness === 100);
    const sets = light.heard.filter(([event]) => event === "set");
    expect(sets.at(-1)?.[1]).toEqual({ brightness: 100 });
    expect(sets.length).toBeLessThan(100);
  });

  it.each(["Socket.IO 2", "Socket.IO 4"])(
    "is closed to pages of foreign sites with %s, and open to its own",
    async (name) => {
      const kit = COURSE_CLIENTS.find((one) => one.name === name) as CourseKit;
      for (const Origin of ["http://evil.example", "null", "file://"]) {
        const extraHeaders = { Origin };
        await expect(kit.connect(hub().url, { transports: ["websocket"], extraHeaders })).rejects.toThrow();
      }
      await open(kit, { transports: ["websocket"], extraHeaders: { Origin: hub().url } });
    },
  );

  it("drops a client whose message is larger than the limit", async () => {
    const page = await open(NEW);
    page.send("x".repeat(65_536));
    await eventually(() => !page.isConnected);
  });

  it("keeps few levels for a client that does not read, and the newest one", async () => {
    const page = await open(NEW);
    const slow = await pollOnce(hub().port);
    for (let level = 1; level <= 90; level++) page.send(level);
    const other = await open(NEW);
    await eventually(() => other.levels.at(-1) === 90);
    const heard = [...(await slow.poll()), ...(await slow.poll())];
    expect(heard.length).toBeLessThan(40);
    expect(heard.at(-1)).toBe(90);
    await slow.close();
  });
});

describe("a Socket.IO 2 client", () => {
  it.each(["/devices", "/dashboard"])("is refused at %s with a sentence that says what to use", async (namespace) => {
    const socket = io2(`${hub().url}${namespace}`, { forceNew: true, reconnection: false, query: { id: "old" } });
    const error = await new Promise((resolve) => socket.on("error", resolve));
    expect(error).toMatchObject({ code: "BAD_REQUEST", message: expect.stringContaining("Socket.IO 3 or 4") });
    socket.close();
    expect(hub().hub.house.registry.size).toBe(0);
    // The id was not reserved for it.
    await device("old", SOCKET_IO);
  });
});

describe("an Engine.IO handshake", () => {
  it.each([3, 4])("of version %i by JSONP is refused: any site's script could read it", async (version) => {
    const response = await fetch(`${hub().url}/socket.io/?EIO=${version}&transport=polling&j=0`);
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain("sid");
  });

  it("may be read by pages of the hub's host at another port, and by no others", async () => {
    const allowed = async (Origin: string): Promise<string | null> => {
      const url = `${hub().url}/socket.io/?EIO=3&transport=polling`;
      return (await fetch(url, { headers: { Origin } })).headers.get("access-control-allow-origin");
    };
    expect(await allowed("http://127.0.0.1:8080")).toBe("http://127.0.0.1:8080");
    expect(await allowed("http://evil.example")).toBeNull();
    expect(await allowed("null")).toBeNull();
  });

  it("of a version 4 device beside course pages is as ever", async () => {
    const socket = io(`${hub().url}/devices`, { auth: { id: "new" }, forceNew: true, reconnection: false });
    await new Promise<void>((resolve) => void socket.on("connect", resolve));
    const heard: unknown[] = [];
    socket.onAny((event) => heard.push(event));
    await call("POST", "/led", { level: 10 });
    expect(await socket.emitWithAck("heartbeat", {})).toEqual({});
    expect(heard).toEqual([]);
    socket.close();
  });
});

/** A Socket.IO 4 polling client by hand, which polls only when it is told to. */
async function pollOnce(port: number): Promise<{ poll(): Promise<number[]>; close(): Promise<unknown> }> {
  const url = `http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(url)).text()).slice(1)) as { sid: string };
  await fetch(`${url}&sid=${sid}`, { method: "POST", body: "40" });
  return {
    close: () => fetch(`${url}&sid=${sid}`, { method: "POST", body: "1" }),
    async poll() {
      const packets = (await (await fetch(`${url}&sid=${sid}`)).text()).split("\x1e");
      const events = packets.filter((packet) => packet.startsWith("42"));
      return events.map((packet) => (JSON.parse(packet.slice(2)) as [string, { level: number }])[1].level);
    },
  };
}
