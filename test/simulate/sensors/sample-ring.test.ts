import { describe, expect, it } from "@jest/globals";
import { SampleRing } from "../../../simulate/sensors/sample-ring.ts";

function ringOf(count: number, bounds = { maxSamples: 1_000, maxSpanMs: 1e9 }): SampleRing {
  const ring = new SampleRing(bounds);
  for (let i = 0; i < count; i++) ring.push(i);
  return ring;
}

describe("the ring of samples", () => {
  it("gives the oldest first", () => {
    const ring = ringOf(5);
    expect(ring.at(0)).toBe(0);
    expect(ring.take(2)).toEqual([0, 1]);
    expect(ring.at(0)).toBe(2);
    expect(ring.take(9)).toEqual([2, 3, 4]);
    expect(ring).toHaveLength(0);
  });

  it("keeps the newest of too many, and counts what is lost", () => {
    const ring = ringOf(250_000, { maxSamples: 100_000, maxSpanMs: 1e9 });
    expect(ring).toHaveLength(100_000);
    expect(ring.dropped).toBe(150_000);
    expect(ring.take(2)).toEqual([150_000, 150_001]);
  });

  it("keeps the newest ten minutes", () => {
    const ring = new SampleRing({ maxSamples: 100_000, maxSpanMs: 600_000 });
    for (let second = 0; second <= 1_000; second++) ring.push(second * 1_000);
    expect(ring).toHaveLength(601);
    expect(ring.at(0)).toBe(400_000);
    expect(ring.dropped).toBe(400);
  });

  it("takes back what went out, each to its place and within its bounds", () => {
    const ring = ringOf(6, { maxSamples: 6, maxSpanMs: 1e9 });
    const batch = ring.take(2);
    ring.take(1);
    ring.push(8);
    ring.putBack([...batch, 6, 7]);
    expect(ring.take(9)).toEqual([3, 4, 5, 6, 7, 8].slice(-6));
    expect(ring.dropped).toBe(2);
  });

  it("does not lose its place when it is emptied and filled many times", () => {
    const ring = new SampleRing({ maxSamples: 1_000, maxSpanMs: 1e9 });
    let expected = 0;
    for (let i = 0; i < 4_000; i += 10) {
      for (let j = i; j < i + 10; j++) ring.push(j);
      for (const time of ring.take(10)) expect(time).toBe(expected++);
    }
    expect(ring.dropped).toBe(0);
  });
});
