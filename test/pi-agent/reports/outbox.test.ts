/** What the outbox makes of the hub's answers, and of none. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { eventually } from "../../support/eventually.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { NOON, numbers, OutboxBench, REFUSED } from "./outbox-bench.ts";

const newFolder = temporaryFolders();
let bench: OutboxBench;

beforeEach(() => {
  bench = new OutboxBench(newFolder());
});
afterEach(() => bench.close());

describe("a batch that breaks off", () => {
  it("goes again when the hub is back, and late answers of the old connection count for nothing", async () => {
    const acks: ((answer: unknown) => void)[] = [];
    bench.start({
      send: (event, args, ack) => {
        bench.asked.push({ event, args });
        acks.push(ack);
        return true;
      },
    });
    bench.addMany(300);
    bench.outbox.connected();
    bench.outbox.disconnected();
    bench.outbox.connected();
    expect(bench.asked).toHaveLength(2);
    acks[0]?.({});
    expect(bench.asked).toHaveLength(2);
    acks[1]?.({});
    expect(bench.asked.map(({ args }) => (args[0] as []).length)).toEqual([200, 200, 100]);
  });

  it("goes again after a while, in smaller parts when nothing answers, and less and less often", async () => {
    bench.answer = () => undefined;
    bench.start();
    bench.addMany(200);
    bench.outbox.connected();
    await bench.clock.advance(600_000);
    expect(bench.asked.length).toBeGreaterThan(10);
    expect(bench.asked.length).toBeLessThan(30);
    expect(bench.asked.slice(0, 4).map(({ args }) => (args[0] as []).length)).toEqual([200, 100, 50, 25]);
    expect(bench.told("reports-wait")).toHaveLength(1);
    bench.answer = () => ({});
    bench.asked.length = 0;
    await bench.eventuallyLater(() => bench.valuesSent().length === 200);
    expect(bench.valuesSent()).toEqual(numbers(200));
  });

  it("waits when the connection ends while it is sent", async () => {
    bench.start();
    bench.outbox.connected();
    bench.isThere = false;
    bench.addMany(2);
    bench.isThere = true;
    await bench.clock.advance(60_000);
    expect(bench.asked).toEqual([]);
    bench.outbox.connected();
    expect(bench.valuesSent()).toEqual([0, 1]);
  });

  it("waits for a hub that has a trouble of its own", async () => {
    bench.answer = () => ({ error: { code: "STORAGE", message: "The disk is full." } });
    bench.start();
    bench.addMany(2);
    bench.outbox.connected();
    await bench.clock.advance(3_600_000);
    expect(bench.told("reports-wait")).toEqual([
      "The hub takes no reports now: The disk is full. (STORAGE). Trying again.",
    ]);
    bench.answer = () => ({});
    bench.asked.length = 0;
    await bench.clock.advance(30_000);
    expect(bench.valuesSent()).toEqual([0, 1]);
  });
});

describe("a report that the hub refuses", () => {
  const isBad = (v: number): boolean => v === 77 || v === 250;

  it("does not hold up the others", async () => {
    const taken: number[] = [];
    bench.answer = ({ args }) => {
      const values = (args[0] as [number, { v: number }][]).map(([, { v }]) => v);
      if (values.some(isBad)) return REFUSED;
      taken.push(...values);
      return {};
    };
    bench.start();
    bench.addMany(400);
    bench.outbox.connected();
    await eventually(() => taken.includes(399));
    expect(taken).toEqual(numbers(400).filter((v) => !isBad(v)));
    expect(bench.asked.length).toBeLessThan(60);
    expect(bench.told("report-refused")).toEqual([
      "The hub refused a report, which was dropped: `v` must be at most 5. (INVALID_VALUE)",
    ]);
    await eventually(() => bench.told("reports-refused").length === 1);
  });

  it("is told once for each reason, however many there are", async () => {
    bench.answer = () => REFUSED;
    bench.start();
    bench.addMany(500);
    bench.outbox.connected();
    await eventually(() => bench.told("reports-refused").length === 1);
    expect(bench.told("report-refused")).toHaveLength(1);
    expect(bench.told("reports-refused")).toEqual(["The hub refused 500 reports in all; they were dropped."]);
  });

  it("is also one on which the hub fails again and again", async () => {
    bench.answer = ({ args }) =>
      JSON.stringify(args).includes('"v":1}') ? { error: { code: "INTERNAL", message: "A mistake." } } : {};
    bench.start();
    bench.addMany(3);
    bench.outbox.connected();
    await bench.clock.advance(1_200_000);
    expect(bench.asked.at(-1)).toEqual({ event: "reports", args: [[[NOON, { v: 2 }]]] });
    expect(bench.told("report-refused")).toHaveLength(1);
  });
});
