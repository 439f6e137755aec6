/** The outbox with real files and a fake clock; the hub is a list of what was asked, answered as a test says. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { reports as reportsSchema } from "#protocol/device-events.ts";
import {
  createForgetfulReports,
  createReportOutbox,
  type ReportOutbox,
  type ReportOutboxParts,
  type ReportSender,
} from "../../../pi-agent/reports/report-outbox.ts";
import { eventually } from "../../support/eventually.ts";
import { type FakeClock, fakeClock, settle } from "../../support/fake-clock.ts";
import { smallDisk } from "../../support/small-disk.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

interface Asked {
  readonly event: string;
  readonly args: readonly unknown[];
}

const newFolder = temporaryFolders();
const NOON = Date.UTC(2026, 5, 1, 12);
const REFUSED = { error: { code: "INVALID_VALUE", message: "`v` must be at most 5." } };

let clock: FakeClock;
let folder: string;
let asked: Asked[];
let said: { readonly level: string; readonly event: string; readonly text: string }[];
let toldHub: string[];
/** What the hub answers; undefined is silence. */
let answer: (asked: Asked) => unknown;
let isThere: boolean;
let outbox: ReportOutbox;
let bootId: string;

beforeEach(() => {
  clock = fakeClock(NOON);
  folder = join(newFolder(), "reports");
  [asked, said, toldHub] = [[], [], []];
  answer = () => ({});
  isThere = true;
  bootId = "boot-1";
});
afterEach(() => outbox.close());

const send: ReportSender = (event, args, ack) => {
  if (!isThere) return false;
  const one = { event, args };
  asked.push(one);
  const said = answer(one);
  if (said !== undefined) setImmediate(() => ack(said));
  return true;
};

function start(parts: Partial<ReportOutboxParts> = {}): ReportOutbox {
  const { monotonic } = clock;
  outbox = createReportOutbox({
    clock,
    folder,
    log: { say: (level, event, text) => said.push({ level, event, text }) },
    send,
    boot: { id: bootId, elapsed: () => 1_000_000 + monotonic() },
    tellHub: (text) => toldHub.push(text),
    ...parts,
  });
  return outbox;
}

/** Turns the clock in steps that leave the disk and the answers their time. */
function eventuallyLater(condition: () => boolean): Promise<void> {
  return eventually(async () => {
    await clock.advance(250);
    return condition();
  });
}

function addMany(count: number, from = 0): void {
  for (let v = from; v < from + count; v++) outbox.add({ v });
}

/** Everything the hub was sent in `reports`, flat. */
function batched(): [number, { v: number }][] {
  return asked.filter(({ event }) => event === "reports").flatMap(({ args }) => args[0] as [number, { v: number }][]);
}
const valuesSent = (): number[] => batched().map(([, { v }]) => v);
const numbers = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => i + from);
const told = (event: string): string[] => said.filter((line) => line.event === event).map(({ text }) => text);
/** What the files hold; nothing while they are being removed. */
function onDisk(): string {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
  } catch {
    return "";
  }
}

describe("a report while the hub answers", () => {
  it("goes at once, alone, with its time, and never to the disk", async () => {
    start().connected();
    for (const v of [1, 2, 3]) {
      outbox.add({ v });
      await clock.advance(1_000);
    }
    await clock.advance(60_000);
    expect(asked).toEqual([1, 2, 3].map((v, i) => ({ event: "report", args: [{ v }, { time: NOON + i * 1000 }] })));
    expect(existsSync(folder)).toBe(false);
    expect(said).toEqual([]);
  });

  it("waits for the one before it, and goes with those that wait too", async () => {
    start().connected();
    addMany(4);
    await settle();
    expect(asked.map(({ event }) => event)).toEqual(["report", "reports"]);
    expect(valuesSent()).toEqual([1, 2, 3]);
  });

  it("goes again as one that waited when nothing answers, with the same time, though the clock was set", async () => {
    answer = () => undefined;
    start().connected();
    outbox.add({ v: 0 });
    await clock.advance(10_000);
    expect(told("reports-wait")).toEqual(["The hub takes no reports now: it does not answer. Trying again."]);
    clock.jump(clock.now() + 3_600_000);
    answer = () => ({});
    await clock.advance(1_000);
    expect(asked).toEqual([
      { event: "report", args: [{ v: 0 }, { time: NOON }] },
      { event: "reports", args: [[[NOON, { v: 0 }]]] },
    ]);
  });

  it("is written when the answer takes too long, and the files go when it came", async () => {
    answer = () => undefined;
    start().connected();
    outbox.add({ v: 0 });
    await clock.advance(1_999);
    expect(existsSync(folder)).toBe(false);
    await clock.advance(1);
    await eventually(() => onDisk().includes('{"v":0}'));
    answer = () => ({});
    await eventuallyLater(() => readdirSync(folder).length === 0);
  });

  it("that is larger than a frame is dropped and told once", async () => {
    start().connected();
    for (let i = 0; i < 3; i++) outbox.add({ text: "x".repeat(40_000) });
    outbox.add({ v: 1 });
    await settle();
    expect(asked).toHaveLength(1);
    expect(told("report-too-big")).toHaveLength(1);
  });
});

