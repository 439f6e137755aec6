import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { PIGPIOD_LIMITS, PigpiodClient, PigpiodError } from "../../../pi-agent/drivers/pigpiod-client.ts";
import { eventually } from "../../support/eventually.ts";
import { type FakeClock, fakeClock } from "../../support/fake-clock.ts";
import { type PigpiodStandIn, startPigpiodStandIn } from "../../support/pigpiod-stand-in.ts";

let daemon: PigpiodStandIn;
let clock: FakeClock;
let client: PigpiodClient;
let told: string[];
const listener = {
  onLost: (reason: PigpiodError) => void told.push(`lost: ${reason.message}`),
  onRestored: () => void told.push("restored"),
};

beforeEach(async () => {
  daemon = await startPigpiodStandIn();
  clock = fakeClock();
  told = [];
  client = createClient();
});
afterEach(async () => {
  client.close();
  await daemon.kill();
});

function createClient(host = "127.0.0.1", limits = {}): PigpiodClient {
  return new PigpiodClient({ clock, host, port: daemon.port, limits });
}

/** Sends requests that stay open, and waits until the daemon has them. */
async function leaveOpen(count: number): Promise<Promise<unknown>[]> {
  const before = daemon.commands.length;
  const open = Array.from({ length: count }, () => client.request("GDC", 21).catch((error: unknown) => error));
  await eventually(() => daemon.commands.length === before + count);
  return open;
}

