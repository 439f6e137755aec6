/** The client's waits and deadlines, on the stand-in: its clock is the test's. */
import { afterEach, describe, expect, it } from "@jest/globals";
import { buildClient, clientConfig, startStandIn } from "../support/espruino.ts";
import { eventually } from "../support/eventually.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";
import { type PlainHub, startPlainHub } from "../support/plain-hub.ts";
import { type RawServer, startRawServer } from "../support/raw-websocket.ts";

const client = buildClient();
const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
});

function board(port: number, more: object = {}): ReturnType<typeof startStandIn> & { clock: FakeClock } {
  const clock = fakeClock();
  const started = startStandIn(client, clientConfig(port, { heartbeat: 5, ...more }), clock);
  opened.push(started);
  return { ...started, clock };
}

async function plainHub(): Promise<PlainHub> {
  const hub = await startPlainHub();
  opened.push(hub);
  return hub;
}

async function rawServer(): Promise<RawServer> {
  const server = await startRawServer();
  opened.push(server);
  return server;
}

/** Turns the hands in steps of 200 ms, with real time between them for the network, until `condition` holds. */
async function until(clock: FakeClock, condition: () => boolean): Promise<void> {
  await eventually(async () => {
    if (!condition()) await clock.advance(200);
    return condition();
  });
}

/** The pauses that the board announced, ms. */
const pauses = (lines: readonly string[]): number[] =>
  lines.flatMap((line) => /next try in (\d+) ms/.exec(line)?.[1] ?? []).map(Number);

describe("the ESP32 client in time", () => {
  it("gives up a handshake that is never answered after 4 s, and tries again", async () => {
    const server = await rawServer();
    const { clock, lines, saw } = board(server.port);
    await clock.advance(60);
    const peer = await server.peer();
    await clock.advance(3900);
    expect(pauses(lines)).toEqual([]);
    await clock.advance(100);
    await saw(/no answer; next try/);
    await eventually(() => peer.isClosed());
    await clock.advance(1000);
    await server.peer(2);
  });

  it("reads from the refusal why it was refused, and waits long after 401 and 409", async () => {
    const server = await rawServer();
    const { clock, lines, saw } = board(server.port);
    await clock.advance(60);
    (await server.peer()).write("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    await saw(/refused with 503/);
    await clock.advance(1000);
    (await server.peer(2)).write("HTTP/1.1 401 Unauthorized\r\n\r\n");
    await saw(/refused with 401/);
    expect(pauses(lines)[0]).toBeLessThanOrEqual(1000);
    expect(pauses(lines)[1]).toBeGreaterThanOrEqual(30_000);
  });

  it("takes a hub that says nothing for 40 s for gone", async () => {
    const server = await rawServer();
    const { clock, lines, saw } = board(server.port);
    await clock.advance(60);
    const peer = await server.peer();
    peer.accept();
    await saw(/Hub: connected/);
    await clock.advance(39_900);
    expect(pauses(lines)).toEqual([]);
    await clock.advance(200);
    await saw(/no answer; next try/);
    await eventually(() => peer.isClosed());
  });

  it("takes the answers to its own pings for life", async () => {
    const hub = await plainHub();
    const { clock, lines } = board(hub.port);
    await clock.advance(60);
    await hub.greeted();
    for (let i = 0; i < 12; i++) {
      await clock.advance(10_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(pauses(lines)).toEqual([]);
  });

  it("doubles its pause to 30 s with jitter, and starts again at 1 s once it was welcome", async () => {
    const hub = await plainHub();
    await hub.close();
    const { clock, lines } = board(hub.port);
    for (let i = 0; i < 8; i++) await clock.advance(31_000);
    const waited = pauses(lines);
    for (const [i, step] of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].entries()) {
      expect(waited[i]).toBeGreaterThanOrEqual(step / 2);
      expect(waited[i]).toBeLessThanOrEqual(step);
    }
    const again = await startPlainHub(hub.port);
    opened.push(again);
    await until(clock, () => again.heard.includes("SOS"));
    const before = pauses(lines).length;
    again.drop(1012);
    await eventually(() => pauses(lines).length > before);
    expect(pauses(lines).at(-1)).toBeLessThanOrEqual(1000);
  });

  it("does not start again at 1 s for a hub that accepts and never welcomes", async () => {
    const hub = await plainHub();
    hub.welcomes = false;
    const { clock, lines } = board(hub.port);
    for (let n = 1; n <= 4; n++) {
      await until(clock, () => hub.heard.filter((text) => text === "SOS").length === n);
      hub.drop(1008);
      await eventually(() => pauses(lines).length === n);
    }
    expect(pauses(lines)[3]).toBeGreaterThanOrEqual(4000);
  });

  it.each(["DUPLICATE", "UNAUTHORIZED"])("waits at least half a minute after a bye with %s", async (code) => {
    const hub = await plainHub();
    const { clock, lines, saw } = board(hub.port);
    await clock.advance(60);
    await hub.greeted();
    hub.event("bye", { code, message: "Mend it." });
    hub.drop(1008);
    await saw(/next try/);
    expect(lines.join("\n")).toContain(`bye: {"code":"${code}"`);
    expect(pauses(lines)[0]).toBeGreaterThanOrEqual(30_000);
  });

  it("waits otherwise than its neighbour", async () => {
    const hub = await plainHub();
    await hub.close();
    const first = board(hub.port, { id: "esp32-1" });
    const second = board(hub.port, { id: "esp32-2" });
    await first.clock.advance(200);
    await second.clock.advance(200);
    expect(pauses(first.lines)[0]).toBeGreaterThan(0);
    expect(pauses(first.lines)[0]).not.toBe(pauses(second.lines)[0]);
  });

  it("joins again by its own timer when the access point was missing, and connects", async () => {
    const hub = await plainHub();
    const { clock, lines, wifi } = board(hub.port);
    wifi.lose();
    await clock.advance(45_000);
    expect(lines.filter((line) => line === "Wi-Fi: joining bench")).toHaveLength(3);
    expect(hub.paths).toEqual([]);
    wifi.restore();
    await until(clock, () => hub.paths.length === 1);
  });

  it("joins again when the Wi-Fi drops, and knocks at no hub meanwhile", async () => {
    const hub = await plainHub();
    const { clock, lines, wifi } = board(hub.port);
    await clock.advance(60);
    await hub.greeted();
    wifi.lose();
    await clock.advance(60_000);
    expect(lines.filter((line) => line.startsWith("Hub: connecting"))).toHaveLength(1);
    wifi.restore();
    await until(clock, () => hub.paths.length === 2);
  });

  it("beats every 5 s, with vitals once a minute", async () => {
    const hub = await plainHub();
    const { clock } = board(hub.port);
    await until(clock, () => hub.heard.includes("SOS"));
    for (let n = 3; n <= 26; n++) {
      expect(hub.heard).toHaveLength(n - 1);
      await clock.advance(5000);
      await eventually(() => hub.heard.length >= n);
    }
    const beats = hub.heard.slice(1);
    expect(beats.flatMap((text, i) => (text === "SOS" ? [] : i))).toEqual([1, 13]);
  });
});
