/** Noise that is a function of its place: the same seed and place give the same number, in any order. Called by the signals. */

export interface Noise {
  /** From -1 to 1, a number of its own for every whole `n`. */
  white(n: number): number;
  /** From about -1 to 1, near to a bell curve. */
  bell(n: number): number;
  /** From -1 to 1, without steps: `white` at whole numbers, and a soft way between them. */
  smooth(x: number): number;
}

/** 2^32: a place beyond it has a high part. */
const HIGH = 0x1_0000_0000;

/** @param seed from `seedOf`, or any whole number of 32 bits */
export function createNoise(seed: number): Noise {
  const white = (n: number): number => {
    const whole = Math.floor(n);
    return (mix(mix(seed ^ (whole | 0)) ^ Math.floor(whole / HIGH)) / HIGH) * 2 - 1;
  };
  return {
    white,
    bell: (n) => (white(3 * n) + white(3 * n + 1) + white(3 * n + 2)) / 1.5,
    smooth(x) {
      const left = Math.floor(x);
      const part = x - left;
      return white(left) + (white(left + 1) - white(left)) * part * part * (3 - 2 * part);
    },
  };
}

/** The seed that a name stands for (FNV-1a), so that a device is the same one after a restart. */
export function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return mix(hash);
}

/** Any 32 bits → other ones that show no pattern (the finisher of MurmurHash3), from 0. */
function mix(bits: number): number {
  let h = bits | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
