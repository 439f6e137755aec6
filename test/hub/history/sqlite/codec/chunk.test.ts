import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { SampleRun } from "../../../../../hub/history/sample-run.ts";
import { decodeChunk, encodeChunk } from "../../../../../hub/history/sqlite/codec/chunk.ts";

const START = Date.UTC(2026, 0, 1);
const micros = fc.integer({ min: 0, max: 86_400_000_000 }).map((us) => Math.round(START * 1000 + us) / 1000);
const time = fc.oneof(micros, fc.integer({ min: START, max: START + 86_400_000 }));
const counter = fc.oneof(
  fc.integer({ min: -1_000_000, max: 99_999_999_999 }),
  fc.integer({ min: 0, max: 1e9 }).map((us) => us / 1000),
);
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 1000),
  fc.integer(),
  fc.constantFrom(0, 1, 2 ** 53, -(2 ** 52), 1e300, 5e-324, 0.1 + 0.2),
);
const sample = fc.oneof(
  fc.tuple(time, fc.constantFrom(0, 4), fc.constant(0), value),
  fc.tuple(time, fc.constantFrom(1, 5), time, value),
  fc.tuple(time, fc.constantFrom(2, 6), counter, value),
);

function runOf(samples: ReadonlyArray<readonly [number, number, number, number]>): SampleRun {
  const run = new SampleRun();
  for (const [at, flags, other, number] of samples) run.push(at, flags, other, number);
  return run.sorted();
}

function listOf(run: SampleRun): unknown {
  return Array.from({ length: run.length }, (_, i) => [run.time(i), run.flag(i), run.other(i), run.value(i)]);
}

describe("a chunk", () => {
  it("gives back exactly what was put in it", () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 200 }), (samples) => {
        const run = runOf(samples);
        expect(listOf(decodeChunk(encodeChunk(run)))).toEqual(listOf(run));
      }),
      { numRuns: 300 },
    );
  });

  it("takes some two bytes for a sample of a sensor, and a few for any number", () => {
    const sensor = new SampleRun();
    const any = new SampleRun();
    let seed = 1;
    for (let i = 0; i < 8192; i++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const at = START + i * 1000 + (seed >>> 30);
      sensor.push(at, 1, at + ((seed >>> 20) % 5), Math.round(2000 + 300 * Math.sin(i / 1000) + (seed >>> 29)) / 100);
      any.push(at, 0, 0, seed / 3);
    }
    expect(encodeChunk(sensor).length / 8192).toBeLessThan(2);
    expect(encodeChunk(any).length / 8192).toBeLessThan(9);
  });

  it("says when it is damaged, whatever byte it is", () => {
    const run = new SampleRun();
    for (let i = 0; i < 300; i++) run.push(START + i * i, 1, START + i * i + (i % 7), Math.sin(i));
    const blob = encodeChunk(run);
    let told = 0;
    for (let i = 0; i < blob.length; i++) {
      const broken = Buffer.from(blob);
      broken[i] = (broken[i] ?? 0) ^ 0xff;
      try {
        decodeChunk(broken);
      } catch (error) {
        expect(error instanceof SyntaxError || error instanceof RangeError).toBe(true);
        told++;
      }
    }
    expect(told).toBeGreaterThan(blob.length / 100);
    expect(() => decodeChunk(blob.subarray(0, 40))).toThrow(SyntaxError);
  });
});
