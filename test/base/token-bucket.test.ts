import { describe, expect, it } from "@jest/globals";
import { TokenBucket } from "#base/token-bucket.ts";

describe("a token bucket", () => {
  it("gives its burst at once, and then as its rate is", () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0);
    expect([1, 2, 3, 4].map(() => bucket.take(1, 0))).toEqual([true, true, true, false]);
    expect(bucket.waitMs(1, 0)).toBe(100);
    expect(bucket.take(1, 99)).toBe(false);
    expect(bucket.take(1, 100)).toBe(true);
    expect(bucket.take(4, 10_000)).toBe(false);
    expect(bucket.take(3, 10_000)).toBe(true);
  });

  it("waits no longer than until it is full", () => {
    const bucket = new TokenBucket({ perSecond: 2, burst: 4 }, 0);
    bucket.take(4, 0);
    expect(bucket.waitMs(100, 0)).toBe(2_000);
    expect(bucket.isFull(1_999)).toBe(false);
    expect(bucket.isFull(2_000)).toBe(true);
  });
});
