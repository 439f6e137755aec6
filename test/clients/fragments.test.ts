/** Messages in pieces at the clients that stand on a library: frames longer than its buffer, and fragments. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { ClientProcess } from "../support/client-process.ts";
import { type RawVisit, RawWebSocketServer, serverFrame, switching } from "../support/raw-websocket-server.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { ARDUINO, ESP_IDF, PYTHON_WEBSOCKET } from "./kits.ts";

const [CONTINUATION, TEXT, BINARY, PING] = [0, 1, 2, 9];

describe.each([ESP_IDF, ARDUINO, PYTHON_WEBSOCKET])("the $name", (kit) => {
  const newFolder = temporaryFolders();
  let server: RawWebSocketServer;
  let client: ClientProcess;
  let visit: RawVisit;

  beforeAll(() => kit.prepare?.(), 60_000);
  beforeEach(async () => {
    server = new RawWebSocketServer();
    const port = await server.start();
    client = kit.start({ port, id: "client-1", heartbeat: 60, reportMs: 60_000 }, newFolder());
    visit = await server.visit();
    visit.write(switching(await visit.request()));
  });
  afterEach(async () => {
    await client.end();
    server.close();
  });

  const set = (id: number, length: number): Buffer =>
    Buffer.from(`{"event":"set","id":${id},${" ".repeat(length)}"data":{"brightness":20}}`);

  async function acknowledged(id: number): Promise<void> {
    for (;;) {
      const { opcode, payload } = await visit.frame();
      if (opcode !== TEXT || !payload.includes('"ack"')) continue;
      expect(JSON.parse(payload.toString())).toEqual({ ack: id, data: { brightness: 20 } });
      return;
    }
  }

  it("puts long frames and fragments together, with a ping between them", async () => {
    visit.write(serverFrame(TEXT, set(1, 3500)));
    await acknowledged(1);
    const bytes = set(2, 3500);
    visit.write(serverFrame(TEXT, bytes.subarray(0, 1500), { fin: false }), serverFrame(PING, "between"));
    visit.write(serverFrame(CONTINUATION, bytes.subarray(1500, 1501), { fin: false }));
    visit.write(serverFrame(CONTINUATION, bytes.subarray(1501), { fin: false }), serverFrame(CONTINUATION));
    await acknowledged(2);
  });

  it("goes on after binary in fragments", async () => {
    visit.write(serverFrame(BINARY, "abc", { fin: false }), serverFrame(CONTINUATION, set(1, 0)));
    visit.write(serverFrame(TEXT, set(2, 0)));
    await acknowledged(2);
  });

  it("goes on after a message in fragments that grew too long for a board", async () => {
    visit.write(serverFrame(TEXT, "x", { fin: false }));
    for (let i = 0; i < 12; i++) visit.write(serverFrame(CONTINUATION, "x".repeat(1000), { fin: false }));
    visit.write(serverFrame(CONTINUATION, "x"), serverFrame(TEXT, set(2, 0)));
    await acknowledged(2);
  });
});
