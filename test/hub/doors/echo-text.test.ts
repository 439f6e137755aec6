/** Text at `/echo` is found invalid at its first invalid octet, not at its end (protocol 2.6; Autobahn's cases 6 "fail fast"). */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { startHub, type TestHub } from "../../support/hub.ts";
import { clientFrame, RawSocket, textFrame } from "../../support/raw-socket.ts";

const MASK = 0x0a0b0c0d;
const PART = { fin: false, mask: MASK };
/** "κόσμε", the code point beyond the last, "edited": of Autobahn's 6.3 and 6.4. */
const GOOD = "cebae1bdb9cf83cebcceb5";
const BEYOND = "f4908080";
const EDITED = "656469746564";

let hub: TestHub;
let socket: RawSocket;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
afterEach(() => socket.close());

async function open(): Promise<RawSocket> {
  socket = new RawSocket(hub.port);
  await socket.upgrade("/echo");
  return socket;
}

/** Ended with 1007, by the hub, though the message is not whole. */
async function expectInvalid(): Promise<void> {
  const { opcode, payload } = await socket.frame();
  expect([opcode, payload.readUInt16BE()]).toEqual([8, 1007]);
  await socket.closed();
  expect(socket.rest).toHaveLength(0);
}

/** The hub has taken all that was sent, and has nothing to say. */
async function expectSilence(): Promise<void> {
  socket.write(clientFrame(9, "?"));
  expect(await socket.frame()).toMatchObject({ opcode: 10, payload: Buffer.from("?") });
}

it("in a later fragment, before the message ends [6.4.1]", async () => {
  await open();
  socket.write(clientFrame(1, Buffer.from(GOOD, "hex"), PART));
  await expectSilence();
  socket.write(clientFrame(0, Buffer.from(BEYOND, "hex"), PART));
  await expectInvalid();
});

it("at the octet that no character can have there, in a fragment that still looks possible [6.4.2]", async () => {
  await open();
  socket.write(clientFrame(1, Buffer.from(`${GOOD}f4`, "hex"), PART));
  await expectSilence();
  socket.write(clientFrame(0, Buffer.from("90", "hex"), PART));
  await expectInvalid();
});

it("in the middle of a frame, while the rest of it is missing [6.4.3, 6.4.4]", async () => {
  await open();
  const frame = clientFrame(1, Buffer.from(GOOD + BEYOND + EDITED, "hex"), { mask: MASK });
  // Head, mask, the good text and the first octet of the bad one; then, alone, the octet that spoils it.
  const cut = frame.length - EDITED.length / 2 - BEYOND.length / 2 + 1;
  socket.write(frame.subarray(0, cut));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(socket.rest).toHaveLength(0);
  socket.write(frame.subarray(cut, cut + 1));
  await expectInvalid();
});

it("after what came before it in the same write was answered", async () => {
  await open();
  const bad = clientFrame(1, Buffer.from("61ff", "hex"), PART);
  socket.write(Buffer.concat([textFrame("one"), clientFrame(9, "two"), clientFrame(10, "-"), textFrame("three"), bad]));
  expect((await socket.frame()).payload.toString()).toBe("one");
  expect((await socket.frame()).payload.toString()).toBe("two");
  expect((await socket.frame()).payload.toString()).toBe("three");
  await expectInvalid();
});

describe("a whole message", () => {
  it.each([
    ["a lone continuation octet [6.6.2]", "80"],
    ["a character that is cut at the end [6.6.1]", "ce"],
    ["a character cut by the next [6.16]", "c220"],
    ["an overlong slash [6.18.1]", "c0af"],
    ["an overlong slash of three octets [6.18.2]", "e080af"],
    ["an overlong slash of four octets [6.18.3]", "f08080af"],
    ["half a surrogate pair [6.20.1]", "eda080"],
    ["a surrogate pair [6.21.1]", "eda080edb080"],
    ["more than the last code point [6.3.1]", GOOD + BEYOND + EDITED],
    ["five octets [6.10]", "f888808080"],
    ["the octet FF [6.14]", "ff"],
  ])("with %s ends with 1007", async (_, hex) => {
    await open();
    socket.write(clientFrame(1, Buffer.from(hex, "hex"), { mask: MASK }));
    await expectInvalid();
  });

  it.each([
    ["the last code point [6.9]", "f48fbfbf"],
    ["what lies beside the surrogates [6.9]", "ed9fbfee8080"],
    ["non-characters [6.22]", "efbfbeefbfbff09fbfbe"],
    ["the replacement character", "efbfbd"],
    ["a byte-order mark and a NUL", "efbbbf0061"],
  ])("with %s comes back unchanged", async (_, hex) => {
    await open();
    socket.write(clientFrame(1, Buffer.from(hex, "hex"), { mask: MASK }));
    const { opcode, payload } = await socket.frame();
    expect([opcode, payload.toString("hex")]).toEqual([1, hex]);
  });

  it("of binary may hold any octets, in any fragments", async () => {
    await open();
    socket.write(clientFrame(2, Buffer.from("ff80", "hex"), PART));
    socket.write(clientFrame(0, Buffer.from("c0af", "hex"), { mask: MASK }));
    const { opcode, payload } = await socket.frame();
    expect([opcode, payload.toString("hex")]).toEqual([2, "ff80c0af"]);
  });
});
