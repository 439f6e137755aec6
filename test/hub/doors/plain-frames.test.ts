/** Frames at the plain door, byte by byte: what is faulty, and what is merely unusual (protocol 1.3, 3.5, 3.8, 3.10; RFC 6455). */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startHub, type TestHub } from "../../support/hub.ts";
import { clientFrame, textFrame } from "../../support/raw-socket.ts";
import { closeCode, heardUntilNow, Visitors } from "../../support/visitors.ts";

let hub: TestHub;
const visitors = new Visitors(() => hub);
const device = visitors.device.bind(visitors);

beforeEach(async () => {
  hub = await startHub();
});
afterEach(async () => {
  visitors.closeAll();
  await hub.close();
});

describe("faults", () => {
  it.each(["{bad", '{"event":5}', '{"event":"report","id":{}}', '{"ack":[]}', '{"event":"report","time":"x"}'])(
    "%s gets an error, and the connection goes on",
    async (text) => {
      const lamp = await device("lamp");
      lamp.write(textFrame(text));
      expect(await lamp.json()).toMatchObject({ event: "error", data: { code: "BAD_FRAME" } });
      expect(await heardUntilNow(lamp)).toEqual([]);
    },
  );

  it("of more than twenty in a minute end in bye and 1008", async () => {
    const lamp = await device("lamp");
    for (let i = 0; i < 21; i++) lamp.write(textFrame("{"));
    for (let i = 0; i < 21; i++) expect(await lamp.json()).toMatchObject({ event: "error" });
    expect(await lamp.json()).toMatchObject({ event: "bye", data: { code: "STRIKES" } });
    expect(await closeCode(lamp)).toBe(1008);
  });

  it.each([
    ["a reserved bit", clientFrame(1, "x", { rsv: 4 })],
    ["a reserved opcode", clientFrame(3, "x")],
    ["no mask", Buffer.from([0x81, 0x01, 0x78])],
    ["a fragmented ping", clientFrame(9, "x", { fin: false })],
    ["a continuation of nothing", clientFrame(0, "x")],
  ])("against RFC 6455 (%s) close without bye, and harm nobody else", async (_, bytes) => {
    const [lamp, other] = [await device("lamp"), await device("other")];
    lamp.write(bytes);
    const { opcode, payload } = await lamp.frame();
    expect([opcode, payload.readUInt16BE()]).toEqual([8, 1002]);
    await lamp.closed();
    expect(await heardUntilNow(other)).toEqual([]);
  });

  it("of UTF-8 close with 1007", async () => {
    const lamp = await device("lamp");
    lamp.write(clientFrame(1, Buffer.from([0xc0, 0xaf])));
    expect(await closeCode(lamp)).toBe(1007);
  });

  it("of 70 kB get bye before 1009", async () => {
    const lamp = await device("lamp");
    lamp.write(textFrame("x".repeat(70_000)));
    expect(await lamp.json()).toMatchObject({ event: "bye", data: { code: "TOO_BIG" } });
    expect(await closeCode(lamp)).toBe(1009);
  });

  it("of more than twice the limit close with 1009", async () => {
    const lamp = await device("lamp");
    lamp.write(textFrame("x".repeat(140_000)).subarray(0, 2000));
    expect(await closeCode(lamp)).toBe(1009);
  });

  it("of a client that never returns after a close frame end without one", async () => {
    const lamp = await device("lamp", { "User-Agent": "ESP32 Websocket Client" });
    lamp.write(textFrame("x".repeat(70_000)));
    expect(await lamp.json()).toMatchObject({ event: "bye" });
    lamp.close();
    await lamp.closed();
    expect(lamp.rest.length).toBe(0);
  });
});

describe("frames", () => {
  it("may come one byte at a time, several at once, and in fragments with a ping between", async () => {
    const [lamp, other] = [await device("lamp"), await device("other")];
    for (const byte of textFrame("slowly")) lamp.write(Buffer.from([byte]));
    lamp.write(Buffer.concat([textFrame("two"), textFrame("at once")]));
    lamp.write(clientFrame(1, "in ", { fin: false }));
    lamp.write(clientFrame(9, ""));
    lamp.write(clientFrame(0, "parts", { mask: 0x01020304 }));
    for (const text of ["slowly", "two", "at once", "in parts"]) {
      expect((await other.frame()).payload.toString()).toBe(text);
    }
    expect((await lamp.frame()).opcode).toBe(10);
  });

  it("of binary reach the plain members of the room, unchanged", async () => {
    const [lamp, other] = [await device("lamp"), await device("other")];
    lamp.write(clientFrame(2, Buffer.from([0, 255, 7])));
    expect(await other.frame()).toEqual({ opcode: 2, payload: Buffer.from([0, 255, 7]) });
    expect(await heardUntilNow(lamp)).toEqual([]);
  });

  it("over 4,096 bytes are an error to the sender and reach no small receiver", async () => {
    const [lamp, other] = [await device("lamp"), await device("other")];
    lamp.write(textFrame("x".repeat(5000)));
    expect(await lamp.json()).toMatchObject({ event: "error", data: { code: "TOO_BIG" } });
    expect(await heardUntilNow(other)).toEqual([]);
  });

  it("reach a receiver that said it takes them", async () => {
    const [lamp, other] = [await device("lamp"), await device("other")];
    other.write(textFrame('{"event":"hello","data":{"maxFrame":8192,"rooms":["lobby"]}}'));
    await other.json();
    lamp.write(textFrame("x".repeat(5000)));
    expect((await other.frame()).payload.length).toBe(5000);
  });
});
