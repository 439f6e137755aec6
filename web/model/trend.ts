/** The last minute of a number, for the small line beside it. */
import type { Value } from "#protocol/values.ts";

const MAX_POINTS = 60;
/** Points closer than this replace each other, so that a fast sensor keeps a minute and not a second. */
const MIN_SPACING_MS = 1000;

export interface Trends {
  /** Keeps the numbers of a value, its own (field "") or its fields'. `at` in ms. */
  add(value: Value, at: number): void;
  /** Oldest first. */
  points(field: string): readonly number[];
}

interface Line {
  readonly points: number[];
  newAt: number;
}

export function createTrends(): Trends {
  const lines = new Map<string, Line>();

  function addPoint(field: string, value: number, at: number): void {
    const line = lines.get(field);
    if (line === undefined) {
      lines.set(field, { points: [value], newAt: at });
    } else if (at - line.newAt < MIN_SPACING_MS) {
      line.points[line.points.length - 1] = value;
    } else {
      line.points.push(value);
      line.newAt = at;
      if (line.points.length > MAX_POINTS) line.points.shift();
    }
  }

  return {
    add(value, at) {
      if (typeof value === "number") addPoint("", value, at);
      if (typeof value !== "object") return;
      for (const [field, part] of Object.entries(value)) if (typeof part === "number") addPoint(field, part, at);
    },
    points: (field) => lines.get(field)?.points ?? [],
  };
}

/** SVG path of the points in a box of `width` × `height`; empty below two points. A flat line lies in the middle. */
export function trendPath(points: readonly number[], width: number, height: number): string {
  if (points.length < 2) return "";
  // Halves: the difference of the largest numbers is none that there is.
  const low = Math.min(...points) / 2;
  const span = Math.max(...points) / 2 - low;
  const x = (i: number): number => (i / (points.length - 1)) * width;
  const y = (value: number): number => (span === 0 ? height / 2 : height - ((value / 2 - low) / span) * height);
  return points.map((value, i) => `${i === 0 ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("");
}
