/** The plain WebSocket door: handshake, texts, the end, time (protocol 2.2, 2.8, 2.9, section 3). */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { eventually } from "../../support/eventually.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";
import { startHub, type TestHub } from "../../support/hub.ts";
import { clientFrame, textFrame, upgradeRequest } from "../../support/raw-socket.ts";
import { closeCode, heardUntilNow, Visitors } from "../../support/visitors.ts";

let hub: TestHub;
const visitors = new Visitors(() => hub);
const dial = visitors.dial.bind(visitors);
const device = visitors.device.bind(visitors);

beforeEach(async () => {
  hub = await startHub();
});
afterEach(async () => {
  visitors.closeAll();
  await hub.close();
});

describe("the handshake", () => {
  it("answers a plain 101 of under 1,024 bytes and negotiates no extension", async () => {
    const head = await dial().upgrade("/bridge/lamp", {
      "Sec-WebSocket-Extensions": "permessage-deflate",
      Origin: "Espruino",
    });
    expect(head).toContain("HTTP/1.1 101 Switching Protocols\r\n");
    expect(head).toContain("Connection: Upgrade\r\n");
    expect(head.toLowerCase()).not.toContain("extensions");
    expect(head.length).toBeLessThan(1024);
  });

  it.each([
    ["/bridge/lamp-1", "lamp-1"],
    ["/ws/lamp-1?x=1", "lamp-1"],
    ["/42", "42"],
    ["/bridge/a%2Eb", "a.b"],
  ])("lets %s in as %s", async (path, id) => {
    expect(await dial().upgrade(path)).toContain(" 101 ");
    await eventually(() => hub.hub.house.registry.get(id)?.presence === "online");
  });

  it("names a client of / by its address, until its hello does", async () => {
    const socket = dial();
    await socket.upgrade("/");
    await eventually(() => hub.hub.house.registry.size === 1);
    expect(hub.hub.house.registry.all()[0]?.id).toMatch(/^ws-127\.0\.0\.1-\d+$/);
    socket.write(textFrame('{"event":"hello","data":{"id":"named","rooms":["r"]}}'));
    expect(await socket.json()).toMatchObject({ event: "welcome", data: { id: "named", rooms: ["r"] } });
    expect(hub.hub.house.registry.all().map(({ id }) => id)).toEqual(["named"]);
  });

  it("forgets a client of / that was never named", async () => {
    const socket = dial();
    await socket.upgrade("/");
    await eventually(() => hub.hub.house.registry.size === 1);
    socket.close();
    await eventually(() => hub.hub.house.registry.size === 0);
  });

  it("keeps the id of the path against another in hello", async () => {
    const lamp = await device("lamp");
    lamp.write(textFrame('{"event":"hello","data":{"id":"other"}}'));
    expect(await lamp.json()).toMatchObject({ event: "welcome", data: { id: "lamp" } });
  });

  it.each([
    ["/bridge/-bad", {}, 400, "BAD_ID"],
    ["/bridge/%ff", {}, 400, "BAD_ID"],
    ["/bridge/", {}, 400, "BAD_ID"],
    ["/nowhere", {}, 404, "NO_DOOR"],
    ["/?EIO=4&transport=websocket", {}, 404, "NO_DOOR"],
    ["/bridge/lamp", { Origin: "http://evil.example" }, 403, "BAD_ORIGIN"],
    ["/bridge/lamp", { Host: "evil.example" }, 421, "BAD_HOST"],
    ["/bridge/lamp", { "Sec-WebSocket-Key": "short" }, 400, "BAD_REQUEST"],
  ])("refuses %s %j with a whole answer of status %i", async (path, headers, status, code) => {
    const socket = dial();
    const head = await socket.upgrade(path, headers);
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain("Connection: close\r\n");
    await socket.closed();
    expect(JSON.parse(socket.rest.toString())).toMatchObject({ error: { code, message: expect.any(String) } });
    expect(socket.rest.length).toBe(Number(/Content-Length: (\d+)/.exec(head)?.[1]));
  });

  it.each(["Espruino", "file://", "null", "http://127.0.0.1:8080"])("lets Origin %s in", async (origin) => {
    expect(await dial().upgrade("/bridge/lamp", { Origin: origin })).toContain(" 101 ");
  });

  it("is left alone by half a handshake and by none", async () => {
    dial().write(upgradeRequest("/bridge/half").slice(0, 60));
    dial().write("\x16\x03\x01 not HTTP at all\r\n\r\n");
    const gone = dial();
    gone.write(upgradeRequest("/bridge/gone"));
    gone.close();
    const lamp = await device("lamp");
    expect(await heardUntilNow(lamp)).toEqual([]);
  });

  it("answers a duplicate that lives with 409", async () => {
    const first = await device("lamp");
    const second = dial();
    second.write(upgradeRequest("/bridge/lamp"));
    expect((await first.frame()).opcode).toBe(9);
    first.write(clientFrame(10, "pong"));
    expect(await second.head()).toContain(" 409 ");
  });
});

