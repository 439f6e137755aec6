/** The TCP door byte by byte: names, lines, what goes out (protocol 2.4, 2.8, section 3). */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { eventually } from "../../support/eventually.ts";
import { startHub, type TestHub } from "../../support/hub.ts";
import { LineVisitors } from "../../support/raw-line.ts";
import { clientFrame, textFrame } from "../../support/raw-socket.ts";
import { Visitors } from "../../support/visitors.ts";

let hub: TestHub;
const visitors = new Visitors(() => hub);
const lines = new LineVisitors(() => hub.tcpPort);

beforeEach(async () => {
  hub = await startHub();
});
afterEach(async () => {
  visitors.closeAll();
  lines.closeAll();
  await hub.close();
});

function ids(): string[] {
  return hub.hub.house.registry.all().map(({ id }) => id);
}

function presence(id: string): string | undefined {
  return hub.hub.house.registry.get(id)?.presence;
}

describe("the name", () => {
  it.each(["HELLO lamp", "HELLO lamp a-token", "HELLO \t lamp  ", "HELLO lamp\r"])(
    "comes with %j, which is no message",
    async (line) => {
      const other = await lines.device("other");
      const lamp = lines.dial();
      lamp.write(`${line}\n`);
      expect(await lamp.heardUntilNow()).toEqual([]);
      expect(ids()).toEqual(["lamp", "other"]);
      lamp.write("from the lobby\n");
      expect(await other.line()).toBe("from the lobby");
    },
  );

  it("comes with a hello frame, which is answered", async () => {
    const lamp = lines.dial();
    lamp.write('{"event":"hello","data":{"id":"lamp","rooms":["bench"]}}\n');
    expect(await lamp.json()).toMatchObject({ event: "welcome", data: { id: "lamp", rooms: ["bench"] } });
    expect(ids()).toEqual(["lamp"]);
  });

  it.each([
    ["HELLO", "HELLO lamp"],
    ["hello", '{"event":"hello","data":{"id":"lamp"},"id":1}'],
  ])("may come late, with %s", async (_, line) => {
    const lamp = lines.dial();
    await eventually(() => ids().length === 1);
    expect(ids()[0]).toMatch(/^tcp-127\.0\.0\.1-\d+$/);
    lamp.write(`${line}\n`);
    await eventually(() => ids().join() === "lamp");
    lamp.close();
    await eventually(() => presence("lamp") === "offline");
  });

  it("comes with the first line only", async () => {
    const [lamp, other] = [await lines.device("lamp"), await lines.device("other")];
    lamp.write("HELLO again\n");
    expect(await other.line()).toBe("HELLO again");
    expect(ids()).toEqual(["lamp", "other"]);
  });

  it("is the hub's to give to one that says something else, whose line counts", async () => {
    const other = await lines.device("other");
    const nameless = lines.dial();
    nameless.write("SOS\n");
    expect(await other.line()).toBe("SOS");
    expect(ids()).toContain(`tcp-127.0.0.1-${nameless.socket.localPort}`);
    nameless.close();
    await eventually(() => ids().length === 1);
  });

  it.each(["early", "late"])("that is bad is refused by bye, %s", async (when) => {
    const lamp = lines.dial();
    if (when === "late") await eventually(() => ids().length === 1);
    lamp.write("HELLO -bad\n");
    expect(await lamp.json()).toMatchObject({ event: "bye", data: { code: "BAD_ID" } });
    await eventually(() => lamp.isEnded);
    await eventually(() => ids().length === 0);
  });

  it.each([
    ["early", "HELLO lamp"],
    ["late", "HELLO lamp"],
    ["late", '{"event":"hello","data":{"id":"lamp"}}'],
  ])("of one that lives is refused by bye, %s with %s", async (when, line) => {
    const first = await lines.device("lamp");
    const chatter = setInterval(() => first.write("\n"), 50);
    const second = lines.dial();
    if (when === "late") await eventually(() => ids().length === 2);
    second.write(`${line}\n`);
    const frames = [await second.json()];
    if (frames[0]?.event === "error") frames.push(await second.json());
    clearInterval(chatter);
    expect(frames.at(-1)).toMatchObject({ event: "bye", data: { code: "DUPLICATE" } });
    await eventually(() => second.isEnded);
    expect(presence("lamp")).toBe("online");
  });

  it("of one that is silent for 2,000 ms goes to the newcomer", async () => {
    const first = await lines.device("lamp");
    const start = performance.now();
    const second = lines.dial();
    second.write("HELLO lamp\n");
    expect(await first.json()).toMatchObject({ event: "bye", data: { code: "REPLACED" } });
    expect(performance.now() - start).toBeGreaterThan(1_900);
    expect(await second.heardUntilNow()).toEqual([]);
    expect(presence("lamp")).toBe("online");
  });

  it("of one that hung up goes to the newcomer at once", async () => {
    const first = await lines.device("lamp");
    first.socket.end();
    const start = performance.now();
    await lines.device("lamp");
    expect(performance.now() - start).toBeLessThan(400);
  });
});