describe("the client of pigpiod", () => {
  it("says the daemon's version when it connects", async () => {
    expect(await client.connect(listener)).toBe(79);
  });

  it("gives each request its own result, refusals too", async () => {
    await client.connect(listener);
    const results = [
      client.request("PRG", 21),
      client.request("GDC", 21),
      client.request("PWM", 21, 300),
      client.request("PFS", 21, 900),
    ];
    expect(await Promise.all(results)).toEqual([255, -92, -8, 1000]);
  });

  it("understands replies that come byte by byte", async () => {
    daemon.replies = "in pieces";
    await client.connect(listener);
    expect(await Promise.all([client.request("PRG", 21), client.request("PIGPV")])).toEqual([255, 79]);
  });

  it("rejects every open request when the daemon dies, and later ones at once", async () => {
    await client.connect(listener);
    daemon.replies = "none";
    const open = await leaveOpen(5);
    await daemon.kill();
    for (const reason of await Promise.all(open)) expect(reason).toBeInstanceOf(PigpiodError);
    await expect(client.request("PIGPV")).rejects.toThrow(`127.0.0.1:${daemon.port} has no connection`);
    expect(told).toEqual([expect.stringMatching(/^lost: .* ended the connection$/)]);
  });

  it("rejects a request whose reply breaks off in the middle", async () => {
    await client.connect(listener);
    daemon.replies = "half";
    const [open] = await leaveOpen(1);
    daemon.dropConnections();
    expect(await open).toBeInstanceOf(PigpiodError);
  });

  it("gives up a reply that does not come in time, and with it the connection", async () => {
    await client.connect(listener);
    daemon.replies = "half";
    const open = await leaveOpen(2);
    let settled = 0;
    for (const request of open) void request.then(() => (settled += 1));
    await clock.advance(PIGPIOD_LIMITS.replyMs - 1);
    expect(settled).toBe(0);
    await clock.advance(1);
    expect(settled).toBe(2);
    await eventually(() => daemon.connections === 0);
    expect(told).toEqual([expect.stringContaining("did not answer within 700 ms")]);
  });

  it("leaves a peer that answers what was not asked", async () => {
    await client.connect(listener);
    daemon.replies = "mistaken";
    await expect(client.request("PRG", 21)).rejects.toThrow("answers what was not asked");
  });

  it("takes no more requests than its limit while none is answered", async () => {
    client = createClient("127.0.0.1", { unanswered: 3 });
    await client.connect(listener);
    daemon.replies = "none";
    const open = await leaveOpen(3);
    await expect(client.request("PIGPV")).rejects.toThrow("has too much to do");
    expect(open).toHaveLength(3);
  });

  it("comes back when the daemon does, waiting longer each time", async () => {
    await client.connect(listener);
    await daemon.kill();
    await eventually(() => told.length === 1);
    await clock.advance(20_000);
    await daemon.start();
    await eventually(async () => {
      await clock.advance(50);
      return told.includes("restored");
    });
    expect(told).toHaveLength(2);
    expect(await client.request("PRG", 21)).toBe(255);
  });

  it("does not take a daemon that hangs for one that is back", async () => {
    await client.connect(listener);
    daemon.replies = "none";
    daemon.dropConnections();
    await eventually(() => told.length === 1);
    const before = daemon.commands.length;
    await eventually(async () => {
      await clock.advance(50);
      return daemon.commands.length >= before + 2;
    });
    expect(told).toHaveLength(1);
    daemon.replies = "whole";
    await eventually(async () => {
      await clock.advance(50);
      return told.length === 2;
    });
    expect(told[1]).toBe("restored");
  });

  it("stays away after it was closed, and rejects what waits", async () => {
    await client.connect(listener);
    daemon.replies = "none";
    const open = await leaveOpen(2);
    client.close();
    for (const reason of await Promise.all(open)) expect(reason).toBeInstanceOf(PigpiodError);
    await eventually(() => daemon.connections === 0);
    await clock.advance(60_000);
    expect(daemon.connections).toBe(0);
    expect(told).toEqual([]);
  });

  it("says who does not answer when nobody is there, and does not try again", async () => {
    await daemon.kill();
    await expect(client.connect(listener)).rejects.toThrow(`127.0.0.1:${daemon.port} does not answer (ECONNREFUSED)`);
    await daemon.start();
    await clock.advance(60_000);
    expect(daemon.connections).toBe(0);
  });

  it.each(["::1", "127.0.0.1"])("finds a daemon on localhost that listens on %s alone", async (address) => {
    await daemon.kill();
    daemon = await startPigpiodStandIn(address);
    client = createClient("localhost");
    expect(await client.connect(listener)).toBe(79);
  });

  it("sends what is asked in one turn of the event loop in one piece", async () => {
    await client.connect(listener);
    daemon.arrivals.length = 0;
    const asked: Promise<number>[] = [];
    // As timers do that are due together: the promises of one settle before the next runs.
    for (let pin = 0; pin < 100; pin++) {
      setTimeout(() => asked.push(client.request("PRG", pin % 32)), 1);
    }
    await eventually(() => asked.length === 100);
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 100 }, () => 255));
    expect(daemon.arrivals.length).toBeLessThanOrEqual(3);
  });

  it("reads a hundred replies that come byte by byte", async () => {
    await client.connect(listener);
    daemon.replies = "in pieces";
    const asked = Array.from({ length: 100 }, (_, index) => client.request(index % 2 === 0 ? "PRG" : "PIGPV", 21));
    expect(await Promise.all(asked)).toEqual(asked.map((_, index) => (index % 2 === 0 ? 255 : 79)));
  });

  it("gives each request its own time to be answered", async () => {
    await client.connect(listener);
    daemon.replies = "none";
    const first = client.request("PIGPV").catch((error: unknown) => error);
    await clock.advance(PIGPIOD_LIMITS.replyMs - 100);
    const second = client.request("PIGPV").catch((error: unknown) => error);
    await clock.advance(100);
    expect([await first, await second]).toEqual([expect.any(PigpiodError), expect.any(PigpiodError)]);
    expect(told).toEqual([expect.stringContaining("did not answer within 700 ms")]);
  });

  it("does not hold a late answer against a request that is younger", async () => {
    await client.connect(listener);
    await clock.advance(PIGPIOD_LIMITS.replyMs - 100);
    daemon.replies = "none";
    let isSettled = false;
    const asked = client.request("PIGPV").catch(() => {
      isSettled = true;
    });
    await clock.advance(PIGPIOD_LIMITS.replyMs - 1);
    expect(isSettled).toBe(false);
    await clock.advance(1);
    await asked;
    expect(isSettled).toBe(true);
  });
});
