/** Takes what benches found into `docs/`: figures of benches that did not run again stay as they are. Called by `publish.ts`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Bar, barChart } from "../charts/bar-chart.ts";
import { lineChart } from "../charts/line-chart.ts";
import { benchSection, type Figure, withFigures } from "./figures.ts";
import type { Result } from "./report.ts";

/** Benches whose ratios are drawn as bars, each with the words of its axis. */
const BAR_CHARTS: Readonly<Record<string, string>> = {
  "fan-out": "as many deliveries of one CPU second as the peer",
};

interface Picture extends Figure {
  readonly svg: string;
}

/**
 * @param results the folder in which benches leave what they found
 * @param docs the folder of `performance.md`, `performance.json` and `images/`
 */
export function publish(results: string, docs: string): void {
  const merged = merge(readKept(join(docs, "performance.json")), readFound(results));
  const pictures = new Map(merged.map((result) => [result.bench, picturesOf(result)]));
  for (const { path, svg } of [...pictures.values()].flat()) writeChanged(join(docs, path), svg);
  writeChanged(join(docs, "performance.json"), `${JSON.stringify(merged, null, 2)}\n`);
  const page = join(docs, "performance.md");
  const sections = merged.map((result) => benchSection(result, pictures.get(result.bench) ?? []));
  writeChanged(page, withFigures(readFileSync(page, "utf8"), sections));
}

/** The newer of each bench, in the order of their names. */
function merge(kept: readonly Result[], found: readonly Result[]): readonly Result[] {
  const byName = new Map([...kept, ...found].map((result) => [result.bench, result]));
  return [...byName.values()].sort((a, b) => (a.bench < b.bench ? -1 : 1));
}

function readKept(file: string): readonly Result[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Result[]) : [];
}

function readFound(folder: string): readonly Result[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  return names.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Result);
}

function picturesOf(result: Result): readonly Picture[] {
  const axis = BAR_CHARTS[result.bench];
  const bars = axis === undefined ? [] : barsOf(result);
  return [
    ...(bars.length === 0 ? [] : [picture(result.title, result.bench, barChart(result.title, `times ${axis}`, bars))]),
    ...[...new Set(result.curves.map(({ chart }) => chart))].map((chart) =>
      picture(
        chart,
        chart,
        lineChart(
          chart,
          result.curves.filter((curve) => curve.chart === chart),
        ),
      ),
    ),
  ];
}

function picture(title: string, name: string, svg: string): Picture {
  const file = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return { title, path: `images/${file}.svg`, svg };
}

/** The median of a ratio comes before its spread. */
function barsOf({ rows }: Result): readonly Bar[] {
  return rows.flatMap(({ what, ratio }) =>
    ratio === undefined ? [] : [{ name: what, ratio: Number.parseFloat(ratio.replaceAll(",", "")) }],
  );
}

function writeChanged(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
