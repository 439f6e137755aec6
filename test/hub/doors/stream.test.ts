/** Dialled devices whose bytes are a terminal's: to pages, to devices, and back (protocol 2.5). */
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { io, type Socket } from "socket.io-client";
import type { TerminalText } from "#protocol/dashboard-events.ts";
import { DOORS } from "../../support/device-client.ts";
import { eventually } from "../../support/eventually.ts";
import { startHub, type TestHub } from "../../support/hub.ts";
import { LineVisitors, type RawLine, RawServer } from "../../support/raw-line.ts";

let hub: TestHub;
let server: RawServer;
let star: RawLine;
let pages: Socket[];
const lines = new LineVisitors(() => hub.tcpPort);

beforeEach(async () => {
  server = await RawServer.start();
  pages = [];
  hub = await startHub(["--dial", `tcp://127.0.0.1:${server.port}?id=wars&mode=stream`]);
  star = await server.call();
  await eventually(() => presence() === "online");
});
afterEach(async () => {
  lines.closeAll();
  for (const page of pages) page.close();
  server.close();
  await hub.close();
});

function presence(): string | undefined {
  return hub.hub.house.registry.get("wars")?.presence;
}

interface Page {
  readonly socket: Socket;
  readonly texts: TerminalText[];
  readonly shown: () => string;
}

/** @param reads whether the page acknowledges what it gets */
async function openPage(reads = true): Promise<Page> {
  const socket = io(`${hub.url}/dashboard`, { transports: ["websocket"], forceNew: true });
  pages.push(socket);
  const texts: TerminalText[] = [];
  socket.on("update", (_: unknown, done: () => void) => done());
  socket.on("terminal", (text: TerminalText, done: () => void) => {
    texts.push(text);
    if (reads) done();
  });
  await once(socket as unknown as NodeJS.EventEmitter, "connect");
  return { socket, texts, shown: () => texts.map(({ text }) => text).join("") };
}

describe("a page", () => {
  it("is shown what comes, gathered, and first what came before", async () => {
    star.write("\x1b[2Jlong ago\r\n");
    const page = await openPage();
    await eventually(() => hub.hub.house.registry.get("wars") !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await page.socket.emitWithAck("terminal", { device: "wars" })).toEqual({ text: "\x1b[2Jlong ago\r\n" });
    for (let i = 0; i < 20; i++) star.write(`${i},`);
    await eventually(() => page.shown().endsWith("19,"));
    expect(page.shown()).toBe(Array.from({ length: 20 }, (_, i) => `${i},`).join(""));
    expect(page.texts.length).toBeLessThan(10);
    expect(page.texts.every(({ device, hasGap }) => device === "wars" && !hasGap)).toBe(true);
  });

  it("is shown whole characters wherever the bytes were split, and a mark for what is none", async () => {
    const page = await openPage();
    await page.socket.emitWithAck("terminal", { device: "wars" });
    await star.pieces(
      ...[...Buffer.from("größe 🚨")].map((byte) => Buffer.from([byte])),
      Buffer.from([0xff, 0x00, 0x21]),
    );
    await eventually(() => page.shown().endsWith("!"));
    expect(page.shown()).toBe("größe 🚨\ufffd\0!");
  });

  it("types, and the device gets it as it is", async () => {
    const page = await openPage();
    expect(await page.socket.emitWithAck("type", { device: "wars", text: "\x1b[A\r" })).toEqual({});
    await eventually(() => star.rest.toString() === "\x1b[A\r");
    expect(await page.socket.emitWithAck("type", { device: "none", text: "x" })).toMatchObject({
      error: { code: "NOT_FOUND" },
    });
    expect(await page.socket.emitWithAck("terminal", { device: "none" })).toMatchObject({
      error: { code: "NOT_FOUND" },
    });
  });

  it("that does not acknowledge misses text, and never makes the hub keep more than the last", async () => {
    const page = await openPage(false);
    await page.socket.emitWithAck("terminal", { device: "wars" });
    const other = await openPage();
    await other.socket.emitWithAck("terminal", { device: "wars" });
    for (let i = 0; i < 40; i++) {
      star.write(`${"x".repeat(10_000)}${i};`);
      await eventually(() => other.shown().endsWith(`${i};`));
    }
    expect(page.texts.length).toBe(1);
    expect(other.texts.some(({ hasGap }) => hasGap)).toBe(false);
  });

  it("is told when the device went, and that it is dialled again", async () => {
    const page = await openPage();
    await page.socket.emitWithAck("terminal", { device: "wars" });
    star.close();
    await eventually(() => presence() === "offline");
    expect(await page.socket.emitWithAck("type", { device: "wars", text: "x" })).toMatchObject({
      error: { code: "OFFLINE" },
    });
    const again = await server.call(2);
    again.write("new hope");
    await eventually(() => page.shown() === "new hope");
  });
});

describe("a device", () => {
  it.each(DOORS.filter(({ name }) => name !== "Socket.IO polling"))(
    "at the $name door gets the stream in pieces as messages of the room",
    async (door) => {
      const watcher = await door.connect(hub, "watcher");
      await watcher.ask("join", "wars");
      const text = `${"\x1b[1;1H".repeat(100)}\n${"x".repeat(3000)}end`;
      star.write(text);
      const heard = (): string[] =>
        watcher.heard.filter(([event]) => event === "message").map(([, data]) => String(data));
      await eventually(() => heard().at(-1)?.endsWith("end") === true);
      expect(heard().join("")).toBe(text);
      for (const piece of heard())
        expect(JSON.stringify({ event: "message", data: piece }).length).toBeLessThanOrEqual(1_000);
      watcher.close();
    },
  );

  it("that is busy with what it was sent misses a piece of the stream, and nothing else", async () => {
    const watcher = await lines.device("watcher");
    watcher.write('{"event":"join","data":"wars"}\n');
    await watcher.heardUntilNow();
    const other = await lines.device("other");
    other.write('{"event":"join","data":"wars"}\n');
    const bridge = [...hub.hub.io.of("/bridge").sockets.values()];
    const busy = bridge.find(({ data }) => data.id === "watcher")?.conn;
    // As when more than the high-water mark is unsent.
    Object.defineProperty(busy, "transport", { value: { name: "websocket", writable: false } });
    star.write("a piece");
    expect(await other.line()).toBe("a piece");
    other.write("a message\n");
    expect(await watcher.line()).toBe("a message");
  });
});

it("hears nothing of what is said in rooms, only what is said to it", async () => {
  (await lines.device("other")).write("to the lobby\n");
  await fetch(`${hub.url}/api/rooms/wars/messages`, { method: "POST", body: '{"text":"to the room"}' });
  const page = await openPage();
  await page.socket.emitWithAck("say", { device: "wars", text: "to you" });
  await eventually(() => star.rest.length > 0);
  expect(star.rest.toString()).toBe("to you");
});

it("that floods is read no faster than it is told", async () => {
  let told = 0;
  let most = 0;
  hub.hub.house.events.on("stream", (_, text) => {
    told += 1;
    most = Math.max(most, text.length);
  });
  const block = Buffer.alloc(1_048_576, "x");
  for (let i = 0; i < 60; i++) star.write(block);
  await eventually(() => told > 10);
  // What makes it too much was read at once, and is at most as much again.
  expect(most).toBeLessThanOrEqual(2 * 65_536);
  const other = await lines.device("other");
  expect(await other.heardUntilNow()).toEqual([]);
});
