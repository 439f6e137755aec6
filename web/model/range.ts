/** A slider's arithmetic: steps, keys, places. */

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const PAGE_STEPS = 10;

/** The range of a declared number. Steps are 1, or finer where 1 would be coarse: 0.01 from 0 to 1. */
export function rangeOf(min: number, max: number, integer: boolean): Range {
  const fine = 10 ** Math.floor(Math.log10((max - min) / 100));
  return { min, max, step: integer || !(fine < 1) ? 1 : fine };
}

/** The nearest value on a step, within the range, without the dust of floating point. */
export function onStep({ min, max, step }: Range, value: number): number {
  const stepped = Math.round(value / step) * step;
  return Number(Math.min(max, Math.max(min, stepped)).toFixed(10));
}

/** Where a key takes the slider: arrows a step, Page keys ten, Home and End the ends; null for other keys. */
export function keyTarget(range: Range, key: string, value: number): number | null {
  const { min, max, step } = range;
  switch (key) {
    case "ArrowUp":
    case "ArrowRight":
      return onStep(range, value + step);
    case "ArrowDown":
    case "ArrowLeft":
      return onStep(range, value - step);
    case "PageUp":
      return onStep(range, value + step * PAGE_STEPS);
    case "PageDown":
      return onStep(range, value - step * PAGE_STEPS);
    case "Home":
      return min;
    case "End":
      return max;
    default:
      return null;
  }
}

/** Place of a value in the range, 0 to 1. */
export function fraction({ min, max }: Range, value: number): number {
  return max === min ? 0 : Math.min(1, Math.max(0, (value - min) / (max - min)));
}
