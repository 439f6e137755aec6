/**
 * RFC 6455 at `/echo`, octet by octet (protocol 2.6): telling cases of the Autobahn test suite, whose numbers stand in brackets.
 * Each starts on a fresh connection; one that the hub is to end must be ended by a close frame with this code and nothing after it.
 */
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { WebSocket } from "ws";
import { startHub, type TestHub } from "../../support/hub.ts";
import { clientFrame, type RawFrame, RawSocket, textFrame, upgradeRequest } from "../../support/raw-socket.ts";

const OP = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };
const MASK = 0x37fa213d;
const PART = { fin: false, mask: MASK };

let hub: TestHub;
let socket: RawSocket | null = null;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
afterEach(() => socket?.close());

async function open(headers: { readonly [name: string]: string } = {}): Promise<RawSocket> {
  socket = new RawSocket(hub.port);
  expect(await socket.upgrade("/echo", headers)).toContain("101 Switching Protocols");
  return socket;
}

async function frames(from: RawSocket, count: number): Promise<Array<[number, string]>> {
  const taken: Array<[number, string]> = [];
  while (taken.length < count) taken.push(shown(await from.frame()));
  return taken;
}

function shown({ opcode, payload }: RawFrame): [number, string] {
  return [opcode, opcode === OP.binary ? payload.toString("hex") : payload.toString()];
}

/** The connection ends with this code, at once, and says nothing else. */
async function expectEnd(of: RawSocket, code: number): Promise<void> {
  const { opcode, payload } = await of.frame();
  expect([opcode, payload.length >= 2 ? payload.readUInt16BE() : null]).toEqual([OP.close, code]);
  of.write(clientFrame(OP.close, payload.subarray(0, 2)));
  await of.closed();
  expect(of.rest).toHaveLength(0);
}

function close(code: number | null, reason: string | Buffer = ""): Buffer {
  const head = Buffer.alloc(code === null ? 0 : 2);
  if (code !== null) head.writeUInt16BE(code);
  return clientFrame(OP.close, Buffer.concat([head, Buffer.from(reason)]), { mask: MASK });
}