describe("reports while the hub is gone", () => {
  it("go when it is back: oldest first, in batches that fit a frame, one unanswered at a time, each with its time", async () => {
    let open = 0;
    let most = 0;
    start({
      send: (event, args, ack) => {
        asked.push({ event, args });
        most = Math.max(most, ++open);
        setImmediate(() => {
          open -= 1;
          ack({});
        });
        return true;
      },
    });
    for (const v of numbers(1000)) {
      outbox.add({ v });
      await clock.advance(10);
    }
    outbox.connected();
    await eventually(() => valuesSent().length === 1000);
    expect(batched()).toEqual(numbers(1000).map((v) => [NOON + v * 10, { v }]));
    expect(most).toBe(1);
    for (const { args } of asked) expect(reportsSchema.parse(args[0]).length).toBeLessThanOrEqual(200);
    await eventually(() => told("reports-sent").length === 1);
    expect(told("reports-sent")).toEqual(["1000 reports that waited for the hub were sent."]);
  });

  it("stay under 32 kB a batch when they are large", async () => {
    start();
    for (let v = 0; v < 20; v++) outbox.add({ v, text: "ü".repeat(2_000) });
    outbox.connected();
    await eventually(() => valuesSent().length === 20);
    for (const { args } of asked) expect(Buffer.byteLength(JSON.stringify(args))).toBeLessThan(33_000);
    expect(valuesSent()).toEqual(numbers(20));
  });

  it("are a batch even when there is one: it is no live value any more", async () => {
    start();
    outbox.add({ v: 0 });
    await clock.advance(1_000);
    outbox.connected();
    expect(asked).toEqual([{ event: "reports", args: [[[NOON, { v: 0 }]]] }]);
  });

  it("are written once in two seconds", async () => {
    start();
    let writes = 0;
    let before = "";
    for (let i = 0; i < 1_000; i++) {
      outbox.add({ v: i });
      await clock.advance(10);
      if (onDisk() !== before) writes += 1;
      before = onDisk();
    }
    expect(writes).toBeGreaterThan(0);
    expect(writes).toBeLessThanOrEqual(5);
    await eventuallyLater(() => onDisk().includes('{"v":999}'));
  });

  it("go after a restart of the agent, and after one of the computer with their own time", async () => {
    start();
    addMany(3);
    await outbox.close();
    await clock.advance(5_000);
    start();
    expect(told("reports-found")).toEqual(["3 reports from before the start wait for the hub."]);
    addMany(2, 3);
    await outbox.close();
    bootId = "boot-2";
    clock = fakeClock(NOON + 3_600_000);
    start();
    outbox.add({ v: 5 });
    outbox.connected();
    await eventually(() => valuesSent().length === 6);
    const times = [NOON, NOON, NOON, NOON + 5_000, NOON + 5_000, NOON + 3_600_000];
    expect(batched()).toEqual(times.map((time, v) => [time, { v }]));
  });

  it("get the right time when the clock is set late", async () => {
    clock = fakeClock(Date.UTC(1970, 0, 1));
    start();
    outbox.add({ v: 0 });
    await clock.advance(30_000);
    clock.jump(NOON);
    outbox.connected();
    expect(batched()).toEqual([[NOON - 30_000, { v: 0 }]]);
  });

  it("get the hub's time when the clock is never set", async () => {
    clock = fakeClock(Date.UTC(1970, 0, 1));
    start();
    outbox.add({ v: 0 });
    await clock.advance(30_000);
    outbox.connected(NOON);
    expect(batched()).toEqual([[NOON - 30_000, { v: 0 }]]);
  });

  it("whose time can never be known are dropped, and that is told", async () => {
    clock = fakeClock(Date.UTC(1970, 0, 1));
    start();
    addMany(2);
    await outbox.close();
    bootId = "boot-2";
    clock = fakeClock(NOON);
    start();
    outbox.add({ v: 9 });
    outbox.connected();
    await settle();
    expect(valuesSent()).toEqual([9]);
    expect(told("reports-undated")).toEqual([expect.stringMatching(/^2 reports were dropped: the clock/)]);
    expect(toldHub).toHaveLength(1);
  });

  it("push out the oldest when there is no more room: told once, and the hub hears how many", async () => {
    start({ bounds: { maxReports: 100, maxBytes: 100_000 } });
    addMany(130);
    outbox.connected();
    await eventually(() => valuesSent().length === 100);
    expect(valuesSent()).toEqual(numbers(100, 30));
    expect(told("reports-full")).toHaveLength(1);
    expect(told("reports-lost")).toEqual(toldHub);
    expect(toldHub).toEqual([expect.stringMatching(/^30 reports of the time without the hub were dropped/)]);
  });
});

