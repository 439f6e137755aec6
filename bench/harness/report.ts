/** What a bench found, as rows: printed, and kept as JSON for `docs/performance.md`. Every case ends by `finish`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isSmoke } from "./arguments.ts";
import { describeMachine } from "./machine.ts";

/** One line of the table. */
export interface Row {
  readonly what: string;
  /** Of Pharos, with its unit. */
  readonly figure: string;
  /** Lowest and highest of the windows. */
  readonly spread?: string;
  /** Whom it is compared with, and its figure. */
  readonly peer?: string;
  /** Pharos against the peer in the same window, the median of all windows. */
  readonly ratio?: string;
  readonly goal?: string;
  /** Whether the goal is met; a bench with one that is not fails. */
  readonly isMet?: boolean;
}

/** A curve of a chart; both of its axes are logarithmic. */
export interface Curve {
  /** The title of the chart; curves of the same one are drawn together. */
  readonly chart: string;
  readonly name: string;
  /** What goes up, with its unit. */
  readonly unit: string;
  /** What goes to the right, with its unit. */
  readonly axis: string;
  readonly points: ReadonlyArray<readonly [x: number, y: number]>;
}

export interface Result {
  readonly bench: string;
  readonly title: string;
  /** The day it ran, `2026-01-31`. */
  readonly date: string;
  readonly machine: string;
  readonly rows: readonly Row[];
  readonly curves: readonly Curve[];
  /** Messages, devices or samples that are missing or wrong: with one of them there is no figure. */
  readonly losses: number;
}

export const RESULTS_DIR = "dist/bench/results";

/**
 * Prints the rows and ends the process: 0 when nothing was lost and all goals are met.
 * @param losses what is missing or wrong; then nothing is kept
 */
export function finish(title: string, rows: readonly Row[], losses: number, curves: readonly Curve[] = []): never {
  const bench = basename(process.argv[1] ?? "", ".js");
  console.log(title);
  console.table(Object.fromEntries(rows.map(({ what, ...row }) => [what, row])));
  if (losses > 0) console.error(`${losses} lost or wrong: these are no figures.`);
  else if (!isSmoke()) {
    const date = new Date().toISOString().slice(0, 10);
    keep({ bench, title, date, machine: describeMachine(), rows, curves: curves.map(rounded), losses });
  }
  const isGood = losses === 0 && (isSmoke() || rows.every(({ isMet }) => isMet !== false));
  process.exit(isGood ? 0 : 1);
}

/** No more digits than a chart shows. */
function rounded({ points, ...curve }: Curve): Curve {
  return { ...curve, points: points.map(([x, y]) => [x, Number(y.toPrecision(4))]) };
}

function keep(result: Result): void {
  mkdirSync(RESULTS_DIR, { recursive: true });
  writeFileSync(join(RESULTS_DIR, `${result.bench}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