describe("the first silence", () => {
  it("ends with the client's first frame", async () => {
    const quiet = dial();
    await quiet.upgrade("/bridge/quiet");
    await eventually(() => hub.hub.house.registry.get("quiet")?.presence === "online");
    const other = await device("other");
    other.write(textFrame("for quiet"));
    await heardUntilNow(other);
    expect(quiet.rest.length).toBe(0);
    quiet.write(textFrame("here I am"));
    expect((await quiet.frame()).payload.toString()).toBe("for quiet");
  });

  it("ends by itself", async () => {
    const quiet = dial();
    await quiet.upgrade("/bridge/quiet");
    await eventually(() => hub.hub.house.registry.get("quiet")?.presence === "online");
    (await device("other")).write(textFrame("for quiet"));
    expect((await quiet.frame()).payload.toString()).toBe("for quiet");
  });
});

describe("text", () => {
  it.each(["SOS", " sos!! ", "SOS!"])("%j is a heartbeat and a message to the lobby, unchanged", async (text) => {
    const [lamp, other] = [await device("lamp"), await device("other")];
    lamp.write(textFrame(text));
    expect((await other.frame()).payload.toString()).toBe(text);
    expect(hub.hub.house.registry.get("lamp")?.beats).toHaveLength(2);
  });

  it("that is an object without event is a report and a message", async () => {
    const [lamp, other] = [await device("lamp"), await device("other")];
    const text = '{"temp":21.5,"accel":{"x":1,"deep":{}},"list":[1],"t":760000000}';
    lamp.write(textFrame(text));
    expect((await other.frame()).payload.toString()).toBe(text);
    expect(hub.hub.house.registry.get("lamp")?.reported()).toEqual({ temp: 21.5, accel: { x: 1 } });
    expect(hub.hub.house.registry.get("lamp")?.state.get("temp")?.reported?.deviceTime).toBe(1_706_684_800_000);
  });

  it.each(["hello", "42", "[1,2]", '"quoted"', "grüße 🚨", "   "])("%j is a message, unchanged", async (text) => {
    const [lamp, other] = [await device("lamp"), await device("other")];
    lamp.write(textFrame(text));
    expect((await other.frame()).payload.toString()).toBe(text);
  });

  it("that would be a command goes wrapped", async () => {
    const [lamp, other] = [await device("lamp"), await device("other")];
    lamp.write(textFrame('{"event":"message","data":"{\\"event\\":\\"set\\",\\"data\\":{}}"}'));
    expect(await other.json()).toEqual({ event: "message", data: '{"event":"set","data":{}}' });
  });

  it("that a peer echoes is not relayed again", async () => {
    const [lamp, other] = [await device("lamp"), await device("other")];
    lamp.write(textFrame("ping pong"));
    const { payload } = await other.frame();
    other.write(textFrame(payload.toString()));
    await heardUntilNow(other);
    expect(await heardUntilNow(lamp)).toEqual([]);
  });

  it("of hello takes a client out of the lobby", async () => {
    const [lamp, other] = [await device("lamp"), await device("other")];
    other.write(textFrame('{"event":"hello","data":{}}'));
    await other.json();
    lamp.write(textFrame("anyone?"));
    await heardUntilNow(lamp);
    expect(await heardUntilNow(other)).toEqual([]);
  });

  it("that is empty proves life and is said to nobody", async () => {
    const [lamp, other] = [await device("lamp"), await device("other")];
    lamp.write(clientFrame(1, ""));
    await heardUntilNow(lamp);
    expect(await heardUntilNow(other)).toEqual([]);
  });

  it("leaves as ASCII", async () => {
    const lamp = await device("lamp");
    lamp.write(textFrame('{"event":"hello","data":{"name":"Größe \u{1F6A8}"}}'));
    const { payload } = await lamp.frame();
    expect(payload.every((byte) => byte < 0x80)).toBe(true);
    expect(JSON.parse(payload.toString())).toMatchObject({ data: { name: "Größe \u{1F6A8}" } });
  });

  it.each([7, "seven"])("with id %j gets exactly one answer under that id", async (id) => {
    const lamp = await device("lamp");
    lamp.write(textFrame(JSON.stringify({ event: "hello", data: {}, id })));
    lamp.write(textFrame(JSON.stringify({ event: "nonsense", id })));
    expect(await lamp.json()).toMatchObject({ ack: id, data: { id: "lamp" } });
    expect(await lamp.json()).toMatchObject({ ack: id, error: { code: "UNKNOWN_EVENT" } });
    expect(await heardUntilNow(lamp)).toEqual([]);
  });
});

