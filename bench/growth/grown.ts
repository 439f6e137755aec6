/** What a part of `growth` found: whether ten times as much costs more than ten times as much. Pure. */
import type { Curve, Row } from "../harness/report.ts";
import { short } from "../harness/statistics.ts";

export interface Grown {
  readonly rows: readonly Row[];
  readonly curves: readonly Curve[];
  /** Messages, devices or samples that are missing. */
  readonly lost: number;
}

/** Of what there is more and more, and what it costs; by growing size. */
export type Costs = ReadonlyArray<readonly [size: number, cost: number]>;

export interface Growth {
  readonly what: string;
  /** Of the figure of one more. */
  readonly unit: string;
  /** From the unit of the costs to that of the figure. */
  readonly factor?: number;
}

/** The costs of one more at the largest size may be so many times those at the smallest. */
const MOST = 1.5;

/** Where the whole grows with the size: what one more costs in the last step against the first one, so that what is there anyway does not count. */
export function judgeLinear(costs: Costs, { what, unit, factor = 1 }: Growth): Row {
  const [first, last] = [slope(costs[0], costs[1]) * factor, slope(costs.at(-2), costs.at(-1)) * factor];
  return row(`${what}, one more at ${sizeOf(costs.at(-1))} against ${sizeOf(costs[1])}`, first, last, unit);
}

/** Where one use should cost the same whatever the size. */
export function judgeFlat(costs: Costs, { what, unit, factor = 1 }: Growth): Row {
  const [first, last] = [(costs[0]?.[1] ?? Number.NaN) * factor, (costs.at(-1)?.[1] ?? Number.NaN) * factor];
  return row(`${what}, at ${sizeOf(costs.at(-1))} against ${sizeOf(costs[0])}`, first, last, unit);
}

function row(what: string, first: number, last: number, unit: string): Row {
  const [figure, peer] = [`${short(last)} ${unit}`, `${short(first)} ${unit}`];
  return { what, figure, peer, ratio: `${short(last / first)} ×`, goal: `≤ ${MOST} ×`, isMet: last / first <= MOST };
}

type Cost = Costs[number] | undefined;

function slope(from: Cost, to: Cost): number {
  return ((to?.[1] ?? Number.NaN) - (from?.[1] ?? Number.NaN)) / ((to?.[0] ?? Number.NaN) - (from?.[0] ?? Number.NaN));
}

function sizeOf(cost: Cost): string {
  return (cost?.[0] ?? Number.NaN).toLocaleString("en");
}
