/** How devices come and go (protocol 2.8, 4.1, 6.3): what only shows when time or order is turned by hand. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import type { Hello } from "#protocol/device-events.ts";
import { LIMITS } from "../../../hub/base/limits.ts";
import { settle } from "../../support/fake-clock.ts";
import { testHouse } from "../../support/house.ts";

const LAMP: Hello = {
  properties: { brightness: { type: "number", minimum: 0, maximum: 100 }, power: { type: "boolean" } },
};

describe("arrivals", () => {
  let here: ReturnType<typeof testHouse>;
  beforeEach(() => {
    here = testHouse();
  });

  function ids(): string[] {
    return here.house.registry.all().map(({ id }) => id);
  }

  describe("a second connection of an id", () => {
    it("takes the place of one that is silent, and is the only one to do so of three that come at once", async () => {
      const { connection: first } = await here.connect("lamp");
      const verdicts: string[] = [];
      for (let i = 0; i < 2; i++) {
        here.arrivals.admit("lamp").then(
          () => verdicts.push("in"),
          (error: { code: string }) => verdicts.push(error.code),
        );
      }
      await here.clock.advance(LIMITS.duplicateProofMs);
      expect([verdicts, first.dismissed]).toEqual([["DUPLICATE", "in"], ["REPLACED"]]);
      // The first is dismissed and the second not here yet: nobody else slips in between.
      await expect(here.arrivals.admit("lamp")).rejects.toMatchObject({ code: "DUPLICATE" });
      const { session, connection } = here.enter("lamp");
      expect(session.device.connection).toBe(connection);
      expect(session.device.presence).toBe("online");
    });

    it("is refused when the first answers", async () => {
      const { connection, session } = await here.connect("lamp");
      connection.isAlive = true;
      await expect(here.arrivals.admit("lamp")).rejects.toMatchObject({ code: "DUPLICATE" });
      expect(session.device.connection).toBe(connection);
    });

    it("is not put offline by the late end of the first", async () => {
      const { session: first } = await here.connect("lamp");
      void here.arrivals.admit("lamp");
      await here.clock.advance(LIMITS.duplicateProofMs);
      const { session: second } = here.enter("lamp");
      here.arrivals.disconnect(first, "closed");
      expect(second.device.presence).toBe("online");
    });
  });

  describe("a client without a name", () => {
    it("is the device that its first hello names, and is forgotten under the other name", async () => {
      const { session } = await here.connect("ws-1", true);
      expect(await here.arrivals.hello(session, { ...LAMP, id: "lamp" })).toMatchObject({ id: "lamp" });
      expect(ids()).toEqual(["lamp"]);
      here.arrivals.disconnect(session, "closed");
      expect(ids()).toEqual(["lamp"]);
    });

    it("keeps its name when a later hello says another, and takes nothing from the device of that name", async () => {
      const { session: other } = await here.connect("other");
      const { session } = await here.connect("ws-1", true);
      await here.arrivals.hello(session, { id: "lamp" });
      expect(await here.arrivals.hello(session, { id: "other" })).toMatchObject({ id: "lamp" });
      expect(await here.arrivals.hello(session, { id: "third" })).toMatchObject({ id: "lamp" });
      expect(ids()).toEqual(["lamp", "other"]);
      expect(other.device.connection).not.toBeNull();
    });

    it("is refused the name of a device that lives, and stays as it was", async () => {
      const { connection } = await here.connect("lamp");
      connection.isAlive = true;
      const { session } = await here.connect("ws-1", true);
      await expect(here.arrivals.hello(session, { id: "lamp" })).rejects.toMatchObject({ code: "DUPLICATE" });
      expect(ids()).toEqual(["lamp", "ws-1"]);
    });

    it("does not become a device when it goes while the one of that name is asked", async () => {
      await here.connect("lamp");
      const { session } = await here.connect("ws-1", true);
      const hello = here.arrivals.hello(session, { id: "lamp" });
      hello.catch(() => {});
      here.arrivals.disconnect(session, "closed");
      await here.clock.advance(LIMITS.duplicateProofMs);
      await expect(hello).rejects.toMatchObject({ code: "OFFLINE" });
      expect(here.house.registry.get("lamp")).toMatchObject({ presence: "offline", connection: null });
      await here.connect("lamp");
    });

    it("is forgotten when it goes", async () => {
      const { session } = await here.connect("ws-1", true);
      here.arrivals.disconnect(session, "closed");
      expect(ids()).toEqual([]);
    });
  });

  describe("hello", () => {
    it("is refused whole when its state cannot be", async () => {
      const { session } = await here.connect("lamp");
      const hello = { ...LAMP, name: "Lamp", state: { brightness: 101 } };
      await expect(here.arrivals.hello(session, hello)).rejects.toMatchObject({ code: "INVALID_VALUE" });
      expect(session.device).toMatchObject({ name: null });
      expect(session.device.reported()).toEqual({});
    });

    it("is judged by what the device declared before, when it declares nothing anew", async () => {
      const { session } = await here.connect("lamp");
      await here.arrivals.hello(session, LAMP);
      await expect(here.arrivals.hello(session, { state: { brightness: -1 } })).rejects.toMatchObject({
        message: expect.stringContaining("brightness"),
      });
    });

    it("takes a state with names of JavaScript's own", async () => {
      const { session } = await here.connect("lamp");
      await here.arrivals.hello(session, { ...LAMP, state: { constructor: 1, toString: "x" } as never });
      expect(session.device.reported()).toEqual({ constructor: 1, toString: "x" });
    });

    it("cannot fill the hub with ever new properties", async () => {
      const { session } = await here.connect("lamp");
      const state = (hello: number) => Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${hello}-${i}`, i]));
      await here.arrivals.hello(session, { state: state(1) });
      await expect(here.arrivals.hello(session, { state: state(2) })).rejects.toMatchObject({ code: "INVALID_VALUE" });
      expect(session.device.state.size).toBe(40);
    });
  });

  describe("a device that returns", () => {
    it("is told once what was asked while it was away, if it is not so already", async () => {
      const { session: before } = await here.connect("lamp");
      await here.arrivals.hello(before, LAMP);
      here.arrivals.disconnect(before, "closed");
      for (const [property, value] of [
        ["brightness", 40],
        ["power", true],
      ] as const) {
        await here.wishes.set({ device: "lamp", property, value, by: "rest" }).outcome;
      }
      const { session, connection } = await here.connect("lamp");
      await here.arrivals.hello(session, { ...LAMP, state: { power: true } });
      here.arrivals.restore(session, { power: true });
      expect(connection.asked).toEqual([["set", { brightness: 40 }]]);
      expect(session.device.propertyState("power")?.desired?.status).toBe("applied");
      expect(session.device.propertyState("brightness")?.desired?.status).toBe("sent");
    });

    it("is not called failed by the silence of its earlier connection", async () => {
      const { session: before } = await here.connect("lamp");
      await here.arrivals.hello(before, LAMP);
      void here.wishes.set({ device: "lamp", property: "brightness", value: 40, by: "rest" });
      here.arrivals.disconnect(before, "closed");
      const { session, connection } = await here.connect("lamp");
      connection.answer = async (_, data) => data;
      await here.arrivals.hello(session, LAMP);
      here.arrivals.restore(session, {});
      await here.clock.advance(2 * LIMITS.lateAnswerMs);
      expect(session.device.propertyState("brightness")).toMatchObject({
        desired: { value: 40, status: "applied" },
        reported: { value: 40 },
      });
    });

    it("is put in no rooms of its own by a hello that names none", async () => {
      const { session, connection } = await here.connect("lamp");
      expect(connection.rooms()).toEqual(["lobby"]);
      await here.arrivals.hello(session, { rooms: ["bench"] });
      expect(connection.rooms()).toEqual(["bench"]);
      await here.arrivals.hello(session, {});
      expect(connection.rooms()).toEqual(["bench"]);
    });
  });

  it("makes room for a newcomer by forgetting the one that is away longest, and none that is here", async () => {
    here = testHouse(["--max-devices", "3"]);
    const gone: string[] = [];
    here.house.events.on("gone", (id) => gone.push(id));
    const sessions = [];
    for (const id of ["a", "b", "c"]) {
      sessions.push((await here.connect(id)).session);
      await here.clock.advance(10);
    }
    for (const session of sessions.slice(0, 2)) here.arrivals.disconnect(session, "closed");
    await here.connect("d");
    expect([ids(), gone]).toEqual([["b", "c", "d"], ["a"]]);
    await here.connect("e");
    await settle();
    await expect(here.connect("f")).rejects.toMatchObject({ code: "TOO_MANY" });
    expect(ids()).toEqual(["c", "d", "e"]);
  });
});