describe("a batch that breaks off", () => {
  it("goes again when the hub is back, and late answers of the old connection count for nothing", async () => {
    const acks: ((answer: unknown) => void)[] = [];
    start({
      send: (event, args, ack) => {
        asked.push({ event, args });
        acks.push(ack);
        return true;
      },
    });
    addMany(300);
    outbox.connected();
    outbox.disconnected();
    outbox.connected();
    expect(asked).toHaveLength(2);
    acks[0]?.({});
    expect(asked).toHaveLength(2);
    acks[1]?.({});
    expect(asked.map(({ args }) => (args[0] as []).length)).toEqual([200, 200, 100]);
  });

  it("goes again after a while, in smaller parts when nothing answers, and less and less often", async () => {
    answer = () => undefined;
    start();
    addMany(200);
    outbox.connected();
    await clock.advance(600_000);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.length).toBeLessThan(30);
    expect(asked.slice(0, 4).map(({ args }) => (args[0] as []).length)).toEqual([200, 100, 50, 25]);
    expect(told("reports-wait")).toHaveLength(1);
    answer = () => ({});
    asked.length = 0;
    await eventuallyLater(() => valuesSent().length === 200);
    expect(valuesSent()).toEqual(numbers(200));
  });

  it("waits when the connection ends while it is sent", async () => {
    start();
    outbox.connected();
    isThere = false;
    addMany(2);
    isThere = true;
    await clock.advance(60_000);
    expect(asked).toEqual([]);
    outbox.connected();
    expect(valuesSent()).toEqual([0, 1]);
  });

  it("waits for a hub that has a trouble of its own", async () => {
    answer = () => ({ error: { code: "STORAGE", message: "The disk is full." } });
    start();
    addMany(2);
    outbox.connected();
    await clock.advance(3_600_000);
    expect(told("reports-wait")).toEqual(["The hub takes no reports now: The disk is full. (STORAGE). Trying again."]);
    answer = () => ({});
    asked.length = 0;
    await clock.advance(30_000);
    expect(valuesSent()).toEqual([0, 1]);
  });
});

describe("a report that the hub refuses", () => {
  const isBad = (v: number): boolean => v === 77 || v === 250;

  it("does not hold up the others", async () => {
    const taken: number[] = [];
    answer = ({ args }) => {
      const values = (args[0] as [number, { v: number }][]).map(([, { v }]) => v);
      if (values.some(isBad)) return REFUSED;
      taken.push(...values);
      return {};
    };
    start();
    addMany(400);
    outbox.connected();
    await eventually(() => taken.includes(399));
    expect(taken).toEqual(numbers(400).filter((v) => !isBad(v)));
    expect(asked.length).toBeLessThan(60);
    expect(told("report-refused")).toEqual([
      "The hub refused a report, which was dropped: `v` must be at most 5. (INVALID_VALUE)",
    ]);
    await eventually(() => told("reports-refused").length === 1);
  });

  it("is told once for each reason, however many there are", async () => {
    answer = () => REFUSED;
    start();
    addMany(500);
    outbox.connected();
    await eventually(() => told("reports-refused").length === 1);
    expect(told("report-refused")).toHaveLength(1);
    expect(told("reports-refused")).toEqual(["The hub refused 500 reports in all; they were dropped."]);
  });

  it("is also one on which the hub fails again and again", async () => {
    answer = ({ args }) =>
      JSON.stringify(args).includes('"v":1}') ? { error: { code: "INTERNAL", message: "A mistake." } } : {};
    start();
    addMany(3);
    outbox.connected();
    await clock.advance(1_200_000);
    expect(asked.at(-1)).toEqual({ event: "reports", args: [[[NOON, { v: 2 }]]] });
    expect(told("report-refused")).toHaveLength(1);
  });
});

describe("the disk of the outbox", () => {
  const disk = smallDisk(newFolder);

  it("that cannot be written is told once, and again only after it worked", async () => {
    writeFileSync(folder, "in the way");
    start();
    outbox.add({ v: 0 });
    await eventuallyLater(() => told("reports-not-kept").length === 1);
    await clock.advance(60_000);
    await settle();
    expect(told("reports-not-kept")).toEqual([
      expect.stringMatching(/^Reports that wait .* are kept in memory only: E/),
    ]);
    rmSync(folder);
    await eventuallyLater(() => onDisk().includes('{"v":0}'));
    outbox.connected();
    expect(valuesSent()).toEqual([0]);
  });

  disk.it("that is read-only costs nothing but the safety", async () => {
    disk.setReadOnly(true);
    start({ folder: join(disk.folder, "reports") });
    addMany(10);
    await eventuallyLater(() => told("reports-not-kept").length === 1);
    expect(told("reports-not-kept")[0]).toContain("EROFS");
    outbox.connected();
    expect(valuesSent()).toEqual(numbers(10));
    disk.setReadOnly(false);
  });

  it("gets at the end what is not sent, and nothing more", async () => {
    start();
    addMany(3);
    await outbox.close();
    const before = onDisk();
    expect(before.match(/\{"v":/g)).toHaveLength(3);
    await clock.advance(60_000);
    expect(onDisk()).toBe(before);
  });
});

describe("reports of an agent that keeps nothing", () => {
  it("go if the hub is there", () => {
    outbox = createForgetfulReports(send);
    outbox.add({ v: 0 });
    isThere = false;
    outbox.add({ v: 1 });
    expect(asked).toEqual([{ event: "report", args: [{ v: 0 }] }]);
  });
});
