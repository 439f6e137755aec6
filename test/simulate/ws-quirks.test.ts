import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type BoardUnderTest, boards, online } from "../support/espruino.ts";
import { eventually } from "../support/eventually.ts";
import { frame, type RawPeer, type RawServer, readFrames, startRawServer } from "../support/raw-websocket.ts";

describe.each(boards())("the ws module of Espruino, %s", (_name, start) => {
  let server: RawServer;
  let board: BoardUnderTest;

  /** Starts a board that connects and prints its events, and runs `more` with the socket as `ws`. */
  async function connect(more = "", options = ""): Promise<RawPeer> {
    server = await startRawServer();
    board = start(
      online(`
      var ws = new (require("ws"))("127.0.0.1", {port:${server.port},path:"/bridge/e1?token=t"${options}});
      ws.on("open", function() { print("OPEN"); });
      ws.on("message", function(m) { print("MESSAGE "+JSON.stringify(m)); });
      ws.on("close", function(code, reason) { print("CLOSE "+typeof code+" "+typeof reason); });
      ws.on("ping", function() { print("PING"); });
      ws.on("pong", function() { print("PONG"); });
      ${more}`),
    );
    return server.peer();
  }

  afterEach(async () => {
    await board?.close();
    await server?.close();
  });

  it("sends Host without port, Origin: Espruino, path and query, own headers and no extensions", async () => {
    const { head } = await connect("", `,headers:{Authorization:"Bearer t"}`);
    const lines = head.split("\r\n");
    expect(lines[0]).toBe("GET /bridge/e1?token=t HTTP/1.1");
    expect(lines).toContain("Host: 127.0.0.1");
    expect(lines).toContain("Origin: Espruino");
    expect(lines).toContain("Authorization: Bearer t");
    expect(lines).toContain("Sec-WebSocket-Version: 13");
    expect(head).not.toContain("Extensions");
  });

  it("sends the same key again after a restart", async () => {
    const first = await connect();
    const key = (head: string): string => /Sec-WebSocket-Key: (\S+)/.exec(head)?.[1] ?? "";
    await board.close();
    await server.close();
    const second = await connect();
    expect(key(first.head)).toHaveLength(24);
    expect(key(second.head)).toBe(key(first.head));
  });

  it("holds a frame that arrives with the 101 answer until more bytes come", async () => {
    const peer = await connect();
    peer.accept(frame(1, "early"));
    await board.saw(/^OPEN/);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(board.lines.join()).not.toContain("early");
    peer.write(frame(1, "later"));
    await board.saw(/MESSAGE "later"/);
    expect(board.lines.findIndex((l) => l.includes("early"))).toBeLessThan(
      board.lines.findIndex((l) => l.includes("later")),
    );
  });

  it("gives up the held frame to parseData('') after open", async () => {
    const peer = await connect(`ws.on("open", function() { ws.parseData(""); });`);
    peer.accept(frame(1, "early"));
    await board.saw(/MESSAGE "early"/);
  });

  it("takes each fragment for a message of its own", async () => {
    const peer = await connect();
    peer.accept();
    await board.saw(/^OPEN/);
    peer.write(Buffer.concat([frame(1, "one ", false), frame(0, "two", true)]));
    await board.saw(/MESSAGE "one "/);
    await board.saw(/MESSAGE "two"/);
  });

  it("drops binary", async () => {
    const peer = await connect();
    peer.accept();
    await board.saw(/^OPEN/);
    peer.write(Buffer.concat([frame(2, "bytes"), frame(1, "text")]));
    await board.saw(/MESSAGE "text"/);
    expect(board.lines.join()).not.toContain("bytes");
  });

  it("does not decode UTF-8: each byte is a character", async () => {
    const peer = await connect(`ws.on("message", function(m) { print("LENGTH "+m.length); });`);
    peer.accept();
    await board.saw(/^OPEN/);
    peer.write(frame(1, "\u00e9"));
    await board.saw(/^LENGTH 2/);
  });

  it("puts a message together that comes in pieces", async () => {
    const peer = await connect();
    peer.accept();
    await board.saw(/^OPEN/);
    const bytes = frame(1, "x".repeat(200));
    for (const piece of [bytes.subarray(0, 1), bytes.subarray(1, 3), bytes.subarray(3, 100), bytes.subarray(100)]) {
      peer.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await board.saw(/MESSAGE "x{200}"/);
  });

  it("loses the stream on a frame over 65,535 bytes", async () => {
    const peer = await connect();
    peer.accept();
    await board.saw(/^OPEN/);
    peer.write(frame(1, "y".repeat(70_000)));
    await board.saw(/Messages >65535|Uncaught/);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(board.lines.some((line) => line.startsWith(`MESSAGE "${"y".repeat(1000)}`) && line.length > 70_000)).toBe(
      false,
    );
  });

  it("sends a frame over 65,535 bytes with a wrong length", async () => {
    const peer =
      await connect(`var big=""; for (var i=0;i<700;i++) big+="0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";
      ws.on("open", function() { ws.send(big); });`);
    peer.accept();
    // The real one needs seconds to mask as much.
    await eventually(() => peer.received().length >= 4, 150_000);
    expect(peer.received().readUInt16BE(2)).toBe(70_000 - 65_536);
  }, 160_000);

  it("masks what it sends, in one frame each", async () => {
    const peer = await connect(`ws.on("open", function() { ws.send("SOS"); ws.send("${"z".repeat(300)}"); });`);
    peer.accept();
    await eventually(() => readFrames(peer.received()).length === 2);
    expect(readFrames(peer.received())).toEqual([
      { opcode: 1, masked: true, payload: Buffer.from("SOS") },
      { opcode: 1, masked: true, payload: Buffer.from("z".repeat(300)) },
    ]);
  });

  it("answers a ping with the payload `pong`, whatever was sent", async () => {
    const peer = await connect();
    peer.accept();
    await board.saw(/^OPEN/);
    peer.write(frame(9, "are you there"));
    await eventually(() => readFrames(peer.received()).length === 1);
    expect(readFrames(peer.received())[0]).toMatchObject({ opcode: 10, payload: Buffer.from("pong") });
    await board.saw(/^PING/);
  });

  it("pings by itself every keepAlive seconds and goes on without pongs", async () => {
    const peer = await connect("", ",keepAlive:0.1");
    peer.accept();
    await eventually(() => readFrames(peer.received()).length >= 3);
    expect(readFrames(peer.received())[2]).toMatchObject({ opcode: 9, payload: Buffer.from("ping") });
    expect(peer.isClosed()).toBe(false);
  });

  it("sends no close frame when it closes", async () => {
    const peer = await connect(`ws.on("open", function() { ws.close(); });`);
    peer.accept();
    await eventually(() => peer.isClosed());
    expect(readFrames(peer.received())).toEqual([]);
  });

  it("answers a close frame by ending TCP, and tells neither code nor reason", async () => {
    const peer = await connect();
    peer.accept();
    await board.saw(/^OPEN/);
    peer.write(frame(8, Buffer.from([0x03, 0xf4, 0x62, 0x79, 0x65])));
    await board.saw(/^CLOSE undefined undefined/);
    await eventually(() => peer.isClosed());
    expect(readFrames(peer.received())).toEqual([]);
  });

  it("throws when it sends after the close", async () => {
    const peer = await connect(
      `ws.on("close", function() { try { ws.send("x"); } catch (e) { print("THROWN "+e); } });`,
    );
    peer.accept();
    await board.saw(/^OPEN/);
    peer.end();
    await board.saw(/^THROWN .*socket is closed/i);
  });

  it("corrupts the stream when it sends anything but a string", async () => {
    const peer = await connect(`ws.on("open", function() { try { ws.send(12345); } catch (e) {} ws.send("after"); });`);
    peer.accept();
    await eventually(() => peer.received().length > 10);
    const [first] = readFrames(peer.received());
    expect(first).toEqual({ opcode: 1, masked: false, payload: Buffer.alloc(0) });
    expect(readFrames(peer.received())[1]?.payload.toString()).not.toBe("after");
  });

  it("tells a bare close when it is refused and TCP is closed", async () => {
    const peer = await connect();
    peer.write("HTTP/1.1 409 Conflict\r\nConnection: close\r\n\r\n");
    peer.end();
    await board.saw(/^CLOSE undefined undefined/);
    expect(board.lines).not.toContain("OPEN");
  });

  it("hangs when it is refused and TCP stays open", async () => {
    const peer = await connect();
    peer.write("HTTP/1.1 401 Unauthorized\r\n\r\n");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(board.lines.filter((line) => /^(OPEN|CLOSE|MESSAGE)/.test(line))).toEqual([]);
    expect(peer.isClosed()).toBe(false);
  });

  it("shows the refusal as rawData only", async () => {
    const peer = await connect(`ws.on("rawData", function(d) { print("RAW "+d.slice(0,12)); });`);
    peer.write("HTTP/1.1 401 Unauthorized\r\n\r\n");
    await board.saw(/^RAW HTTP\/1.1 401/);
  });
});

describe.each(boards())("connecting in Espruino, %s", (_name, start) => {
  /** Tries an address as soon as the network is there, and prints what is thrown from where. */
  const attempt = (host: string, port: number): string =>
    online(`
    try { var ws = new (require("ws"))("${host}", {port:${port}}); print("RETURNED"); } catch (e) { print("THROWN "+e); }`);

  it("throws from `new WebSocket` when the port refuses", async () => {
    const probe = createServer().listen(0, "127.0.0.1");
    await eventually(() => probe.listening);
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const board = start(attempt("127.0.0.1", port));
    await board.saw(/^THROWN .*Error/);
    expect(board.lines).not.toContain("RETURNED");
    await board.close();
  });

  it("throws from `new WebSocket` when the name is unknown", async () => {
    const board = start(attempt("no-such-host.invalid", 80));
    await board.saw(/^THROWN .*Error/, 8000);
    expect(board.lines).not.toContain("RETURNED");
    await board.close();
  });

  it("has the socket only when it is idle again: sending or closing at once throws", async () => {
    const server = await startRawServer();
    const board = start(
      online(`
      var ws = new (require("ws"))("127.0.0.1", {port:${server.port}});
      try { ws.send("x"); } catch (e) { print("SEND THROWN"); }
      try { ws.close(); } catch (e) { print("CLOSE THROWN"); }`),
    );
    await board.saw(/^SEND THROWN/);
    await board.saw(/^CLOSE THROWN/);
    await board.close();
    await server.close();
  });
});
