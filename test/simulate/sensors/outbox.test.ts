import { describe, expect, it } from "@jest/globals";
import type { Values } from "#protocol/values.ts";
import { Outbox } from "../../../simulate/sensors/outbox.ts";
import { SampleRing } from "../../../simulate/sensors/sample-ring.ts";
import { fakeClock } from "../../support/fake-clock.ts";

interface Frame {
  readonly event: "report" | "reports";
  readonly id?: number;
  readonly time?: number;
  readonly data: ReadonlyArray<readonly [number, Values]>;
}

function open(signal: (time: number) => Values = (time) => ({ n: time })) {
  const clock = fakeClock();
  const frames: Frame[] = [];
  const texts: string[] = [];
  const given = { up: 0 };
  const ring = new SampleRing({ maxSamples: 100_000, maxSpanMs: 1e12 });
  const outbox = new Outbox({
    clock,
    ring,
    signal,
    send(text) {
      texts.push(text);
      frames.push(JSON.parse(text) as Frame);
    },
    giveUp: () => void given.up++,
  });
  const batches = (): readonly Frame[] => frames.filter(({ event }) => event === "reports");
  const live = (): readonly Frame[] => frames.filter(({ event }) => event === "report");
  return { clock, outbox, ring, frames, texts, given, batches, live };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

describe("the outbox of a sensor", () => {
  it("sends live what is measured while the link is up, each with its time", () => {
    const { outbox, frames, ring } = open();
    outbox.connected();
    outbox.add([1, 2], false);
    expect(frames).toEqual([
      { event: "report", data: { n: 1 }, time: 1, id: 1 },
      { event: "report", data: { n: 2 }, time: 2 },
    ]);
    expect(ring).toHaveLength(0);
  });

  it("asks for an acknowledgement twice a second at most", async () => {
    const { outbox, clock, live } = open();
    outbox.connected();
    for (let i = 0; i < 100; i++) {
      outbox.add([i], false);
      for (const { id } of live().slice(-1)) if (id !== undefined) outbox.acknowledged(id);
      await clock.advance(20);
    }
    expect(live()).toHaveLength(100);
    expect(live().filter(({ id }) => id !== undefined)).toHaveLength(4);
  });

  it("keeps what is measured before the welcome, and sends it in batches of 500, the next when one is acknowledged", () => {
    const { outbox, batches, ring } = open();
    outbox.add(range(0, 1_200), false);
    expect(batches()).toHaveLength(0);
    outbox.connected();
    expect(batches()).toHaveLength(1);
    outbox.add([1_200], false);
    for (let i = 0; i < 4; i++) outbox.acknowledged(batches()[i]?.id ?? -1);
    expect(batches().map(({ data }) => data.length)).toEqual([500, 500, 200]);
    expect(batches().flatMap(({ data }) => data.map(([time]) => time))).toEqual(range(0, 1_200));
    expect(ring).toHaveLength(0);
  });

  it("keeps batches below the limit of a frame", () => {
    const { outbox, batches, texts } = open((time) => ({ n: time, text: "x".repeat(400) }));
    outbox.add(range(0, 600), false);
    outbox.connected();
    for (let i = 0; i < 10; i++) outbox.acknowledged(batches()[i]?.id ?? -1);
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(65_536);
    expect(batches().flatMap(({ data }) => data.map(([time]) => time))).toEqual(range(0, 600));
  });

  it("sends what came late in a batch while the link is up", () => {
    const { outbox, batches, live } = open();
    outbox.connected();
    outbox.add(range(0, 300), true);
    outbox.add([300], false);
    expect(batches().map(({ data }) => data.length)).toEqual([300]);
    expect(live().map(({ time }) => time)).toEqual([300]);
  });

  it("sends again what the hub had not acknowledged when the link was lost", () => {
    const { outbox, batches, live } = open();
    outbox.add([0, 1], false);
    outbox.connected();
    outbox.add([2], false);
    outbox.acknowledged(live()[0]?.id ?? -1);
    outbox.add([3, 4], false);
    outbox.disconnected();
    outbox.add([5], false);
    outbox.connected();
    expect(batches()[1]?.data.map(([time]) => time)).toEqual([0, 1, 3, 4, 5]);
  });

  it("takes no answer of the connection before for one of this", () => {
    const { outbox, batches } = open();
    outbox.add(range(0, 500), false);
    outbox.connected();
    outbox.disconnected();
    outbox.connected();
    outbox.acknowledged(batches()[0]?.id ?? -1);
    outbox.disconnected();
    outbox.connected();
    expect(batches().map(({ data }) => data.length)).toEqual([500, 500, 500]);
  });

  it("keeps what a hub that falls behind does not acknowledge", () => {
    const { outbox, ring, live, batches } = open();
    outbox.connected();
    outbox.add(range(0, 5_000), false);
    expect(live()).toHaveLength(2_000);
    expect(batches()).toHaveLength(1);
    expect(ring).toHaveLength(2_500);
  });

  it("gives up a connection on which nothing is acknowledged for ten seconds", async () => {
    const { outbox, clock, given } = open();
    outbox.connected();
    outbox.add([0], false);
    await clock.advance(9_900);
    outbox.add([1], false);
    expect(given.up).toBe(0);
    await clock.advance(200);
    outbox.add([2], false);
    expect(given.up).toBe(1);
  });
});
