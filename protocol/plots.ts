/** Live plots: what a page asks to see of the samples as they come, and in which form it is told (`/dashboard`). */
import * as z from "zod";
import { deviceId } from "./names.ts";
import type { PointView } from "./recordings.ts";

/** As long as the history keeps anything: ten years. */
const MOST_PAST_MS = 3_660 * 86_400_000;
/** Series that one page may watch at once. */
const MOST_SERIES = 64;

const series = z.object({
  device: deviceId,
  /** With its field, if it is one of an object: `accel.x`. */
  property: z.string().min(1).max(129),
});

/** What a page wants to be told; it replaces what it wanted before. An empty list ends it. */
export const plotRequest = z.object({
  /** The page's own number for this list: news carry it, so that those of an older list are known for that. */
  list: z.number().int().min(0),
  series: z.array(series).max(MOST_SERIES),
  /** How much of the past comes with the answer, ms. */
  pastMs: z.number().min(0).max(MOST_PAST_MS),
  /** The most points of it, of each series. */
  points: z.number().int().min(1).max(2_000),
});
export type PlotRequest = z.infer<typeof plotRequest>;
export type PlotSeries = z.infer<typeof series>;

/** What there was, of each series in the order in which it was asked. */
export interface PlotPast {
  readonly past: readonly (readonly PointView[])[];
}

/** Samples since the last news; the next comes when these are acknowledged, with extremes kept of what had to be left out. */
export interface PlotNews {
  readonly list: number;
  /** Which of the list, and how many samples of it, in the order in which they stand in `samples`. */
  readonly counts: readonly (readonly [series: number, count: number])[];
  /** Time and value of each, as 64-bit floats, little-endian; ms since the epoch; true counts 1, false 0. Eight bytes each. */
  readonly samples: Uint8Array;
}
