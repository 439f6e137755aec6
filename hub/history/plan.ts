/** How a question is answered: which level of detail for which stretch of time, in buckets of which width. Called by the stores; pure. */
import { HISTORY_LIMITS } from "./history-limits.ts";
import { PERIODS_MS } from "./roll-ups.ts";
import type { Span } from "./store.ts";

export interface Coverage {
  /** By level: what is not older than this is all there. */
  readonly horizons: readonly number[];
  /** Stretches of raw samples that are kept beyond it, for recordings. */
  readonly kept: readonly Span[];
}

/** A stretch answered from one level, in buckets of `width` ms that start at `from`. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  /** Index in `PERIODS_MS`; 0 is raw. */
  readonly level: number;
  readonly width: number;
}

export interface Asked {
  readonly from: number;
  readonly to: number;
  readonly points: number;
  /** Raw samples in the stretch. */
  readonly samples: number;
}

/** A roll-up is used when at least so many of it make a point: the uneven edges of the buckets then do not show. */
const FINE = 4;

export function planAnswer({ from, to, points, samples }: Asked, coverage: Coverage): readonly Segment[] {
  const width = (to - from) / points;
  const wanted = chooseLevel(width, samples);
  const edges = [from, ...innerEdges(from, to, wanted, coverage), to];
  const stretches: Stretch[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const [start = from, end = to] = [edges[i], edges[i + 1]];
    const level = levelOf(start, end, wanted, coverage);
    const before = stretches.at(-1);
    if (before?.level === level) before.to = end;
    else stretches.push({ from: start, to: end, level });
  }
  return stretches.map((stretch) => align(stretch, (points * (stretch.to - stretch.from)) / (to - from)));
}

interface Stretch {
  readonly from: number;
  to: number;
  readonly level: number;
}

function chooseLevel(width: number, samples: number): number {
  if (samples <= HISTORY_LIMITS.rawSamples) return 0;
  const fine = PERIODS_MS.findLastIndex((period) => period <= width / FINE);
  return fine > 0 ? fine : PERIODS_MS.findLastIndex((period) => period <= width);
}

/** Where coverage changes. */
function innerEdges(from: number, to: number, wanted: number, { horizons, kept }: Coverage): readonly number[] {
  const ends = wanted === 0 ? kept.flatMap((span) => [span.from, span.to ?? Number.POSITIVE_INFINITY]) : [];
  const edges = [...horizons.slice(wanted), ...ends].filter((edge) => edge > from && edge < to);
  return [...new Set(edges)].sort((a, b) => a - b);
}

/** The finest level from the wanted one on that has all of the stretch; the coarsest where none has. */
function levelOf(from: number, to: number, wanted: number, { horizons, kept }: Coverage): number {
  if (wanted === 0 && kept.some((span) => span.from <= from && (span.to ?? Number.POSITIVE_INFINITY) >= to)) return 0;
  for (let level = wanted; level < horizons.length; level++) if (from >= (horizons[level] ?? 0)) return level;
  return horizons.length - 1;
}

/** Buckets of roll-ups are whole periods, so that the first may begin before the stretch. */
function align({ from, to, level }: Stretch, points: number): Segment {
  const period = PERIODS_MS[level] ?? 0;
  if (period === 0) return { from, to, level, width: (to - from) / points };
  const start = Math.floor(from / period) * period;
  const width = Math.ceil((to - start) / Math.max(1, points) / period) * period;
  return { from: start, to, level, width };
}
