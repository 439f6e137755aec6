/** Who may use `/echo`, how slowly, and how long it keeps silent (protocol 2.6, 2.9, 3.8, 3.11). */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { fakeClock } from "../../support/fake-clock.ts";
import { startHub, type TestHub } from "../../support/hub.ts";
import { clientFrame, type RawSocket, textFrame } from "../../support/raw-socket.ts";
import { Visitors } from "../../support/visitors.ts";

let hub: TestHub;
const visitors = new Visitors(() => hub);
const PONG = clientFrame(10, "pharos");

beforeEach(async () => {
  hub = await startHub();
});
afterEach(async () => {
  visitors.closeAll();
  await hub.close();
});

async function enter(headers: { readonly [name: string]: string } = {}): Promise<RawSocket> {
  const peer = visitors.dial();
  expect(await peer.upgrade("/echo", headers)).toContain("101 Switching Protocols");
  return peer;
}

/** Restarts the hub with these options, under a clock that a test turns. */
async function restart(...args: string[]): Promise<ReturnType<typeof fakeClock>> {
  await hub.close();
  const clock = fakeClock();
  hub = await startHub(args, clock);
  return clock;
}

/** A ping that comes back: the hub has taken all that was sent before. */
async function inTouch(peer: RawSocket): Promise<void> {
  peer.write(clientFrame(9, "in touch"));
  expect((await peer.frame()).payload.toString()).toBe("in touch");
}

describe("the door /echo", () => {
  it("answers a plain GET with 426", async () => {
    const response = await fetch(`${hub.url}/echo`);
    expect(response.status).toBe(426);
    expect(await response.json()).toMatchObject({ error: { code: "UPGRADE_REQUIRED" } });
  });

  it("keeps a query, and lets in nobody at a longer path", async () => {
    expect(await visitors.dial().upgrade("/echo?from=course")).toContain("101");
    expect(await visitors.dial().upgrade("/echo/more")).toContain("404");
    expect(await visitors.dial().upgrade("/echoes")).toContain("404");
  });

  it.each<[string, Record<string, string>, number]>([
    ["a foreign page", { Origin: "http://evil.example" }, 403],
    ["a foreign name of the hub", { Host: "evil.example" }, 421],
    ["a handshake without a key", { "Sec-WebSocket-Key": "" }, 400],
  ])("refuses %s with a full answer", async (_, headers, status) => {
    const peer = visitors.dial();
    const head = await peer.upgrade("/echo", headers);
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain("Connection: close");
    await peer.closed();
    expect(JSON.parse(peer.rest.toString())).toMatchObject({ error: { code: expect.any(String) } });
  });

  it("lets in the origins of devices, and the hub's own pages", async () => {
    for (const Origin of ["Espruino", "file://", "null", `http://127.0.0.1:${hub.port}`]) await enter({ Origin });
  });

  it("answers 101 plainly, under 1024 bytes", async () => {
    const head = await visitors.dial().upgrade("/echo");
    expect(head.length).toBeLessThan(1024);
    expect(head).toMatch(/\r\nConnection: Upgrade\r\n/);
  });

  it("says nothing by itself, and makes no device of its client", async () => {
    const peer = await enter();
    await inTouch(peer);
    // Longer than the hub would hold its tongue at another door (protocol 3.9).
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(peer.rest).toHaveLength(0);
    expect(hub.hub.house.registry.size).toBe(0);
  });

  it("takes commands and events of other doors for what they are here: messages", async () => {
    const peer = await enter();
    for (const text of ["SOS", "GET_TIME", '{"event":"hello","data":{"name":"x"}}', "{not json"]) {
      peer.write(textFrame(text));
      expect((await peer.frame()).payload.toString()).toBe(text);
    }
  });

  it("closes with 1012 and without bye when the hub stops, and waits for nobody's answer for long", async () => {
    const peer = await enter();
    await inTouch(peer);
    const began = performance.now();
    const stopped = hub.close();
    const { opcode, payload } = await peer.frame();
    expect([opcode, payload.readUInt16BE()]).toEqual([8, 1012]);
    await stopped;
    expect(performance.now() - began).toBeLessThan(2_500);
    hub = await startHub();
  });

  it("ends the socket without a close frame of a client that never returns after one", async () => {
    const peer = await enter({ "User-Agent": "ESP32 Websocket Client" });
    await inTouch(peer);
    await hub.close();
    await peer.closed();
    expect(peer.rest).toHaveLength(0);
    hub = await startHub();
  });
});

describe("a quiet client of /echo", () => {
  it("is pinged with a payload after the interval, and again only when it was quiet again", async () => {
    const clock = await restart("--heartbeat-interval", "10000", "--heartbeat-timeout", "4000");
    const peer = await enter();
    await inTouch(peer);
    await clock.advance(9_900);
    expect(peer.rest).toHaveLength(0);
    await clock.advance(700);
    expect(await peer.frame()).toMatchObject({ opcode: 9, payload: Buffer.from("pharos") });
    peer.write(PONG);
    await inTouch(peer);
    await clock.advance(9_900);
    expect(peer.rest).toHaveLength(0);
  });

  it("that talks is never pinged", async () => {
    const clock = await restart("--heartbeat-interval", "10000");
    const peer = await enter();
    for (let i = 0; i < 6; i++) {
      await clock.advance(6_000);
      peer.write(textFrame(`${i}`));
      expect(await peer.frame()).toMatchObject({ opcode: 1, payload: Buffer.from(`${i}`) });
    }
  });

  it("that does not answer in time is closed with 1008, and cut when it does not answer that", async () => {
    const clock = await restart("--heartbeat-interval", "10000", "--heartbeat-timeout", "4000");
    const peer = await enter();
    await inTouch(peer);
    await clock.advance(10_100);
    expect((await peer.frame()).opcode).toBe(9);
    await clock.advance(3_700);
    expect(peer.rest).toHaveLength(0);
    await clock.advance(700);
    const { opcode, payload } = await peer.frame();
    expect([opcode, payload.readUInt16BE()]).toEqual([8, 1008]);
    expect(peer.isClosed).toBe(false);
    await clock.advance(1_500);
    await peer.closed();
  });

  it("that sends one message for longer than that lives", async () => {
    const clock = await restart("--heartbeat-interval", "1000", "--heartbeat-timeout", "1000");
    const peer = await enter();
    const frame = textFrame("slowly");
    for (const octet of frame) {
      peer.write(Buffer.from([octet]));
      await new Promise((resolve) => setTimeout(resolve, 5));
      await clock.advance(900);
    }
    expect(peer.isClosed).toBe(false);
    let heard = await peer.frame();
    // An octet may be late on a busy computer: then it was quiet, and is asked.
    while (heard.opcode === 9) heard = await peer.frame();
    expect(heard).toMatchObject({ opcode: 1, payload: Buffer.from("slowly") });
  });

  it("that announced a frame and never sent it is closed", async () => {
    const clock = await restart("--heartbeat-interval", "1000", "--heartbeat-timeout", "1000");
    const peer = await enter();
    await inTouch(peer);
    peer.write(textFrame("half a frame").subarray(0, 8));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(2_200);
    expect((await peer.frame()).opcode).toBe(9);
    expect((await peer.frame()).opcode).toBe(8);
    await clock.advance(1_100);
    await peer.closed();
  });
});
