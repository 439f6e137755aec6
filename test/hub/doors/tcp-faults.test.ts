/** What peers of the TCP door do wrong, or not at all: long lines, odd bytes, silence, floods, ends of every kind (protocol 1.3, 3.10, 3.11). */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { eventually } from "../../support/eventually.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";
import { startHub, type TestHub } from "../../support/hub.ts";
import { LineVisitors, type RawLine } from "../../support/raw-line.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const MEGABYTE = 1_048_576;

let hub: TestHub;
const lines = new LineVisitors(() => hub.tcpPort);

beforeEach(async () => {
  hub = await startHub();
});
afterEach(async () => {
  lines.closeAll();
  await hub.close();
});

async function restart(args: readonly string[], clock?: FakeClock): Promise<void> {
  await hub.close();
  hub = await startHub(args, clock);
}

function presence(id: string): string | undefined {
  return hub.hub.house.registry.get(id)?.presence;
}

/** Bytes in buffers that somebody still holds. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

function drained(line: RawLine): Promise<void> {
  return eventually(() => line.socket.writableLength === 0, 10_000);
}

describe("a line that is too long", () => {
  it("is an error once and is skipped, and the connection goes on", async () => {
    const [lamp, other] = [await lines.device("lamp"), await lines.device("other")];
    lamp.write(`${"x".repeat(MEGABYTE)}\r\nafter\n`);
    expect(await lamp.json()).toMatchObject({ event: "error", data: { code: "TOO_BIG" } });
    expect(await other.line()).toBe("after");
    expect(await lamp.heardUntilNow()).toEqual([]);
  });

  it("holds no memory while it never ends", async () => {
    const lamp = await lines.device("lamp");
    const block = Buffer.alloc(MEGABYTE, "x");
    lamp.write(block);
    await drained(lamp);
    const before = heldBytes();
    for (let i = 0; i < 100; i++) {
      lamp.write(block);
      await drained(lamp);
    }
    // What is on its way between the two ends is in this process as well.
    await eventually(() => heldBytes() - before < 10 * MEGABYTE, 10_000);
    expect(presence("lamp")).toBe("online");
    lamp.write("\n");
    expect(await lamp.heardUntilNow()).toHaveLength(1);
  });

  it("may be the first one, and the device is named by the hub", async () => {
    const lamp = lines.dial();
    lamp.write(`HELLO ${"x".repeat(MEGABYTE)}\n`);
    expect(await lamp.json()).toMatchObject({ event: "error", data: { code: "TOO_BIG" } });
    expect(hub.hub.house.registry.all()[0]?.id).toMatch(/^tcp-/);
  });

  it("ends the connection when there were too many in a minute", async () => {
    await restart(["--strikes", "2"]);
    const lamp = await lines.device("lamp");
    for (let i = 0; i < 4; i++) lamp.write(`${"x".repeat(70_000)}\n`);
    for (let i = 0; i < 3; i++) expect(await lamp.json()).toMatchObject({ event: "error", data: { code: "TOO_BIG" } });
    expect(await lamp.json()).toMatchObject({ event: "bye", data: { code: "STRIKES" } });
    await eventually(() => lamp.isEnded);
  });
});

describe("odd bytes", () => {
  it("that are no UTF-8 are an error, and the connection goes on", async () => {
    const [lamp, other] = [await lines.device("lamp"), await lines.device("other")];
    lamp.write(Buffer.from([0xff, 0xfe, 0x0a, 0xc3, 0x0a]));
    for (let i = 0; i < 2; i++)
      expect(await lamp.json()).toMatchObject({ event: "error", data: { code: "BAD_FRAME" } });
    lamp.write("fine\n");
    expect(await other.line()).toBe("fine");
  });

  it("that are NUL are text like any other, and no JSON", async () => {
    const [lamp, other] = [await lines.device("lamp"), await lines.device("other")];
    lamp.write("a\0b\n\0\0\0\n");
    expect(await other.line()).toBe("a\0b");
    expect(await other.line()).toBe("\0\0\0");
    lamp.write('{"a":1}\0\n');
    expect(await lamp.json()).toMatchObject({ event: "error", data: { code: "BAD_FRAME" } });
  });

  it("of TLS do no harm", async () => {
    const lamp = lines.dial();
    lamp.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0xfc, 0xf8, 0x0a]));
    expect(await lamp.json()).toMatchObject({ event: "error", data: { code: "BAD_FRAME" } });
  });
});

describe("the end", () => {
  it("makes a line of what had none, and is answered before the hub ends as well", async () => {
    const [other, lamp] = [await lines.device("other"), lines.dial()];
    lamp.socket.end('HELLO lamp\nSOS\n{"event":"heartbeat","id":7}');
    expect(await lamp.json()).toEqual({ ack: 7, data: {} });
    expect(await other.line()).toBe("SOS");
    other.write("still there?\n");
    expect(await lamp.line()).toBe("still there?");
    await lamp.closed();
    expect(lamp.rest.length).toBe(0);
    expect(hub.hub.house.registry.get("lamp")).toMatchObject({ presence: "offline", reason: "closed" });
  });

  it("comes after all that was said before it, however much", async () => {
    const [other, lamp] = [await lines.device("other"), lines.dial()];
    lamp.socket.end(`HELLO lamp\n${"more\n".repeat(300)}last`);
    for (let i = 0; i < 300; i++) expect(await other.line()).toBe("more");
    expect(await other.line()).toBe("last");
    await lamp.closed();
  });

  it("of a name without newline still names", async () => {
    const lamp = lines.dial();
    lamp.socket.end("HELLO lamp");
    await eventually(() => presence("lamp") === "offline" || presence("lamp") === "online");
    await lamp.closed();
  });

  it("without a word leaves nothing", async () => {
    const lamp = lines.dial();
    lamp.socket.end();
    await lamp.closed();
    await eventually(() => hub.hub.house.registry.size === 0);
  });

  it.each(["in the lobby", "before its first line", "in the middle of a line"])(
    "by a reset %s is noticed at once",
    async (when) => {
      const lamp = when === "before its first line" ? lines.dial() : await lines.device("lamp");
      if (when === "in the middle of a line") await lamp.pieces("SO");
      await eventually(() => lamp.socket.readyState === "open");
      lamp.socket.resetAndDestroy();
      await eventually(() => presence("lamp") !== "online");
      expect(await (await lines.device("other")).heardUntilNow()).toEqual([]);
      expect(hub.log.filter((line) => line.includes('"level":50'))).toEqual([]);
    },
  );

  it("of the hub is bye, after the door is closed", async () => {
    const lamp = await lines.device("lamp");
    const arriving = lines.dial();
    await eventually(() => arriving.socket.readyState === "open");
    const stopped = hub.close();
    expect(await lamp.json()).toMatchObject({ event: "bye", data: { code: "SHUTDOWN" } });
    await eventually(() => lamp.isEnded && (arriving.isEnded || arriving.isClosed));
    const late = lines.dial();
    await late.closed();
    lamp.close();
    await stopped;
  });

  it("comes to one that does not read, and the others do not notice", async () => {
    await restart(["--max-queued-bytes", "300000", "--no-limits"]);
    const [lamp, other, deaf] = [await lines.device("lamp"), await lines.device("other"), await lines.device("deaf")];
    deaf.socket.pause();
    const ten = `${"x".repeat(4000)}\n`.repeat(10);
    let sent = 0;
    await eventually(() => {
      lamp.write(ten);
      sent += 10;
      return presence("deaf") === "offline";
    }, 20_000);
    for (let i = 0; i < sent; i++) expect((await other.line()).length).toBe(4000);
  });
});

describe("many", () => {
  it("lines of one peer do not make the others wait for all of them", async () => {
    const [flooder, other] = [await lines.device("flooder"), await lines.device("other")];
    const flood = 20_000;
    let taken = 0;
    hub.hub.house.events.on("said", ({ from }) => {
      if (from === "flooder") taken += 1;
    });
    flooder.write('{"temperature":21.5}\n'.repeat(flood));
    await eventually(() => taken > 100);
    await other.heardUntilNow();
    expect(taken).toBeLessThan(flood / 2);
  });

  it("connections come and go, and nothing is left of them", async () => {
    const lamp = await lines.device("lamp");
    for (let round = 0; round < 10; round++) {
      const crowd = Array.from({ length: 200 }, () => lines.dial());
      for (const [i, line] of crowd.entries()) line.write(i % 2 === 0 ? "SOS\n" : `HELLO d${i}\n`);
      await eventually(() => hub.hub.house.registry.count("online") === 201, 15_000);
      for (const line of crowd) line.close();
      await eventually(() => hub.hub.house.registry.count("online") === 1, 15_000);
    }
    await lamp.heardUntilNow();
    expect(hub.hub.house.registry.size).toBe(101);
    expect(hub.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it("connections at once, half of them silent, are all let in", async () => {
    const crowd = Array.from({ length: 2_000 }, () => lines.dial());
    for (const [i, line] of crowd.entries()) if (i % 2 === 0) line.write(`HELLO d${i}\n`);
    await eventually(() => hub.hub.house.registry.count("online") === 2_000, 30_000);
  });
});

describe("silence", () => {
  let clock: FakeClock;

  beforeEach(async () => {
    clock = fakeClock();
    await restart([], clock);
  });

  it("of one that declared no beat is no end", async () => {
    const lamp = await lines.device("lamp");
    await clock.advance(3_600_000);
    expect(await lamp.heardUntilNow()).toEqual([]);
  });

  it("of one that declared a beat is the end after three of them and the time-out", async () => {
    const lamp = await lines.device("lamp");
    lamp.write('{"event":"hello","data":{"heartbeat":5},"id":1}\n');
    expect(await lamp.json()).toMatchObject({ ack: 1 });
    for (let i = 0; i < 3; i++) {
      await clock.advance(14_000);
      expect(await lamp.heardUntilNow()).toEqual([]);
    }
    await clock.advance(15_500);
    expect(await lamp.json()).toMatchObject({ event: "bye", data: { code: "TIMEOUT" } });
    await clock.advance(1_000);
    await eventually(() => hub.hub.house.registry.get("lamp")?.reason === "silent");
  });
});