describe("a message comes back as it came", () => {
  it.each([
    ["empty [1.1.1]", 0],
    ["of 125 bytes [1.1.2]", 125],
    ["of 126 bytes [1.1.3]", 126],
    ["of 127 bytes [1.1.4]", 127],
    ["of 65535 bytes [1.1.6]", 65_535],
    ["of 65536 bytes, the limit [1.1.7]", 65_536],
  ])("text %s, and binary", async (_, length) => {
    const peer = await open();
    peer.write(clientFrame(OP.text, Buffer.alloc(length, "*"), { mask: MASK }));
    peer.write(clientFrame(OP.binary, Buffer.alloc(length, 0xfe), { mask: MASK }));
    const [text, binary] = [await peer.frame(), await peer.frame()];
    expect([text.opcode, text.payload.equals(Buffer.alloc(length, "*"))]).toEqual([OP.text, true]);
    expect([binary.opcode, binary.payload.equals(Buffer.alloc(length, 0xfe))]).toEqual([OP.binary, true]);
  });

  it("that was sent one octet at a time [1.1.8, 6.1]", async () => {
    const peer = await open();
    for (const octet of clientFrame(OP.text, "Hëllo-µ@ßöä€🙂", { mask: MASK })) {
      peer.write(Buffer.from([octet]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await frames(peer, 1)).toEqual([[OP.text, "Hëllo-µ@ßöä€🙂"]]);
  });

  it("each of many in one write, in their order", async () => {
    const peer = await open();
    const texts = Array.from({ length: 200 }, (_, i) => `message ${i}`);
    peer.write(Buffer.concat(texts.map((text) => clientFrame(OP.text, text, { mask: MASK }))));
    expect(await frames(peer, 200)).toEqual(texts.map((text) => [OP.text, text]));
  });

  it("in the same write as the handshake", async () => {
    socket = new RawSocket(hub.port);
    socket.write(Buffer.concat([Buffer.from(upgradeRequest("/echo")), textFrame("early")]));
    expect(await socket.head()).toContain("101");
    expect(await frames(socket, 1)).toEqual([[OP.text, "early"]]);
  });

  it("in one frame when it was sent in fragments, empty ones among them [5.3, 6.1.3]", async () => {
    const peer = await open();
    peer.write(clientFrame(OP.text, "", PART));
    peer.write(clientFrame(OP.continuation, "frag", PART));
    peer.write(clientFrame(OP.continuation, "", PART));
    peer.write(clientFrame(OP.continuation, "ment", { mask: MASK }));
    expect(await frames(peer, 1)).toEqual([[OP.text, "fragment"]]);
  });

  it("when its characters are cut by the ends of fragments [6.2.3]", async () => {
    const peer = await open();
    for (const [i, octet] of [...Buffer.from("κόσμε")].entries()) {
      peer.write(clientFrame(i === 0 ? OP.text : OP.continuation, Buffer.from([octet]), PART));
    }
    peer.write(clientFrame(OP.continuation, "", { mask: MASK }));
    expect(await frames(peer, 1)).toEqual([[OP.text, "κόσμε"]]);
  });
});

describe("a control frame", () => {
  it("is answered between the fragments of a message [5.6, 5.7]", async () => {
    const peer = await open();
    peer.write(clientFrame(OP.text, "frag", PART));
    peer.write(clientFrame(OP.ping, "in between", { mask: MASK }));
    expect(await frames(peer, 1)).toEqual([[OP.pong, "in between"]]);
    peer.write(clientFrame(OP.continuation, "ment", { mask: MASK }));
    expect(await frames(peer, 1)).toEqual([[OP.text, "fragment"]]);
  });

  it.each([
    ["no payload [2.1]", ""],
    ["binary [2.3]", Buffer.from("00fffefdfcfb00ff", "hex")],
    ["125 bytes [2.4]", Buffer.alloc(125, 0xfe)],
  ])("with %s: a ping is answered by a pong with the same", async (_, payload) => {
    const peer = await open();
    peer.write(clientFrame(OP.ping, payload, { mask: MASK }));
    const pong = await peer.frame();
    expect([pong.opcode, pong.payload.toString("hex")]).toEqual([OP.pong, Buffer.from(payload).toString("hex")]);
  });

  it("that is an unasked pong is passed over [2.7, 2.8]", async () => {
    const peer = await open();
    peer.write(Buffer.concat([clientFrame(OP.pong, ""), clientFrame(OP.pong, "unasked"), clientFrame(OP.ping, "x")]));
    expect(await frames(peer, 1)).toEqual([[OP.pong, "x"]]);
  });

  it("that comes ten times is answered ten times [2.10]", async () => {
    const peer = await open();
    peer.write(Buffer.concat(Array.from({ length: 10 }, (_, i) => clientFrame(OP.ping, `ping ${i}`))));
    expect(await frames(peer, 10)).toEqual(Array.from({ length: 10 }, (_, i) => [OP.pong, `ping ${i}`]));
  });

  it.each([
    ["of more than 125 bytes [2.5]", clientFrame(OP.ping, Buffer.alloc(126, 0xfe))],
    ["in fragments [5.1]", Buffer.concat([clientFrame(OP.ping, "fr", PART), clientFrame(OP.continuation, "ag")])],
    [
      "a pong in fragments [5.2]",
      Buffer.concat([clientFrame(OP.pong, "fr", PART), clientFrame(OP.continuation, "ag")]),
    ],
    ["a close of more than 125 bytes [7.3.6]", close(1000, Buffer.alloc(124, "*"))],
  ])("%s ends the connection with 1002", async (_, bytes) => {
    const peer = await open();
    peer.write(bytes);
    await expectEnd(peer, 1002);
  });
});

describe("a breach of framing ends the connection with 1002", () => {
  it.each([
    ["reserved bit 3 [3.1]", clientFrame(OP.text, "x", { rsv: 1 })],
    ["reserved bit 2 [3.3]", clientFrame(OP.text, "x", { rsv: 2 })],
    ["reserved bit 1, which is compression when it was agreed [3.5]", clientFrame(OP.text, "x", { rsv: 4 })],
    ["reserved bits on a ping [3.6]", clientFrame(OP.ping, "x", { rsv: 6 })],
    ["reserved bits on a close [3.7]", clientFrame(OP.close, "", { rsv: 7 })],
    ["opcode 3 [4.1.1]", clientFrame(3, "")],
    ["opcode 7 with payload [4.1.5]", clientFrame(7, "x")],
    ["opcode 11 [4.2.1]", clientFrame(11, "")],
    ["opcode 15 with payload [4.2.5]", clientFrame(15, "x")],
    ["a continuation with nothing to continue [5.9]", clientFrame(OP.continuation, "x", { fin: true })],
    ["a first fragment that is a continuation [5.12]", clientFrame(OP.continuation, "x", PART)],
    [
      "a new message in the middle of one [5.18]",
      Buffer.concat([clientFrame(OP.text, "a", PART), clientFrame(OP.text, "b")]),
    ],
    ["a frame without a mask (RFC 6455, 5.1)", Buffer.from([0x81, 2, 0x68, 0x69])],
  ])("%s", async (_, bytes) => {
    const peer = await open();
    peer.write(bytes);
    await expectEnd(peer, 1002);
  });

  it("after the messages before it came back [3.2, 4.1.3]", async () => {
    const peer = await open();
    peer.write(
      Buffer.concat([textFrame("before"), clientFrame(OP.ping, "p"), clientFrame(5, "x"), textFrame("after")]),
    );
    expect(await frames(peer, 2)).toEqual([
      [OP.text, "before"],
      [OP.pong, "p"],
    ]);
    await expectEnd(peer, 1002);
  });
});

describe("a close frame", () => {
  it.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999])(
    "with code %i is answered with the same code, and the hub ends the connection [7.7]",
    async (code) => {
      const peer = await open();
      peer.write(close(code, "see you"));
      const { opcode, payload } = await peer.frame();
      expect([opcode, payload.readUInt16BE()]).toEqual([OP.close, code]);
      await peer.closed();
    },
  );

  it.each([0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])(
    "with code %i is answered with 1002 [7.9, 7.13]",
    async (code) => {
      const peer = await open();
      peer.write(close(code));
      await expectEnd(peer, 1002);
    },
  );

  it("without a code is answered, and the hub ends the connection [7.3.1]", async () => {
    const peer = await open();
    peer.write(close(null));
    expect((await peer.frame()).opcode).toBe(OP.close);
    await peer.closed();
  });

  it("with half a code is answered with 1002 [7.3.2]", async () => {
    const peer = await open();
    peer.write(clientFrame(OP.close, "x"));
    await expectEnd(peer, 1002);
  });

  it("may carry 123 bytes of reason [7.3.5], which are text [7.5.1]", async () => {
    const peer = await open();
    peer.write(close(1000, "*".repeat(123)));
    expect((await peer.frame()).payload.readUInt16BE()).toBe(1000);
    await peer.closed();
    const other = await open();
    other.write(close(1000, Buffer.from("cebae1bdb9cf83cebcceb5eda080", "hex")));
    await expectEnd(other, 1007);
  });

  it("is the last word: what follows is not answered [7.1.2, 7.1.3, 7.1.4]", async () => {
    const peer = await open();
    peer.write(Buffer.concat([close(1000), close(1000), clientFrame(OP.ping, "late"), textFrame("late")]));
    expect((await peer.frame()).opcode).toBe(OP.close);
    await peer.closed();
    expect(peer.rest).toHaveLength(0);
  });

  it("in the middle of a message ends it unanswered [7.1.5]", async () => {
    const peer = await open();
    peer.write(Buffer.concat([clientFrame(OP.text, "frag", PART), close(1000)]));
    expect((await peer.frame()).payload.readUInt16BE()).toBe(1000);
    await peer.closed();
  });
});

