/** What every client at the plain WebSocket door does, against a hub that says whatever a test wants. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { ClientProcess, ClientSettings } from "../support/client-process.ts";
import { eventually } from "../support/eventually.ts";
import { type PlainHub, startPlainHub } from "../support/plain-hub.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import type { ClientKit } from "./kits.ts";

interface Frame {
  readonly event?: string;
  readonly ack?: number;
  readonly id?: number;
  readonly time?: number;
  readonly data?: unknown;
  readonly error?: { readonly code: string };
}

type Sample = readonly [number, { readonly [name: string]: number }];

/** Longer than a client's first two pauses between tries. */
const RETURN_MS = 8_000;

export function plainHabits(kit: ClientKit): void {
  describe(`the ${kit.name} at the plain door`, () => {
    const newFolder = temporaryFolders();
    let hub: PlainHub;
    let client: ClientProcess;
    let asked = 0;
    let answered: Set<number>;

    const frames = (): Frame[] =>
      hub.heard.filter((text) => text.startsWith("{")).map((text) => JSON.parse(text) as Frame);
    const named = (event: string): Frame[] => frames().filter((frame) => frame.event === event);

    const batches = (): Sample[][] => named("reports").map(({ data }) => data as Sample[]);

    /** Acknowledges the batches that have come since the last time. */
    function takeBatches(): void {
      for (const { id } of named("reports")) {
        if (id === undefined || answered.has(id)) continue;
        answered.add(id);
        hub.say(JSON.stringify({ ack: id, data: null }));
      }
    }

    /** Sends an event with an id; gives the rest of the answer. */
    async function ask(event: string, data: unknown): Promise<Omit<Frame, "ack">> {
      asked += 1;
      const id = asked;
      hub.event(event, data, id);
      const answer = (): Frame | undefined => frames().find((frame) => frame.ack === id);
      await eventually(() => answer() !== undefined);
      const { ack: _, ...rest } = answer() ?? {};
      return rest;
    }

    async function start(more: Partial<ClientSettings> = {}): Promise<void> {
      client = kit.start({ port: hub.port, id: "client-1", heartbeat: 30, reportMs: 50, ...more }, newFolder());
      await hub.greeted();
    }

    const shows = (brightness: number): boolean =>
      Math.abs((kit.levels(client).at(-1) ?? -1) - kit.levelOf(brightness)) < 0.1;

    beforeAll(() => kit.prepare?.(), 60_000);
    beforeEach(async () => {
      answered = new Set();
      hub = await startPlainHub();
    });
    afterEach(async () => {
      await client.end();
      await hub.close();
    });

    it("comes to its door with its token and says who it is", async () => {
      await start({ token: "secret", rooms: ["bench"] });
      expect(hub.paths[0]).toBe("/bridge/client-1");
      expect(hub.tokens[0]).toBe("Bearer secret");
      expect(named("hello")[0]?.data).toMatchObject({
        id: "client-1",
        heartbeat: 30,
        rooms: ["bench"],
        properties: {
          brightness: { type: "number", minimum: 0, maximum: 100, unit: "percent" },
          [kit.sensor]: { type: "number", readOnly: true },
        },
        actions: { identify: {} },
        state: { brightness: 0 },
      });
    });

    it("takes all values of a set, or none", async () => {
      await start();
      expect(await ask("set", { brightness: 20 })).toEqual({ data: { brightness: 20 } });
      for (const value of [101, -1, "5", true, null, {}]) {
        expect(await ask("set", { brightness: value })).toMatchObject({ error: { code: "INVALID_VALUE" } });
      }
      expect(await ask("set", { brightness: 30, transition: -1 })).toMatchObject({ error: { code: "INVALID_VALUE" } });
      expect(await ask("set", { brightness: 30, colour: 1 })).toMatchObject({ error: { code: "NO_PROPERTY" } });
      expect(await ask("set", {})).toEqual({ data: {} });
      await eventually(() => kit.blinks(client) > 0 || shows(20));
      expect(await ask("set", { brightness: 0.5 })).toEqual({ data: { brightness: 0.5 } });
    });

    it("fades, answers before the end, and lets the newest wish win", async () => {
      await start();
      await ask("set", { brightness: 80, transition: 400 });
      await eventually(() => shows(80));
      const passed = kit.levels(client).filter((level) => level > kit.levelOf(5) && level < kit.levelOf(75));
      expect(passed.length).toBeGreaterThanOrEqual(4);

      await ask("set", { brightness: 0, transition: 60_000 });
      await ask("set", { brightness: 60 });
      await eventually(() => shows(60));
      // The old fade would take its next steps meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(shows(60)).toBe(true);
    });

    it("blinks to be identified", async () => {
      await start();
      const before = kit.blinks(client);
      expect(await ask("action", { name: "identify" })).toEqual({ data: null });
      await eventually(() => kit.blinks(client) - before >= 9, RETURN_MS);
      expect(await ask("action", { name: "explode" })).toMatchObject({ error: { code: "NO_ACTION" } });
    });

    it("does what it is asked before it is welcome", async () => {
      hub.welcomes = false;
      await start();
      expect(await ask("set", { brightness: 7 })).toEqual({ data: { brightness: 7 } });
    });

    it("lives on after what it does not know", async () => {
      await start();
      expect(await ask("dance", { steps: 3 })).toMatchObject({ error: { code: "UNKNOWN_EVENT" } });
      for (const text of [
        '{"event":',
        '{"ack":99,"data":null}',
        '{"ack":null}',
        '{"event":5}',
        "[1]",
        "{}",
        "null",
        "0",
      ]) {
        hub.say(text);
      }
      for (const data of [null, 7, "text", [], {}]) {
        for (const event of ["dance", "set", "action", "acquire", "bye", "error", "message", "pending", "welcome"]) {
          hub.event(event, data);
        }
      }
      expect(await ask("set", { brightness: 8 })).toEqual({ data: { brightness: 8 } });
      expect(hub.paths).toHaveLength(1);
    });

    it("takes a text of 4,096 bytes, and shows what is said", async () => {
      await start();
      hub.say("é".repeat(2048));
      await client.saw(/^< é+/);
      hub.say(`{"event":"set","id":77,"data":{"brightness":9}${" ".repeat(4000)}}`);
      await eventually(() => frames().some(({ ack }) => ack === 77));
    });

    it("stops and starts its reports", async () => {
      await start();
      await eventually(() => named("report").length > 2);
      expect(await ask("acquire", { running: false })).toEqual({ data: null });
      const before = named("report").length;
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(named("report").length - before).toBeLessThanOrEqual(1);
      await ask("acquire", { running: true, intervalMs: 60 });
      await eventually(() => named("report").length > before + 3);
    });

    it("beats with SOS at once, then with its vitals", async () => {
      await start({ heartbeat: 0.1 });
      await eventually(() => hub.heard.filter((text) => text === "SOS").length >= 3);
      expect(named("heartbeat")[0]?.data).toHaveProperty("uptime");
    });

    it("keeps what it measures while the hub is away, and brings it in order", async () => {
      await start();
      await eventually(() => named("report").length > 2);
      const { port } = hub;
      await hub.close();
      await new Promise((resolve) => setTimeout(resolve, 600));
      hub = await startPlainHub(port);
      await hub.greeted();
      await eventually(() => {
        takeBatches();
        return named("reports").length > 0 && named("report").length > 3;
      }, RETURN_MS);

      const kept = batches().flat();
      const times = kept.map(([time]) => time);
      expect(kept.length).toBeGreaterThan(8);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      for (const [, values] of kept) expect(values).toEqual({ [kit.sensor]: expect.any(Number) });
      // A live one came before: by its time the hub maps the counter of the device.
      const [live] = frames().filter(({ event }) => event === "report" || event === "reports");
      expect(live?.event).toBe("report");
      // The last that was kept may be of the same millisecond.
      expect(live?.time).toBeGreaterThanOrEqual(times.at(-1) ?? 0);
    });

    it("sends a batch again that nobody acknowledged", async () => {
      hub.welcomes = false;
      await start();
      await new Promise((resolve) => setTimeout(resolve, 300));
      hub.event("welcome", {});
      await eventually(() => named("reports").length === 1);
      hub.drop("killed");
      hub.welcomes = true;
      await hub.greeted(2);
      await eventually(() => named("reports").length === 2);
      const [first, second] = batches();
      expect(first?.[0]).toBeDefined();
      expect(second?.[0]).toEqual(first?.[0]);
    });

    it("says where its counter stands before a batch, when it was told not to measure", async () => {
      hub.welcomes = false;
      await start();
      await new Promise((resolve) => setTimeout(resolve, 300));
      hub.event("welcome", {});
      await eventually(() => named("reports").length === 1);
      await ask("acquire", { running: false });
      hub.drop("killed");
      const before = named("report").length;
      hub.welcomes = true;
      await hub.greeted(2);
      await eventually(() => named("reports").length === 2);
      const last = batches()[1]?.at(-1)?.[0] ?? Number.NaN;
      expect(named("report").slice(before)).toEqual([{ event: "report", data: {}, time: expect.any(Number) }]);
      // The board was away for a pause between tries, half a second at least.
      expect(named("report").at(-1)?.time).toBeGreaterThan(last + 400);
    });

    it("asks now and then whether its reports arrived, and sends again what nobody acknowledged", async () => {
      await start();
      const asking = (): Frame[] => named("report").filter(({ id }) => id !== undefined);
      await eventually(() => {
        takeBatches();
        return asking().length === 1;
      });
      await new Promise((resolve) => setTimeout(resolve, 300));
      hub.say(JSON.stringify({ ack: asking()[0]?.id, data: null }));
      await eventually(() => asking().length === 2);
      const live = named("report").map(({ time }) => time);
      const known = named("reports").length;
      hub.drop("killed");
      await hub.greeted(2);
      await eventually(() => named("reports").length > known);
      const again = batches()[known]?.map(([time]) => time) ?? [];
      const unsure = live.slice(live.indexOf(asking()[0]?.time) + 1);
      expect(again.slice(0, unsure.length)).toEqual(unsure.slice(0, again.length));
    });

    it("comes back after a close frame", async () => {
      await start();
      hub.event("bye", { code: "SHUTDOWN", message: "The hub is stopping." });
      hub.drop(1012);
      await client.saw(/bye: .*SHUTDOWN/);
      await hub.greeted(2);
    });

    it("comes back after the connection broke without a word", async () => {
      await start();
      hub.drop("killed");
      await hub.greeted(2);
    });

    it("waits long when another device has its id", async () => {
      await start();
      hub.event("bye", { code: "DUPLICATE", message: "Give one of them another id." });
      hub.drop(4409);
      await client.saw(/next try in (30|[345]\d)(\d{3} ms|\.\d s)/);
    });

    it("comes with the token that the hub gave when it was approved", async () => {
      await start();
      expect(hub.tokens[0]).toBeUndefined();
      hub.event("welcome", { token: "given" });
      expect(await ask("set", { brightness: 1 })).toMatchObject({ data: { brightness: 1 } });
      hub.drop("killed");
      await hub.greeted(2);
      expect(hub.tokens[1]).toBe("Bearer given");
    });
  });
}
