/** The WebSocket client of the MicroPython client against raw bytes: every way a server or a slow link may put them. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { ClientProcess } from "../../support/client-process.ts";
import { type RawVisit, RawWebSocketServer, serverFrame, switching } from "../../support/raw-websocket-server.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { interpreters, micropythonBoard } from "../kits.ts";

const [TEXT, BINARY, CLOSE, PING, PONG] = [1, 2, 8, 9, 10];
const SET = '{"event":"set","id":1,"data":{"brightness":20}}';

describe.each(interpreters())("the WebSocket of the MicroPython client, $name", (interpreter) => {
  const newFolder = temporaryFolders();
  let server: RawWebSocketServer;
  let client: ClientProcess;

  beforeEach(async () => {
    server = new RawWebSocketServer();
    const folder = newFolder();
    const port = await server.start();
    micropythonBoard(folder, { port, id: "esp32-1", heartbeat: 60, reportMs: 60_000 });
    client = interpreter.run(folder, "main");
  });
  afterEach(async () => {
    await client.end();
    server.close();
  });

  /** A visit whose hello has been taken. */
  async function enter(n = 1): Promise<RawVisit> {
    const visit = await server.visit(n);
    visit.write(switching(await visit.request()));
    await visit.frame();
    return visit;
  }

  /** It still understands: the frame is one of those to come. */
  async function obeys(visit: RawVisit): Promise<void> {
    visit.write(serverFrame(TEXT, SET));
    await answers(visit);
  }

  async function answers(visit: RawVisit): Promise<void> {
    for (;;) {
      const { opcode, payload } = await visit.frame();
      if (opcode !== TEXT || !payload.includes('"ack"')) continue;
      expect(JSON.parse(payload.toString())).toEqual({ ack: 1, data: { brightness: 20 } });
      return;
    }
  }

  it("asks by the book, and masks each frame with another key", async () => {
    const visit = await server.visit();
    const request = await visit.request();
    expect(request).toMatch(/^GET \/bridge\/esp32-1 HTTP\/1\.1\r\n/);
    for (const line of ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]) {
      expect(request).toContain(`\r\n${line}\r\n`);
    }
    expect(Buffer.from(/Key: (.*)\r/.exec(request)?.[1] ?? "", "base64")).toHaveLength(16);
    visit.write(switching(request));
    const hello = await visit.frame();
    expect(JSON.parse(hello.payload.toString())).toMatchObject({ event: "hello" });
    visit.write(serverFrame(PING, "a"), serverFrame(PING, "b"));
    const masks = [hello.mask, (await visit.frame()).mask, (await visit.frame()).mask].map((mask) =>
      mask.toString("hex"),
    );
    expect(new Set(masks).size).toBe(3);
  });

  it("takes an answer and frames that come byte by byte", async () => {
    const visit = await server.visit();
    await visit.drip(Buffer.from(switching(await visit.request())));
    await visit.frame();
    await visit.drip(serverFrame(TEXT, SET));
    await answers(visit);
  });

  it("takes frames that come together with the answer, and several at once", async () => {
    const visit = await server.visit();
    visit.write(
      switching(await visit.request()),
      serverFrame(PING, "x"),
      serverFrame(TEXT, "hi"),
      serverFrame(TEXT, SET),
    );
    await answers(visit);
    await client.saw(/^< hi$/);
  });

  it("takes empty frames of every kind, and answers a ping with its payload", async () => {
    const visit = await enter();
    visit.write(
      serverFrame(TEXT),
      serverFrame(BINARY),
      serverFrame(PONG),
      serverFrame(PING),
      serverFrame(PING, "12345"),
    );
    expect(await visit.frame()).toMatchObject({ opcode: PONG, payload: Buffer.alloc(0) });
    expect(await visit.frame()).toMatchObject({ opcode: PONG, payload: Buffer.from("12345") });
    await obeys(visit);
  });

  it("puts fragments together, with pings between them and characters split", async () => {
    const visit = await enter();
    const text = Buffer.from("größe");
    visit.write(serverFrame(TEXT, text.subarray(0, 3), { fin: false }), serverFrame(PING, "between"));
    expect(await visit.frame()).toMatchObject({ opcode: PONG, payload: Buffer.from("between") });
    visit.write(serverFrame(0, "", { fin: false }), serverFrame(0, text.subarray(3)));
    await client.saw(/^< größe$/);
    const bytes = Buffer.from(SET);
    visit.write(serverFrame(TEXT, "", { fin: false }), serverFrame(0, bytes.subarray(0, 10), { fin: false }));
    visit.write(serverFrame(0, bytes.subarray(10), { fin: false }), serverFrame(0));
    await answers(visit);
  });

  it("takes a message of 8,192 bytes", async () => {
    const visit = await enter();
    visit.write(serverFrame(TEXT, SET.replace("{", `{${" ".repeat(8192 - SET.length)}`)));
    await answers(visit);
  });

  it("reads past messages that are too long for it, whole or in fragments", async () => {
    const visit = await enter();
    visit.write(serverFrame(TEXT, "x".repeat(8193)), serverFrame(TEXT, "y".repeat(70_000)));
    for (let i = 0; i < 10; i++) visit.write(serverFrame(i === 0 ? TEXT : 0, "z".repeat(1000), { fin: false }));
    visit.write(serverFrame(0, "end"));
    await obeys(visit);
    expect(client.console).not.toMatch(/xxx|yyy|zzz/);
  });

  it("passes over binary", async () => {
    const visit = await enter();
    visit.write(serverFrame(BINARY, Buffer.from([0, 255, 123, 125])));
    await obeys(visit);
  });

  it.each([
    ["a reserved bit", serverFrame(TEXT, "x", { rsv: 4 }), 1002],
    ["an unknown opcode", serverFrame(3, "x"), 1002],
    ["a masked frame", serverFrame(TEXT, "x", { masked: true }), 1002],
    ["a continuation of nothing", serverFrame(0, "x"), 1002],
    [
      "a message inside a message",
      Buffer.concat([serverFrame(TEXT, "x", { fin: false }), serverFrame(TEXT, "y")]),
      1002,
    ],
    ["a ping in fragments", serverFrame(PING, "x", { fin: false }), 1002],
    ["a ping that is too long", serverFrame(PING, "x".repeat(126)), 1002],
    ["text that is not UTF-8", serverFrame(TEXT, Buffer.from([0xc3, 0x28])), 1007],
  ])("ends the connection after %s", async (_name, bytes, code) => {
    const visit = await enter();
    visit.write(bytes);
    const { opcode, payload } = await visit.frame();
    expect([opcode, payload.readUInt16BE()]).toEqual([CLOSE, code]);
    await visit.closed();
  });

  it("comes back after it ended the connection", async () => {
    (await enter()).write(serverFrame(3));
    await obeys(await enter(2));
  });

  it.each([
    ["with a code and a reason", Buffer.concat([Buffer.from([0x03, 0xf4]), Buffer.from("restart")])],
    ["without a code", Buffer.alloc(0)],
  ])(
    "answers a close frame %s, and comes back",
    async (_name, payload) => {
      const visit = await enter();
      visit.write(serverFrame(CLOSE, payload));
      expect(await visit.frame()).toMatchObject({ opcode: CLOSE, payload: payload.subarray(0, 2) });
      await visit.closed();
      await obeys(await enter(2));
    },
    12_000,
  );

  it.each([
    ["a refusal", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"],
    ["half an answer", "HTTP/1.1 101 Switching Pro"],
    ["no answer at all", ""],
    ["something that is no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n"],
    ["an endless head", `HTTP/1.1 101 Switching Protocols\r\n${"X-Padding: 0123456789\r\n".repeat(200)}`],
  ])(
    "comes back after %s and the end of the connection",
    async (_name, answer) => {
      const visit = await server.visit();
      await visit.request();
      visit.write(answer);
      visit.close();
      await obeys(await enter(2));
    },
    12_000,
  );

  it("stays away for about a minute when it is refused for its token or its id", async () => {
    const visit = await server.visit();
    await visit.request();
    visit.write("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n");
    visit.close();
    await client.saw(/refused with 401; next try in [345]\d{4} ms/);
  });
});