describe("the limit of 64 KiB", () => {
  it.each([
    ["in one frame", Buffer.concat([clientFrame(OP.binary, Buffer.alloc(65_537))])],
    ["in fragments", Buffer.concat([clientFrame(OP.text, Buffer.alloc(65_536, "a"), PART), clientFrame(0, "b")])],
  ])("is passed by one byte %s: 1009, and the reason is not lost on one that still sends", async (_, bytes) => {
    const peer = await open();
    peer.write(bytes);
    await expectEnd(peer, 1009);
  });

  it.each([
    ["1 GiB", Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0])],
    [
      "more than a number can count",
      Buffer.from([0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
    ],
  ])("is enforced as soon as a frame announces %s", async (_, head) => {
    const peer = await open();
    peer.write(head);
    await expectEnd(peer, 1009);
  });

  it("may be 16 MiB, as a test suite wants it, in one frame or in 65536 small ones [9.1.6, 9.3.1]", async () => {
    const large = await startHub(["--max-message-size", "16777216"]);
    const ws = new WebSocket(`ws://127.0.0.1:${large.port}/echo`, { perMessageDeflate: false });
    await once(ws, "open");
    const answer = async (): Promise<number> =>
      (((await once(ws, "message")) as [Buffer])[0] ?? Buffer.alloc(0)).length;
    ws.send("*".repeat(16_777_216));
    expect(await answer()).toBe(16_777_216);
    const part = Buffer.alloc(64, 0xfe);
    for (let i = 1; i <= 65_536; i++) ws.send(part, { binary: true, fin: i === 65_536 });
    expect(await answer()).toBe(4_194_304);
    ws.terminate();
    await large.close();
  });

  it("is another when it was set", async () => {
    const small = await startHub(["--max-message-size", "1000"]);
    socket = new RawSocket(small.port);
    await socket.upgrade("/echo");
    socket.write(clientFrame(OP.text, "a".repeat(1000)));
    expect((await socket.frame()).payload).toHaveLength(1000);
    socket.write(clientFrame(OP.text, "a".repeat(1001)));
    await expectEnd(socket, 1009);
    await small.close();
  });
});

describe("compression", () => {
  it("is not agreed to, whatever is offered [12, 13]", async () => {
    socket = new RawSocket(hub.port);
    const offer = "permessage-deflate; client_max_window_bits, permessage-deflate";
    expect(await socket.upgrade("/echo", { "Sec-WebSocket-Extensions": offer })).not.toMatch(/extensions/i);
    socket.write(textFrame("x".repeat(1000)));
    expect(await frames(socket, 1)).toEqual([[OP.text, "x".repeat(1000)]]);
  });
});
