import { describe, expect, it } from "@jest/globals";
import { createNoise, seedOf } from "../../../simulate/sensors/noise.ts";

const PLACES = Array.from({ length: 10_000 }, (_, i) => 1_760_000_000_000 + i);

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

describe("noise", () => {
  const noise = createNoise(seedOf("accelerometer-1"));

  it("is the same at the same place, in any order", () => {
    const again = createNoise(seedOf("accelerometer-1"));
    expect([...PLACES].reverse().map(again.white)).toEqual(PLACES.map(noise.white).reverse());
  });

  it("is another one for another seed", () => {
    const other = createNoise(seedOf("accelerometer-2"));
    const together = PLACES.map((n) => noise.white(n) * other.white(n));
    expect(Math.abs(mean(together))).toBeLessThan(0.02);
  });

  it.each(["white", "bell", "smooth"] as const)("%s stays between -1 and 1, around 0", (kind) => {
    const numbers = PLACES.map(noise[kind]);
    expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(kind === "bell" ? 2 : 1);
    expect(Math.abs(mean(numbers))).toBeLessThan(0.03);
  });

  it("white knows nothing of its neighbours", () => {
    expect(Math.abs(mean(PLACES.map((n) => noise.white(n) * noise.white(n + 1))))).toBeLessThan(0.02);
  });

  it("differs in places that are 2^32 apart", () => {
    expect(noise.white(5 + 2 ** 32)).not.toBe(noise.white(5));
  });

  it("smooth makes no steps", () => {
    const steps = PLACES.map((n) => Math.abs(noise.smooth(n / 100) - noise.smooth((n + 1) / 100)));
    expect(Math.max(...steps)).toBeLessThan(0.04);
  });
});
