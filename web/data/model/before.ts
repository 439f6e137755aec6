/** What series had before a view begins, so that what changes rarely is seen at all. Called by the sessions. */
import type { PointView } from "#protocol/recordings.ts";
import type { AskHistory, SeriesView } from "./history-client.ts";
import { carryIn, type Line } from "./plot-model.ts";

export interface BeforeParts {
  readonly ask: AskHistory;
  series(): Promise<readonly SeriesView[]>;
}

export interface Beginning {
  /** Of what is shown, ms since the epoch. */
  readonly from: number;
  /** How much is shown, ms: nearby it is looked for first. */
  readonly ms: number;
  /** Nothing older is wanted: the beginning of a recording. */
  readonly since: number;
}

/** How far back is looked, one after the other, in times of what is shown. */
const STEPS = [1, 30, 1_000, 100_000] as const;
/** Points of one look: what was rolled up ends where it was asked for nearly to the point. */
const POINTS = 200;

/** Looks for those lines whose beginning is empty. A question without an answer leaves it so. */
export async function lookBefore(
  lines: readonly Line[],
  beginning: Beginning,
  { ask, series }: BeforeParts,
  signal: AbortSignal,
): Promise<void> {
  const empty = lines.filter(({ model, index }) => model.columns.needsBefore(index));
  if (empty.length === 0 || beginning.from <= beginning.since) return;
  const known = await series();
  const look = async (line: Line): Promise<void> => {
    const { device, property } = line;
    const one = known.find((other) => other.device === device && other.property === property);
    if (one === undefined || one.first >= beginning.from) return;
    const found = await find(one, beginning, ask, signal);
    if (found !== null && !signal.aborted) carryIn(line, Math.min(found[0], beginning.from), found[4]);
  };
  await Promise.all(empty.map(look));
}

/** @returns the newest point before; null when there is none */
async function find(
  { device, property, first, last }: SeriesView,
  { from, ms, since }: Beginning,
  ask: AskHistory,
  signal: AbortSignal,
): Promise<PointView | null> {
  // Nothing came since: the newest of all is the one.
  if (last < from) return last < since ? null : newest(await one(last, last + 1));
  for (let [step, to] = [0, from]; step < STEPS.length && to > Math.max(first, since); step++) {
    const begin = Math.max(since, from - (STEPS[step] ?? 1) * ms, 0);
    const found = newest(await one(begin, to));
    if (found !== null) return found;
    to = begin;
  }
  return null;

  function one(begin: number, to: number): Promise<readonly PointView[]> {
    return ask({ device, property, from: begin, to, points: POINTS }, signal);
  }
}

function newest(points: readonly PointView[]): PointView | null {
  return points.at(-1) ?? null;
}
