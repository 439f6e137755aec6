/** What waits while the hub is gone, and what the outbox keeps of it on the disk. */
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { reports as reportsSchema } from "#protocol/device-events.ts";
import { createForgetfulReports } from "../../../pi-agent/reports/report-outbox.ts";
import { eventually } from "../../support/eventually.ts";
import { fakeClock, settle } from "../../support/fake-clock.ts";
import { smallDisk } from "../../support/small-disk.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { NOON, numbers, OutboxBench } from "./outbox-bench.ts";

const newFolder = temporaryFolders();
let bench: OutboxBench;

beforeEach(() => {
  bench = new OutboxBench(newFolder());
});
afterEach(() => bench.close());

describe("a report while the hub answers", () => {
  it("goes at once, alone, with its time, and never to the disk", async () => {
    bench.start().connected();
    for (const v of [1, 2, 3]) {
      bench.outbox.add({ v });
      await bench.clock.advance(1_000);
    }
    await bench.clock.advance(60_000);
    expect(bench.asked).toEqual(
      [1, 2, 3].map((v, i) => ({ event: "report", args: [{ v }, { time: NOON + i * 1000 }] })),
    );
    expect(existsSync(bench.folder)).toBe(false);
    expect(bench.said).toEqual([]);
  });

  it("waits for the one before it, and is live too: in a batch it could count as older", async () => {
    bench.start().connected();
    bench.addMany(4);
    await eventually(() => bench.asked.length === 4);
    expect(bench.asked.map(({ event, args }) => [event, args[0]])).toEqual(numbers(4).map((v) => ["report", { v }]));
  });

  it("goes with others when there is a flood of them, but the newest is live", async () => {
    bench.start().connected();
    bench.addMany(500);
    await eventually(() => bench.asked.length === 5);
    expect(bench.asked.map(({ event }) => event)).toEqual(["report", "reports", "reports", "reports", "report"]);
    expect(bench.valuesSent()).toEqual(numbers(498, 1));
    expect(bench.asked.at(-1)?.args[0]).toEqual({ v: 499 });
  });

  it("goes again as one that waited when nothing answers, with the same time, though the clock was set", async () => {
    bench.answer = () => undefined;
    bench.start().connected();
    bench.outbox.add({ v: 0 });
    await bench.clock.advance(10_000);
    expect(bench.told("reports-wait")).toEqual(["The hub takes no reports now: it does not answer. Trying again."]);
    bench.clock.jump(bench.clock.now() + 3_600_000);
    bench.answer = () => ({});
    await bench.clock.advance(1_000);
    expect(bench.asked).toEqual([
      { event: "report", args: [{ v: 0 }, { time: NOON }] },
      { event: "reports", args: [[[NOON, { v: 0 }]]] },
    ]);
  });

  it("is written when the answer takes too long, and the files go when it came", async () => {
    bench.answer = () => undefined;
    bench.start().connected();
    bench.outbox.add({ v: 0 });
    await bench.clock.advance(1_999);
    expect(existsSync(bench.folder)).toBe(false);
    await bench.clock.advance(1);
    await eventually(() => bench.onDisk().includes('{"v":0}'));
    bench.answer = () => ({});
    await bench.eventuallyLater(() => readdirSync(bench.folder).length === 0);
  });

  it("that is larger than a frame is dropped and told once", async () => {
    bench.start().connected();
    for (let i = 0; i < 3; i++) bench.outbox.add({ text: "x".repeat(40_000) });
    bench.outbox.add({ v: 1 });
    await settle();
    expect(bench.asked).toHaveLength(1);
    expect(bench.told("report-too-big")).toHaveLength(1);
  });
});