describe("a line", () => {
  it("may be split anywhere, also within a character", async () => {
    const [lamp, other] = [await lines.device("lamp"), await lines.device("other")];
    const bytes = Buffer.from("grüße 🚨\r\n");
    for (let at = 1; at < bytes.length; at++) {
      await lamp.pieces(bytes.subarray(0, at), bytes.subarray(at));
      expect(await other.line()).toBe("grüße 🚨");
    }
    await lamp.pieces(...[...bytes].map((byte) => Buffer.from([byte])));
    expect(await other.line()).toBe("grüße 🚨");
    expect(await lamp.heardUntilNow()).toEqual([]);
  });

  it("may come with others in one packet, and with either end", async () => {
    const [lamp, other] = [await lines.device("lamp"), await lines.device("other")];
    lamp.write("one\ntwo\r\n\r\n\nthree\n");
    for (const text of ["one", "two", "three"]) expect(await other.line()).toBe(text);
    expect(await other.heardUntilNow()).toEqual([]);
  });
});

describe("what goes out", () => {
  it("is one line each, with text of several lines wrapped", async () => {
    const [lamp, other] = [await visitors.device("ws"), await lines.device("other")];
    for (const text of ["two\nlines", "cr\rhere", '{"event":"set"}', "plain", "grüße 🚨"]) {
      lamp.write(textFrame(JSON.stringify({ event: "message", data: text })));
    }
    expect(await other.json()).toEqual({ event: "message", data: "two\nlines" });
    expect(await other.json()).toEqual({ event: "message", data: "cr\rhere" });
    expect(await other.json()).toEqual({ event: "message", data: '{"event":"set"}' });
    expect(await other.line()).toBe("plain");
    expect(await other.line()).toBe("grüße 🚨");
  });

  it("is no binary and no ping", async () => {
    const [lamp, second, other] = [
      await visitors.device("ws"),
      await visitors.device("ws2"),
      await lines.device("other"),
    ];
    lamp.write(clientFrame(2, Buffer.from([0, 255, 10])));
    expect((await second.frame()).opcode).toBe(2);
    expect(await other.heardUntilNow()).toEqual([]);
  });

  it("waits for the first line, or 250 ms", async () => {
    const silent = lines.dial();
    const start = performance.now();
    await eventually(() => ids().length === 1);
    expect(performance.now() - start).toBeGreaterThan(200);
    (await lines.device("other")).write("for you\n");
    expect(await silent.line()).toBe("for you");
  });

  it("of what a peer echoes is not said again", async () => {
    const [lamp, other] = [await lines.device("lamp"), await lines.device("other")];
    lamp.write("ping pong\n");
    other.write(`${await other.line()}\n`);
    await other.heardUntilNow();
    expect(await lamp.heardUntilNow()).toEqual([]);
  });
});

it("answers a browser that took it for a web server by a bye, and nothing of it counts", async () => {
  const other = await lines.device("other");
  const browser = lines.dial();
  browser.write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nSOS\n{"event":"join","data":"bench"}\n');
  expect(await browser.json()).toMatchObject({ event: "bye", data: { code: "NO_DOOR" } });
  await eventually(() => browser.isEnded);
  expect(await other.heardUntilNow()).toEqual([]);
  expect(ids()).toEqual(["other"]);
});

describe("the port", () => {
  let other: TestHub;
  let blocker: Server;

  beforeEach(async () => {
    blocker = createServer();
    // Another program may have it; then that is the one in the way.
    await new Promise<void>((resolve) => {
      blocker.once("error", () => resolve());
      blocker.listen(5001, "127.0.0.1", resolve);
    });
  });
  afterEach(async () => {
    await other?.close();
    blocker.close();
  });

  async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    return port;
  }

  it("is another one when 5001 is taken and no port matters", async () => {
    other = await startHub([], undefined, []);
    expect(other.tcpPort).toBeGreaterThan(0);
    expect(other.tcpPort).not.toBe(5001);
  });

  it("is none when 5001 is taken, nobody chose it, and the other port is fixed; the log says so", async () => {
    other = await startHub(["--port", String(await freePort())], undefined, []);
    expect(other.tcpPort).toBeNull();
    expect(other.log.join("")).toMatch(/No door for plain TCP: Port 5001 is in use .* --tcp-port 5002/);
  });

  it("that was chosen and is taken keeps the hub from starting", async () => {
    await expect(startHub(["--tcp-port", "5001"], undefined, [])).rejects.toThrow(/Port 5001 is in use .* --tcp-port/);
  });

  it("may be off", async () => {
    other = await startHub(["--tcp-port", "0"], undefined, []);
    expect(other.tcpPort).toBeNull();
    expect((await fetch(`${other.url}/readyz`)).status).toBe(200);
  });
});
