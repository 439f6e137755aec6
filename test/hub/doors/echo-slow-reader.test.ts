/** Flow control at `/echo` (protocol 2.6): the hub reads a client no faster than it reads, so one that never reads costs it little. */
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { eventually } from "../../support/eventually.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { startHub, type TestHub } from "../../support/hub.ts";
import { clientFrame, upgradeRequest } from "../../support/raw-socket.ts";

/** More than the operating system keeps between two sockets, both ways. */
const TOTAL = 20_000_000;

let hub: TestHub;
let socket: Socket;

beforeEach(async () => {
  hub = await startHub();
});
afterEach(async () => {
  socket.destroy();
  await hub.close();
});

/** A client that has read nothing but the handshake's answer. */
async function enter(): Promise<void> {
  socket = connect(hub.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(upgradeRequest("/echo"));
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
}

/** Bytes that left the client, once no more have left for a while. */
async function taken(): Promise<number> {
  let left = -1;
  for (let quiet = 0; quiet < 8; quiet++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = socket.bytesWritten - socket.writableLength;
    if (now !== left) quiet = 0;
    left = now;
  }
  return left;
}

it.each([
  ["messages", clientFrame(2, Buffer.alloc(60_000, 1)), 60_004],
  ["pings", Buffer.concat(Array.from({ length: 500 }, () => clientFrame(9, Buffer.alloc(125, 1)))), 63_500],
])(
  "a client that sends %s and reads no answer is not read either, and gets all when it does",
  async (_, burst, answer) => {
    await enter();
    const bursts = Math.ceil(TOTAL / burst.length);
    for (let i = 0; i < bursts; i++) socket.write(burst);
    expect(await taken()).toBeLessThan(TOTAL / 2);
    let received = 0;
    socket.on("data", (data) => {
      received += data.length;
    });
    socket.resume();
    await eventually(() => received >= bursts * answer, 50_000);
    expect(received).toBe(bursts * answer);
  },
  60_000,
);

it("a client that never reads is cut when it has answered no ping", async () => {
  await hub.close();
  const clock = fakeClock();
  hub = await startHub([], clock);
  await enter();
  const closed = new Promise((resolve) => socket.once("close", resolve));
  for (let i = 0; i < 200; i++) socket.write(clientFrame(2, Buffer.alloc(60_000, 1)));
  await taken();
  await clock.advance(19_000);
  expect(socket.destroyed).toBe(false);
  await clock.advance(3_000);
  await closed;
});
