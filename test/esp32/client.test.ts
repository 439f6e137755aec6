import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type BoardUnderTest, boards, buildClient, clientConfig } from "../support/espruino.ts";
import { eventually } from "../support/eventually.ts";
import { type PlainHub, startPlainHub } from "../support/plain-hub.ts";

const client = buildClient();

describe.each(boards())("the ESP32 client on Espruino, %s", (_name, start) => {
  let hub: PlainHub;
  let board: BoardUnderTest;

  async function connect(more: object = {}): Promise<void> {
    board = start(client, clientConfig(hub.port, more));
    await hub.greeted();
  }

  beforeEach(async () => {
    hub = await startPlainHub();
  });
  afterEach(async () => {
    await board.close();
    await hub.close();
  });

  it("connects to /bridge/ID and says who it is and what it can do, in ASCII under 500 bytes", async () => {
    await connect({ rooms: ["lab", "row-1"] });
    expect(hub.paths).toEqual(["/bridge/esp32-1"]);
    const [hello = ""] = hub.heard;
    expect(hello).toMatch(/^[ -~]{1,499}$/);
    expect(JSON.parse(hello)).toEqual({
      event: "hello",
      data: {
        id: "esp32-1",
        model: "ESP32 Espruino",
        software: expect.stringMatching(/^pharos-espruino \d/),
        heartbeat: 1,
        rooms: ["lab", "row-1"],
        properties: {
          brightness: { type: "number", minimum: 0, maximum: 100, unit: "percent" },
          power: { type: "boolean" },
        },
        actions: { identify: { title: "Blink" } },
        state: { brightness: 0, power: true },
      },
    });
  });

  it("sends SOS at once and with every beat, with vitals in the second, and the LED blinks", async () => {
    await connect({ heartbeat: 0.3 });
    expect(board.led()).toBe(1);
    await eventually(() => hub.heard.filter((text) => text === "SOS").length >= 3);
    expect(hub.heard[1]).toBe("SOS");
    expect(JSON.parse(hub.heard[2] ?? "")).toEqual({
      event: "heartbeat",
      data: { memory: expect.any(Number), uptime: expect.any(Number) },
    });
    await eventually(() => board.led() === 0);
  });

  it("sets brightness as a person perceives it, and answers with what it accepted", async () => {
    await connect({ heartbeat: 30 });
    expect(await hub.ask("set", { brightness: 50 })).toEqual({ ack: 1, data: { brightness: 50 } });
    await eventually(() => Math.abs(board.led() - 0.1842) < 0.001);
    expect(await hub.ask("set", { brightness: 100 })).toEqual({ ack: 2, data: { brightness: 100 } });
    await eventually(() => board.led() === 1);
  });

  it("switches power off and on without forgetting the brightness", async () => {
    await connect({ heartbeat: 30 });
    await hub.ask("set", { brightness: 100 });
    await eventually(() => board.led() === 1);
    expect(await hub.ask("set", { power: false })).toEqual({ ack: 2, data: { power: false } });
    await eventually(() => board.led() === 0);
    await hub.ask("set", { power: true });
    await eventually(() => board.led() === 1);
  });

  it("answers a fade at once and gets there in its time", async () => {
    await connect({ heartbeat: 30 });
    await eventually(() => board.led() === 0);
    expect(await hub.ask("set", { brightness: 100, transition: 600 })).toEqual({ ack: 1, data: { brightness: 100 } });
    expect(board.led()).toBeLessThan(0.3);
    await eventually(() => board.led() > 0.3 && board.led() < 0.9);
    await eventually(() => board.led() === 1);
  });

  it.each([
    ["too large a number", { brightness: 101 }, "INVALID_VALUE"],
    ["a negative number", { brightness: -1 }, "INVALID_VALUE"],
    ["text for a number", { brightness: "50" }, "INVALID_VALUE"],
    ["null", { brightness: null }, "INVALID_VALUE"],
    ["a number for a switch", { power: 1 }, "INVALID_VALUE"],
    ["an endless fade", { brightness: 5, transition: 1e9 }, "INVALID_VALUE"],
    ["an unknown property", { brightness: 5, on: true }, "NO_PROPERTY"],
  ])("refuses %s, and changes nothing", async (_what, data, code) => {
    await connect({ heartbeat: 30 });
    await eventually(() => board.led() === 0);
    expect(await hub.ask("set", data)).toEqual({ ack: 1, error: { code, message: expect.any(String) } });
    expect(board.led()).toBe(0);
  });

  it("blinks at identify, and answers", async () => {
    await connect({ heartbeat: 30 });
    await eventually(() => board.led() === 0);
    expect(await hub.ask("action", { name: "identify" })).toEqual({ ack: 1, data: null });
    for (const level of [1, 0, 1, 0]) await eventually(() => board.led() === level);
  });

  it("refuses other actions and events that want an answer, and answers no others", async () => {
    await connect();
    expect(await hub.ask("action", { name: "explode" })).toMatchObject({ error: { code: "NO_ACTION" } });
    expect(await hub.ask("reboot", {})).toMatchObject({ error: { code: "UNKNOWN_EVENT" } });
    hub.event("reboot", {});
    await hub.ask("set", {});
    expect(hub.heard.filter((text) => text.includes('"ack"'))).toHaveLength(3);
  });

  it("shows talk of the room on its console and is moved by none of it", async () => {
    await connect();
    const talk = [
      "hello all",
      "SOS",
      "{",
      "{}",
      '{"event":5}',
      "[1]",
      "null",
      '{"event":"set"}',
      "42",
      '{"hasOwnProperty":1}',
    ];
    for (const text of [...talk, `{"event":"message","data":"in a frame"}`]) hub.say(text);
    await board.saw(/^< hello all/);
    await board.saw(/message: "in a frame"/);
    expect(await hub.ask("set", { brightness: 7 })).toEqual({ ack: 1, data: { brightness: 7 } });
    expect(board.lines.filter((line) => line.startsWith("Uncaught"))).toEqual([]);
  });

  it("keeps its light while the hub is gone, and tells its state when it is back", async () => {
    await connect({ heartbeat: 30 });
    await hub.ask("set", { brightness: 100 });
    await eventually(() => board.led() === 1);
    hub.drop("killed");
    await board.saw(/next try/);
    expect(board.led()).toBe(1);
    await hub.greeted(2);
    const hello = JSON.parse(hub.heard.filter((text) => text.includes('"hello"'))[1] ?? "") as { data: object };
    expect(hello.data).toMatchObject({ state: { brightness: 100, power: true } });
  });

  it("comes back with SOS after the hub was killed and started again on the same port", async () => {
    await connect();
    const { port } = hub;
    await hub.close();
    await board.saw(/next try in \d+ ms/);
    await board.saw(/Error.*next try/);
    hub = await startPlainHub(port);
    await hub.greeted();
    await eventually(() => hub.heard.includes("SOS"));
  });

  it("sends the token as a header", async () => {
    await connect({ token: "s3cret" });
    expect(hub.tokens).toEqual(["Bearer s3cret"]);
  });
});
