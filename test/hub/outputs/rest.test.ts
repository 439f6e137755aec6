/** REST over devices and rooms (protocol 7.1, 7.2, 7.4), with a real hub and real devices. */
import { describe, expect, it } from "@jest/globals";
import type { DeviceView } from "#protocol/views.ts";
import { eventually } from "../../support/eventually.ts";
import { BRIGHTNESS, fault, LAMP, PLAIN, restBench, SOCKET_IO } from "../../support/rest-bench.ts";

describe("REST", () => {
  const { call, connect, device, hub, put, view } = restBench();

  describe("GET /api/devices", () => {
    it("lists every device, sorted by id, as it is", async () => {
      expect(await call("GET", "/api/devices")).toEqual({ status: 200, body: [] });
      await device("b", PLAIN);
      await device("a", SOCKET_IO, {});
      const { body } = await call("GET", "/api/devices");
      expect(body).toMatchObject([
        {
          id: "a",
          name: "a",
          presence: "online",
          door: "socket.io",
          rooms: [],
          properties: {},
          desired: {},
          reported: {},
        },
        { id: "b", name: "Lamp", presence: "online", door: "websocket", rooms: ["bench"], properties: LAMP.properties },
      ]);
      for (const { lastSeen, beatMs } of body as DeviceView[]) {
        expect(Math.abs(lastSeen - Date.now())).toBeLessThan(5_000);
        expect(beatMs).toBeNull();
      }
    });

    it("shows one by its id, what was asked of it and what it said", async () => {
      const lamp = await device("lamp", PLAIN);
      lamp.on("set", (data) => data);
      await put(BRIGHTNESS, 40);
      await lamp.ask("report", { temperature: 21.5 });
      expect(await call("GET", "/api/devices/lamp")).toMatchObject({
        status: 200,
        body: { desired: { brightness: 40 }, reported: { brightness: 40, temperature: 21.5 } },
      });
    });

    it.each(["nobody", "-bad", "constructor", "a%20b"])("answers 404 for %s", async (id) => {
      expect(await call("GET", `/api/devices/${id}`)).toEqual(fault(404, "NO_DEVICE"));
    });
  });

  describe("PATCH of a device", () => {
    it("names it, and that name wins over a later hello", async () => {
      const lamp = await device("lamp", PLAIN);
      expect(await call("PATCH", "/api/devices/lamp", { name: " Desk " })).toMatchObject({
        status: 200,
        body: { name: "Desk" },
      });
      expect(await lamp.ask("hello", { name: "Lamp again", model: "m2" })).toMatchObject({ name: "Desk" });
      expect(await view("lamp")).toMatchObject({ name: "Desk", model: "m2" });
    });

    it("changes nothing when it says nothing", async () => {
      await device("lamp", PLAIN);
      expect(await call("PATCH", "/api/devices/lamp", {})).toMatchObject({ status: 200, body: { name: "Lamp" } });
    });

    it.each<[unknown]>([
      [{ name: "" }],
      [{ name: 5 }],
      [{ name: "x".repeat(65) }],
      [{ colour: "red" }],
      [[]],
      [null],
      ["Lamp"],
    ])("refuses %j with 400", async (body) => {
      await device("lamp", PLAIN);
      expect(await call("PATCH", "/api/devices/lamp", body)).toEqual(fault(400, "BAD_REQUEST"));
      expect(await view("lamp")).toMatchObject({ name: "Lamp" });
    });

    it("answers 404 for an unknown device", async () => {
      expect(await call("PATCH", "/api/devices/nobody", { name: "X" })).toEqual(fault(404, "NO_DEVICE"));
      expect(await call("PATCH", "/api/devices/nobody", {})).toEqual(fault(404, "NO_DEVICE"));
    });
  });

  describe("POST of a message to a room", () => {
    it("reaches every member once, behind every door, and counts them", async () => {
      const plain = await device("plain", PLAIN);
      const socket = await device("socket", SOCKET_IO);
      await device("other", PLAIN, { rooms: ["attic"] });
      expect(await call("POST", "/api/rooms/bench/messages", { text: "привет" })).toEqual({
        status: 200,
        body: { delivered: 2 },
      });
      for (const client of [plain, socket]) {
        expect(await client.next("message")).toBe("привет");
        await client.ask("heartbeat");
        expect(client.heard.filter(([event]) => event === "message")).toHaveLength(1);
      }
    });

    it("tells the sender when it is larger than a member takes, in bytes, and reaches the others", async () => {
      const plain = await device("plain", PLAIN);
      const socket = await device("socket", SOCKET_IO);
      const text = "я".repeat(2_100);
      expect(await call("POST", "/api/rooms/bench/messages", { text })).toEqual(fault(413, "TOO_BIG"));
      expect(await socket.next("message")).toBe(text);
      await call("POST", "/api/rooms/bench/messages", { text: "я".repeat(2_000) });
      expect(await plain.next("message")).toBe("я".repeat(2_000));
    });

    it("never reaches a plain device as a command", async () => {
      const plain = await device("plain", PLAIN);
      const text = '{"event":"set","data":{"brightness":0}}';
      await call("POST", "/api/rooms/bench/messages", { text });
      expect(await plain.next("message")).toBe(text);
      expect(plain.heard.map(([event]) => event)).not.toContain("set");
    });

    it("counts nobody in an empty room", async () => {
      expect(await call("POST", "/api/rooms/attic/messages", { text: "hello" })).toEqual({
        status: 200,
        body: { delivered: 0 },
      });
    });

    it.each<[unknown]>([[{}], [{ text: "" }], [{ text: 5 }], [[]], ["text"], [null]])(
      "refuses %j with 400",
      async (body) => {
        expect(await call("POST", "/api/rooms/bench/messages", JSON.stringify(body))).toEqual(
          fault(400, "BAD_REQUEST"),
        );
      },
    );

    it("refuses a name that no room can have", async () => {
      expect(await call("POST", "/api/rooms/-a/messages", { text: "x" })).toEqual(fault(400, "BAD_REQUEST"));
    });
  });

  describe("PUT and DELETE of a device's membership", () => {
    it("move it in and out of a room, and its messages with it", async () => {
      const lamp = await device("lamp", PLAIN);
      expect(await put("/api/devices/lamp/rooms/attic")).toMatchObject({
        status: 200,
        body: { rooms: ["attic", "bench"] },
      });
      expect((await call("POST", "/api/rooms/attic/messages", { text: "up" })).body).toEqual({ delivered: 1 });
      expect(await lamp.next("message")).toBe("up");
      const left = await call("DELETE", "/api/devices/lamp/rooms/attic");
      expect(left).toMatchObject({ status: 200, body: { rooms: ["bench"] } });
      expect((await call("POST", "/api/rooms/attic/messages", { text: "up" })).body).toEqual({ delivered: 0 });
    });

    it("win over a later hello", async () => {
      const lamp = await device("lamp", PLAIN);
      await put("/api/devices/lamp/rooms/attic");
      await call("DELETE", "/api/devices/lamp/rooms/bench");
      expect(await lamp.ask("hello", { ...LAMP, rooms: ["cellar"] })).toMatchObject({ rooms: ["attic"] });
    });

    it("leave a plain device in the lobby that did not say hello", async () => {
      await connect("quiet", PLAIN);
      await eventually(() => hub().hub.house.registry.get("quiet") !== undefined);
      await put("/api/devices/quiet/rooms/attic");
      expect((await call("POST", "/api/rooms/attic/messages", { text: "a" })).body).toEqual({ delivered: 1 });
      expect((await call("POST", "/api/rooms/lobby/messages", { text: "b" })).body).toEqual({ delivered: 1 });
    });

    it("end at 16 rooms", async () => {
      await device("lamp", PLAIN);
      for (let i = 1; i <= 15; i++) expect((await put(`/api/devices/lamp/rooms/r${i}`)).status).toBe(200);
      expect(await put("/api/devices/lamp/rooms/r16")).toEqual(fault(429, "TOO_MANY"));
      expect((await put("/api/devices/lamp/rooms/r15")).status).toBe(200);
    });

    it("know neither an unknown device nor a bad room", async () => {
      await device("lamp", PLAIN);
      expect(await put("/api/devices/nobody/rooms/attic")).toEqual(fault(404, "NO_DEVICE"));
      expect(await call("DELETE", "/api/devices/nobody/rooms/attic")).toEqual(fault(404, "NO_DEVICE"));
      expect(await put("/api/devices/lamp/rooms/a%20b")).toEqual(fault(400, "BAD_REQUEST"));
    });
  });

  describe("at its gate", () => {
    it("refuses a page of a foreign site, and does nothing for it", async () => {
      const lamp = await device("lamp", PLAIN);
      const headers = { Origin: "http://evil.example" };
      expect(await call("POST", "/api/rooms/bench/messages", { text: "x" }, headers)).toEqual(fault(403, "BAD_ORIGIN"));
      expect(await call("PUT", BRIGHTNESS, 5, headers)).toEqual(fault(403, "BAD_ORIGIN"));
      await lamp.ask("heartbeat");
      expect(lamp.heard.map(([event]) => event).filter((event) => event !== "welcome")).toEqual([]);
    });

    it("refuses a sandboxed page, which any site can make", async () => {
      const headers = { Origin: "null" };
      expect(await call("POST", "/api/rooms/bench/messages", { text: "x" }, headers)).toEqual(fault(403, "BAD_ORIGIN"));
    });

    it("takes a page of its own", async () => {
      expect(await call("GET", "/api/devices", undefined, { Origin: hub().url })).toMatchObject({ status: 200 });
    });
  });

  it.each(["/api/nothing", "/api/devices/lamp/nothing", "/nothing", "/assets/nothing.js", "/bridge", "/ws/", "/ws"])(
    "answers 404 for %s",
    async (path) => {
      expect(await call("GET", path)).toEqual(fault(404, "NOT_FOUND"));
    },
  );

  it.each(["/bridge/lamp", "/ws/lamp", "/7", "/bridge/-bad"])(
    "answers 426 for a plain GET of the door %s",
    async (path) => {
      expect(await call("GET", path)).toEqual(fault(426, "UPGRADE_REQUIRED"));
    },
  );

  it("answers 400 for a path that cannot be decoded", async () => {
    expect(await call("GET", "/api/devices/%E0%A4%A")).toEqual(fault(400, "BAD_REQUEST"));
  });

  it("says that it lives and is ready", async () => {
    expect(await call("GET", "/healthz")).toMatchObject({ status: 200 });
    expect(await call("GET", "/readyz")).toMatchObject({ status: 200 });
  });
});
