/** What a sensor measures, for benches: a walk of two decimals, the same for the same seed, so that who reads it back knows what was said. */

/** A step goes up or down by at most so many hundredths. */
const STEP = 127.5;

export class SensorWalk {
  readonly #levels: number[];
  #seed: number;

  constructor(seed: number, fields: number) {
    this.#seed = seed;
    this.#levels = Array.from({ length: fields }, () => 0);
  }

  /** The next value of each field. */
  next(): readonly number[] {
    return this.#levels.map((level, field) => {
      this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
      const next = level + ((this.#seed >>> 24) - STEP) / 100;
      this.#levels[field] = next;
      return Math.round(next * 100) / 100;
    });
  }
}

export type SampleRow = readonly [device: string, property: string, value: number, at: number];

/** The samples of many devices, a report of each every 10 ms, up to now. */
export function* walkOf(devices: number, properties: readonly string[], samples: number): Generator<SampleRow> {
  const names = Array.from({ length: devices }, (_, i) => `device-${i}`);
  const walks = names.map((_, i) => new SensorWalk(i + 1, properties.length));
  let at = Date.now() - samples / 20;
  for (let made = 0; made < samples; ) {
    at += 10;
    for (const [d, device] of names.entries()) {
      for (const [p, value] of (walks[d]?.next() ?? []).entries()) {
        if (made++ < samples) yield [device, properties[p] ?? "", value, at + (d % 3)];
      }
    }
  }
}
