/** `PUT` of properties of devices and rooms (protocol 7.2), with a real hub and real devices behind each door. */
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { WebSocket } from "ws";
import { DOORS } from "../../support/device-client.ts";
import { eventually } from "../../support/eventually.ts";
import { type Answer, BRIGHTNESS, fault, LAMP, PLAIN, restBench, SOCKET_IO } from "../../support/rest-bench.ts";

describe("REST", () => {
  const { device, hub, put, raw, view } = restBench();

  describe.each(DOORS)("PUT of a property of a device at the $name door", (door) => {
    it("is answered 200 with what the device applied", async () => {
      const lamp = await device("lamp", door);
      lamp.on("set", () => ({ brightness: 36 }));
      expect(await put(BRIGHTNESS, 37)).toEqual({ status: 200, body: { applied: 36 } });
      expect(await lamp.next("set")).toEqual({ brightness: 37 });
    });

    it("carries the transition beside the values", async () => {
      const lamp = await device("lamp", door);
      lamp.on("set", (data) => data);
      expect(await put(BRIGHTNESS, { value: 50, transition: 750 })).toEqual({ status: 200, body: { applied: 50 } });
      expect(await lamp.next("set")).toEqual({ brightness: 50, transition: 750 });
    });

    it.each<[string, unknown]>([
      ["power", false],
      ["mode", "eco"],
      ["aim", { x: 1, y: -2 }],
      ["brightness", 0],
    ])("takes %s = %j, alone and wrapped", async (name, value) => {
      const lamp = await device("lamp", door);
      lamp.on("set", (data) => data);
      for (const body of [value, { value }]) {
        expect(await put(`/api/devices/lamp/properties/${name}`, body)).toEqual({
          status: 200,
          body: { applied: value },
        });
      }
      expect((await view("lamp")).reported).toEqual({ [name]: value });
    });

    it("is answered 502 with the device's own words when it refuses", async () => {
      const lamp = await device("lamp", door);
      lamp.on("set", () => ({ error: { code: "TOO_HOT", message: "The lamp is too hot." } }));
      const answer = await put(BRIGHTNESS, 37);
      expect(answer).toEqual(fault(502, "FAILED"));
      expect(JSON.stringify(answer.body)).toContain("The lamp is too hot.");
    });

    it("is answered 502 when the device claims a value that the property cannot have, and nothing of it is kept", async () => {
      const lamp = await device("lamp", door);
      lamp.on("set", () => ({ brightness: 1000 }));
      expect(await put(BRIGHTNESS, 37)).toEqual(fault(502, "FAILED"));
      expect((await view("lamp")).reported).toEqual({});
    });

    it("is answered 202 at once when the device is offline, and the wish waits", async () => {
      const lamp = await device("lamp", door);
      lamp.close();
      await eventually(async () => (await view("lamp")).presence === "offline");
      expect(await put(BRIGHTNESS, 80)).toEqual({ status: 202, body: { desired: 80 } });
      expect((await view("lamp")).state.brightness?.desired).toMatchObject({
        value: 80,
        by: "rest",
        status: "waiting",
      });
    });
  });

  describe("PUT of a property", () => {
    beforeEach(async () => {
      const lamp = await device("lamp", PLAIN);
      lamp.on("set", (data) => data);
    });

    it.each<[string, unknown]>([
      ["brightness", 101],
      ["brightness", -1],
      ["brightness", "50"],
      ["brightness", true],
      ["brightness", null],
      ["brightness", [50]],
      ["brightness", {}],
      ["brightness", { value: 101 }],
      ["brightness", { value: 50, transition: -1 }],
      ["brightness", { value: 50, transition: "slow" }],
      ["brightness", { value: 50, other: 1 }],
      ["power", 1],
      ["mode", "off"],
      ["aim", { x: 6 }],
      ["aim", { x: { deep: 1 } }],
    ])("%s refuses %j with 422", async (name, value) => {
      expect(await put(`/api/devices/lamp/properties/${name}`, value)).toEqual(fault(422, "INVALID_VALUE"));
      expect((await view("lamp")).desired).toEqual({});
    });

    it("refuses what can only be read with 422", async () => {
      expect(await put("/api/devices/lamp/properties/temperature", 5)).toEqual(fault(422, "READ_ONLY"));
    });

    it.each(["nothing", "constructor", "__proto__", "transition", "a.b"])(
      "answers 404 for a property %s",
      async (name) => {
        expect(await put(`/api/devices/lamp/properties/${name}`, 5)).toEqual(fault(404, "NO_PROPERTY"));
      },
    );

    it("answers 404 for an unknown device", async () => {
      expect(await put("/api/devices/nobody/properties/brightness", 5)).toEqual(fault(404, "NO_DEVICE"));
    });

    it.each(["{", "brightness", "37x", '{"value":}'])("refuses %j, which is no JSON, with 400", async (body) => {
      const answer = await raw("PUT", BRIGHTNESS, body);
      expect(answer).toEqual(fault(400, "BAD_REQUEST"));
      expect(JSON.stringify(answer.body)).toContain("not JSON");
    });

    it("refuses a number beyond all numbers, and an empty body", async () => {
      expect(await raw("PUT", BRIGHTNESS, "1e999")).toEqual(fault(422, "INVALID_VALUE"));
      expect(await put(BRIGHTNESS)).toEqual(fault(422, "INVALID_VALUE"));
    });

    it("refuses a body that is too large with 413", async () => {
      expect(await put(BRIGHTNESS, "x".repeat(70_000))).toEqual(fault(413, "TOO_BIG"));
    });

    it("refuses JSON that nests without end, and goes on", async () => {
      expect(await raw("PUT", BRIGHTNESS, "[".repeat(30_000) + "]".repeat(30_000))).toEqual(
        fault(422, "INVALID_VALUE"),
      );
      expect(await put(BRIGHTNESS, 5)).toMatchObject({ status: 200 });
    });

    it("reads the body as JSON whatever its content type says", async () => {
      for (const type of ["application/x-www-form-urlencoded", "text/plain", "image/png"]) {
        expect(await raw("PUT", BRIGHTNESS, "37", { "Content-Type": type })).toEqual({
          status: 200,
          body: { applied: 37 },
        });
      }
    });
  });

  describe("PUT of a property of a device that takes its time", () => {
    let ws: WebSocket;
    let frames: Array<{ event?: string; data?: unknown; id?: number }>;

    beforeEach(async () => {
      ws = new WebSocket(`${hub().url.replace("http", "ws")}/bridge/lamp`);
      frames = [];
      ws.on("message", (text) => {
        // The greeting is bare text.
        if (String(text).startsWith("{")) frames.push(JSON.parse(String(text)) as { event?: string });
      });
      await once(ws, "open");
      ws.send(JSON.stringify({ event: "hello", data: LAMP }));
      await eventually(() => frames.some(({ event }) => event === "welcome"));
    });
    afterEach(() => ws.terminate());

    async function nextSet(): Promise<number | undefined> {
      await eventually(() => frames.some(({ event }) => event === "set"));
      return frames.find(({ event }) => event === "set")?.id;
    }

    it("is answered 202 when the device is silent for two seconds; its late answer still counts", async () => {
      const start = performance.now();
      expect(await put(BRIGHTNESS, 80)).toEqual({ status: 202, body: { desired: 80 } });
      expect(performance.now() - start).toBeGreaterThan(1_900);
      expect(await view("lamp")).toMatchObject({ desired: { brightness: 80 }, reported: {} });
      ws.send(JSON.stringify({ ack: await nextSet(), data: { brightness: 79 } }));
      await eventually(async () => (await view("lamp")).reported.brightness === 79);
      expect((await view("lamp")).state.brightness?.desired).toMatchObject({ value: 80, status: "applied" });
    });

    it("takes a report for the answer, and does not take it for a hand on the knob", async () => {
      const answer = put(BRIGHTNESS, 80);
      const id = await nextSet();
      ws.send(JSON.stringify({ event: "report", data: { brightness: 79 }, time: 123 }));
      expect(await answer).toEqual({ status: 200, body: { applied: 79 } });
      expect((await view("lamp")).state.brightness).toMatchObject({
        desired: { value: 80, by: "rest", status: "applied" },
        reported: { value: 79, deviceTime: 123 },
      });
      ws.send(JSON.stringify({ ack: id, data: { brightness: 80 } }));
      await eventually(async () => (await view("lamp")).reported.brightness === 80);
    });

    it("says what will be set to all who asked a silent device", async () => {
      const answers = await Promise.all([put(BRIGHTNESS, 10), put(BRIGHTNESS, 20)]);
      expect(answers.map(({ status }) => status)).toEqual([202, 202]);
      const wanted = (await view("lamp")).desired.brightness;
      expect(answers.map(({ body }) => body)).toEqual([{ desired: wanted }, { desired: wanted }]);
    });

    it("gives one who was superseded the newer value's result", async () => {
      const answers: Array<Promise<Answer>> = [];
      for (const value of [10, 20, 30]) {
        answers.push(put(BRIGHTNESS, value));
        await eventually(async () => (await view("lamp")).desired.brightness === value);
      }
      ws.on("message", (text) => {
        const { event, id, data } = JSON.parse(String(text)) as { event?: string; id?: number; data?: unknown };
        if (event === "set") ws.send(JSON.stringify({ ack: id, data }));
      });
      ws.send(JSON.stringify({ ack: await nextSet(), data: { brightness: 10 } }));
      const results = (await Promise.all(answers)).map(({ body }) => body);
      expect(results).toEqual([{ applied: 10 }, { applied: 30 }, { applied: 30 }]);
      expect(frames.filter(({ event }) => event === "set").map(({ data }) => data)).toEqual([
        { brightness: 10 },
        { brightness: 30 },
      ]);
    });
  });

  describe("PUT of a property of a room", () => {
    it("sets every member that has it and says what became of each", async () => {
      const plain = await device("plain", PLAIN);
      const socket = await device("socket", SOCKET_IO);
      const away = await device("away", PLAIN);
      await device("sensor", PLAIN, { rooms: ["bench"], properties: { temperature: { type: "number" } } });
      await device("other", PLAIN, { ...LAMP, rooms: ["attic"] });
      await device("small", PLAIN, { rooms: ["bench"], properties: { brightness: { type: "number", maximum: 10 } } });
      plain.on("set", (data) => data);
      socket.on("set", () => ({ brightness: 49 }));
      away.close();
      await eventually(async () => (await view("away")).presence === "offline");
      expect(await put("/api/rooms/bench/properties/brightness", 50)).toEqual({
        status: 200,
        body: {
          results: {
            away: { desired: 50 },
            plain: { applied: 50 },
            small: { error: { code: "INVALID_VALUE", message: expect.stringContaining("at most 10") } },
            socket: { applied: 49 },
          },
        },
      });
    });

    it("has no results in a room where nobody is", async () => {
      expect(await put("/api/rooms/attic/properties/brightness", 5)).toEqual({ status: 200, body: { results: {} } });
    });

    it("refuses a name that no room can have, and a value that no property can have", async () => {
      expect(await put("/api/rooms/a%20b/properties/brightness", 5)).toEqual(fault(400, "BAD_REQUEST"));
      expect(await put("/api/rooms/bench/properties/brightness", [5])).toEqual(fault(422, "INVALID_VALUE"));
    });
  });
});