describe("reports while the hub is gone", () => {
  it("go when it is back: oldest first, in batches that fit a frame, one unanswered at a time, each with its time", async () => {
    let open = 0;
    let most = 0;
    bench.start({
      send: (event, args, ack) => {
        bench.asked.push({ event, args });
        most = Math.max(most, ++open);
        setImmediate(() => {
          open -= 1;
          ack({});
        });
        return true;
      },
    });
    for (const v of numbers(1000)) {
      bench.outbox.add({ v });
      await bench.clock.advance(10);
    }
    bench.outbox.connected();
    await eventually(() => bench.valuesSent().length === 1000);
    expect(bench.batched()).toEqual(numbers(1000).map((v) => [NOON + v * 10, { v }]));
    expect(most).toBe(1);
    for (const { args } of bench.asked) expect(reportsSchema.parse(args[0]).length).toBeLessThanOrEqual(200);
    await eventually(() => bench.told("reports-sent").length === 1);
    expect(bench.told("reports-sent")).toEqual(["1000 reports that waited for the hub were sent."]);
  });

  it("stay under 32 kB a batch when they are large", async () => {
    bench.start();
    for (let v = 0; v < 20; v++) bench.outbox.add({ v, text: "ü".repeat(2_000) });
    bench.outbox.connected();
    await eventually(() => bench.valuesSent().length === 20);
    for (const { args } of bench.asked) expect(Buffer.byteLength(JSON.stringify(args))).toBeLessThan(33_000);
    expect(bench.valuesSent()).toEqual(numbers(20));
  });

  it("are a batch even when there is one: it is no live value any more", async () => {
    bench.start();
    bench.outbox.add({ v: 0 });
    await bench.clock.advance(1_000);
    bench.outbox.connected();
    expect(bench.asked).toEqual([{ event: "reports", args: [[[NOON, { v: 0 }]]] }]);
  });

  it("are written once in two seconds", async () => {
    bench.start();
    let writes = 0;
    let before = "";
    for (let i = 0; i < 1_000; i++) {
      bench.outbox.add({ v: i });
      await bench.clock.advance(10);
      if (bench.onDisk() !== before) writes += 1;
      before = bench.onDisk();
    }
    expect(writes).toBeGreaterThan(0);
    expect(writes).toBeLessThanOrEqual(5);
    await bench.eventuallyLater(() => bench.onDisk().includes('{"v":999}'));
  });

  it("go after a restart of the agent, and after one of the computer with their own time", async () => {
    bench.start();
    bench.addMany(3);
    await bench.outbox.close();
    await bench.clock.advance(5_000);
    bench.start();
    expect(bench.told("reports-found")).toEqual(["3 reports from before the start wait for the hub."]);
    bench.addMany(2, 3);
    await bench.outbox.close();
    bench.bootId = "boot-2";
    bench.clock = fakeClock(NOON + 3_600_000);
    bench.start();
    bench.outbox.add({ v: 5 });
    bench.outbox.connected();
    await eventually(() => bench.valuesSent().length === 6);
    const times = [NOON, NOON, NOON, NOON + 5_000, NOON + 5_000, NOON + 3_600_000];
    expect(bench.batched()).toEqual(times.map((time, v) => [time, { v }]));
  });

  it("get the right time when the clock is set late", async () => {
    bench.clock = fakeClock(Date.UTC(1970, 0, 1));
    bench.start();
    bench.outbox.add({ v: 0 });
    await bench.clock.advance(30_000);
    bench.clock.jump(NOON);
    bench.outbox.connected();
    expect(bench.batched()).toEqual([[NOON - 30_000, { v: 0 }]]);
  });

  it("get the hub's time when the clock is never set", async () => {
    bench.clock = fakeClock(Date.UTC(1970, 0, 1));
    bench.start();
    bench.outbox.add({ v: 0 });
    await bench.clock.advance(30_000);
    bench.outbox.connected(NOON);
    expect(bench.batched()).toEqual([[NOON - 30_000, { v: 0 }]]);
  });

  it("whose time can never be known are dropped, and that is told", async () => {
    bench.clock = fakeClock(Date.UTC(1970, 0, 1));
    bench.start();
    bench.addMany(2);
    await bench.outbox.close();
    bench.bootId = "boot-2";
    bench.clock = fakeClock(NOON);
    bench.start();
    bench.outbox.add({ v: 9 });
    bench.outbox.connected();
    await settle();
    expect(bench.valuesSent()).toEqual([9]);
    expect(bench.told("reports-undated")).toEqual([expect.stringMatching(/^2 reports were dropped: the clock/)]);
    expect(bench.toldHub).toHaveLength(1);
  });

  it("push out the oldest when there is no more room: told once, and the hub hears how many", async () => {
    bench.start({ bounds: { maxReports: 100, maxBytes: 100_000 } });
    bench.addMany(130);
    bench.outbox.connected();
    await eventually(() => bench.valuesSent().length === 100);
    expect(bench.valuesSent()).toEqual(numbers(100, 30));
    expect(bench.told("reports-full")).toHaveLength(1);
    expect(bench.told("reports-lost")).toEqual(bench.toldHub);
    expect(bench.toldHub).toEqual([expect.stringMatching(/^30 reports of the time without the hub were dropped/)]);
  });
});

describe("the disk of the outbox", () => {
  const disk = smallDisk(newFolder);

  it("that cannot be written is told once, and again only after it worked", async () => {
    writeFileSync(bench.folder, "in the way");
    bench.start();
    bench.outbox.add({ v: 0 });
    await bench.eventuallyLater(() => bench.told("reports-not-kept").length === 1);
    await bench.clock.advance(60_000);
    await settle();
    expect(bench.told("reports-not-kept")).toEqual([
      expect.stringMatching(/^Reports that wait .* are kept in memory only: E/),
    ]);
    rmSync(bench.folder);
    await bench.eventuallyLater(() => bench.onDisk().includes('{"v":0}'));
    bench.outbox.connected();
    expect(bench.valuesSent()).toEqual([0]);
  });

  disk.it("that is read-only costs nothing but the safety", async () => {
    disk.setReadOnly(true);
    bench.start({ folder: join(disk.folder, "reports") });
    bench.addMany(10);
    await bench.eventuallyLater(() => bench.told("reports-not-kept").length === 1);
    expect(bench.told("reports-not-kept")[0]).toContain("EROFS");
    bench.outbox.connected();
    expect(bench.valuesSent()).toEqual(numbers(10));
    disk.setReadOnly(false);
  });

  it("gets at the end what is not sent, and nothing more", async () => {
    bench.start();
    bench.addMany(3);
    await bench.outbox.close();
    const before = bench.onDisk();
    expect(before.match(/\{"v":/g)).toHaveLength(3);
    await bench.clock.advance(60_000);
    expect(bench.onDisk()).toBe(before);
  });
});

describe("reports of an agent that keeps nothing", () => {
  it("go if the hub is there", () => {
    const forgetful = createForgetfulReports(bench.send);
    forgetful.add({ v: 0 });
    bench.isThere = false;
    forgetful.add({ v: 1 });
    expect(bench.asked).toEqual([{ event: "report", args: [{ v: 0 }] }]);
  });
});
