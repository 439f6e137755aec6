import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { SlowLink } from "../../bench/clients/slow-link.ts";

const KILOBYTE = 1_000;
const open: Array<{ close(): unknown }> = [];

afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** A server that does with each connection what the test says, behind a link. */
async function linked(serve: (socket: Socket) => void, bitsPerSecond = 8_000_000, roundTripMs = 40) {
  const server: Server = createServer({ allowHalfOpen: true }, serve).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const link = new SlowLink(typeof address === "object" ? (address?.port ?? 0) : 0, { bitsPerSecond, roundTripMs });
  const port = await link.start();
  open.push(link, server);
  return { link, port };
}

/** All that comes until the other side ends, and how long that took, ms. */
async function readAll(port: number, say: string): Promise<{ readonly text: string; readonly ms: number }> {
  const start = performance.now();
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.end(say);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  await once(socket, "end");
  return { text: Buffer.concat(chunks).toString(), ms: performance.now() - start };
}

describe("a slow link", () => {
  it("carries both ways what is said, whole and in order, and the ends", async () => {
    const { port, link } = await linked((socket) => socket.pipe(socket));
    const said = Array.from({ length: 20_000 }, (_, i) => `${i};`).join("");
    const { text } = await readAll(port, said);
    // A difference of so many bytes says nothing to anybody.
    expect(text === said).toBe(true);
    expect(link.bytesDown).toBe(said.length);
  });

  it("takes a round trip for the handshake and one for the first answer", async () => {
    const { port } = await linked((socket) => socket.once("data", () => socket.end("hi")), 8_000_000, 100);
    expect((await readAll(port, "hello")).ms).toBeGreaterThanOrEqual(195);
  });

  it("lets no more through than its rate, all connections together", async () => {
    const answer = "x".repeat(50 * KILOBYTE);
    const { port } = await linked((socket) => socket.once("data", () => socket.end(answer)), 4_000_000, 0);
    const [one, two] = await Promise.all([readAll(port, "a"), readAll(port, "b")]);
    // 100 kB at 500 kB a second.
    expect(Math.max(one.ms, two.ms)).toBeGreaterThanOrEqual(195);
    expect(Math.abs(one.ms - two.ms)).toBeLessThan(100);
  });
});
