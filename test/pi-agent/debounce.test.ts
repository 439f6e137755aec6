import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createDebounce } from "../../pi-agent/debounce.ts";

/** Feeds samples 10 ms apart; `1` is high. @returns the times at which the level changed */
function changes(samples: string, holdMs: number, initial = false): readonly number[] {
  const debounce = createDebounce(initial, holdMs);
  return [...samples].flatMap((sample, i) => (debounce.take(sample === "1", i * 10) ? [i * 10] : []));
}

describe("a debounce", () => {
  it("takes a level that has held", () => {
    expect(changes("0111111", 30)).toEqual([40]);
  });

  it("takes no level that bounces back too soon", () => {
    expect(changes("0110110110", 30)).toEqual([]);
  });

  it("waits from the last bounce on", () => {
    expect(changes("01011111", 30)).toEqual([60]);
  });

  it("takes press and release once each", () => {
    expect(changes("0111111000000", 30)).toEqual([40, 100]);
  });

  it("takes every sample when nothing has to hold", () => {
    expect(changes("0110", 0)).toEqual([10, 30]);
  });

  it("never changes twice within the time that a level must hold", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (samples) => {
        const times = changes(samples.map(Number).join(""), 50);
        expect(times.every((at, i) => i === 0 || at - (times[i - 1] ?? 0) >= 50)).toBe(true);
      }),
    );
  });
});