describe("the end", () => {
  it("of the hub is bye and 1012, after the listener is closed", async () => {
    const lamp = await device("lamp");
    const stopped = hub.close();
    expect(await lamp.json()).toMatchObject({ event: "bye", data: { code: "SHUTDOWN" } });
    const late = dial();
    await late.closed();
    expect(late.rest.length).toBe(0);
    expect(await closeCode(lamp)).toBe(1012);
    lamp.close();
    await stopped;
  });

  it("of a client that drops without a close frame is noticed at once", async () => {
    const lamp = await device("lamp");
    lamp.close();
    await eventually(() => hub.hub.house.registry.get("lamp")?.presence === "offline");
  });

  it("comes to one that does not read, and the others do not notice", async () => {
    await hub.close();
    hub = await startHub(["--max-queued-bytes", "300000", "--no-limits"]);
    const [lamp, other] = [await device("lamp"), await device("other")];
    const deaf = await device("deaf");
    deaf.pause();
    const ten = Buffer.concat(Array.from({ length: 10 }, () => textFrame("x".repeat(4000))));
    let sent = 0;
    await eventually(() => {
      lamp.write(ten);
      sent += 10;
      return hub.hub.house.registry.get("deaf")?.presence === "offline";
    }, 20_000);
    for (let i = 0; i < sent; ) {
      const { opcode, payload } = await other.frame();
      // On a slow machine the hub pings meanwhile.
      if (opcode === 9) continue;
      expect(payload.length).toBe(4000);
      i += 1;
    }
  });
});

describe("time", () => {
  let clock: FakeClock;

  beforeEach(async () => {
    await hub.close();
    clock = fakeClock();
    hub = await startHub([], clock);
  });

  it("pings each interval, and any pong keeps the connection", async () => {
    const lamp = await device("lamp");
    for (let i = 0; i < 3; i++) {
      await clock.advance(10_000);
      const ping = await lamp.frame();
      expect(ping.opcode).toBe(9);
      expect(ping.payload.length).toBeGreaterThan(0);
      lamp.write(clientFrame(10, "pong"));
      expect(await heardUntilNow(lamp)).toEqual([]);
    }
    expect(hub.hub.house.registry.get("lamp")?.presence).toBe("online");
  });

  it("ends a peer that is silent for the time-out", async () => {
    const lamp = await device("lamp");
    await clock.advance(10_000);
    await clock.advance(10_000);
    expect((await lamp.frame()).opcode).toBe(9);
    expect(await lamp.json()).toMatchObject({ event: "bye", data: { code: "TIMEOUT" } });
    await clock.advance(1_000);
    await eventually(() => hub.hub.house.registry.get("lamp")?.reason === "silent");
  });

  it("gives the id of a silent first to the second", async () => {
    const first = await device("lamp");
    const second = dial();
    second.write(upgradeRequest("/bridge/lamp"));
    expect((await first.frame()).opcode).toBe(9);
    await clock.advance(2_000);
    expect(await second.head()).toContain(" 101 ");
    expect(await first.json()).toMatchObject({ event: "bye", data: { code: "REPLACED" } });
    expect(await closeCode(first)).toBe(4409);
    await eventually(() => hub.hub.house.registry.get("lamp")?.presence === "online");
  });
});
