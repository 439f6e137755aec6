import type { Duplex } from "node:stream";
import { Writable } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import { Outbox, Turn } from "../../../hub/doors/outbox.ts";

class Sink extends Writable {
  readonly writes: string[] = [];
  blocked = false;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(chunk.toString());
    if (!this.blocked) done();
  }
}

function box(maxBytes = 1000, onOverflow = (): void => {}): { sink: Sink; outbox: Outbox } {
  const sink = new Sink();
  return { sink, outbox: new Outbox(sink as unknown as Duplex, new Turn(), maxBytes, onOverflow) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("an outbox", () => {
  it("sends what one turn queued with one write, in order", async () => {
    const { sink, outbox } = box();
    outbox.release();
    for (const text of ["a", "b", "c"]) outbox.push(Buffer.from(text));
    expect(sink.writes).toEqual([]);
    await turn();
    expect(sink.writes).toEqual(["abc"]);
  });

  it("holds everything until it is released", async () => {
    const { sink, outbox } = box();
    outbox.push(Buffer.from("a"));
    await turn();
    expect(sink.writes).toEqual([]);
    outbox.release();
    await turn();
    expect(sink.writes).toEqual(["a"]);
  });

  it("flushes at once when asked, and not again at the end of the turn", async () => {
    const { sink, outbox } = box();
    outbox.release();
    outbox.push(Buffer.from("a"));
    outbox.flush();
    await turn();
    expect(sink.writes).toEqual(["a"]);
  });

  it("drops what is queued and says so when the peer does not read", async () => {
    let overflows = 0;
    const { sink, outbox } = box(10, () => {
      overflows += 1;
    });
    sink.blocked = true;
    outbox.release();
    outbox.push(Buffer.from("12345678"));
    await turn();
    outbox.push(Buffer.from("abc"));
    expect(overflows).toBe(1);
    expect(outbox.unsentBytes).toBe(8);
  });
});

describe("a turn", () => {
  it("that writes to hundreds lets others in between, and leaves out nobody", async () => {
    const shared = new Turn();
    const sinks = Array.from({ length: 450 }, () => new Sink());
    for (const sink of sinks) {
      const outbox = new Outbox(sink as unknown as Duplex, shared, 1000, () => {});
      outbox.release();
      outbox.push(Buffer.from("a"));
      outbox.push(Buffer.from("b"));
    }
    const counts: number[] = [];
    for (let i = 0; i < 4; i++) {
      await turn();
      counts.push(sinks.filter(({ writes }) => writes.length > 0).length);
    }
    expect(counts).toEqual([200, 400, 450, 450]);
    expect(sinks.every(({ writes }) => writes.join() === "ab")).toBe(true);
  });
});
