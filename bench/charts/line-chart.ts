/** Curves on two logarithmic axes, where what grows linearly is a straight line as steep as the grid. Pure; drawn by `publication.ts`. */
import type { Curve } from "../harness/report.ts";
import { type LogScale, logScale, named } from "./log-scale.ts";
import { at, COLOURS, line, sheet, word } from "./svg.ts";

const WIDTH = 720;
const HEIGHT = 420;
const LEFT = 84;
const RIGHT = 40;
const BOTTOM = 56;
const LEGEND_LINE = 20;

/** @param curves of one chart, so with the same axes */
export function lineChart(title: string, curves: readonly Curve[]): string {
  const top = 48 + curves.length * LEGEND_LINE;
  const points = curves.flatMap((curve) => curve.points);
  const x = logScale(
    points.map(([value]) => value),
    LEFT,
    WIDTH - RIGHT,
  );
  const y = logScale(
    points.map(([, value]) => value),
    HEIGHT - BOTTOM,
    top,
  );
  const [first] = curves;
  return sheet(WIDTH, HEIGHT, title, [
    ...x.ticks.map((tick) => line("grid", x.place(tick), top, x.place(tick), HEIGHT - BOTTOM)),
    ...y.ticks.map((tick) => line("grid", LEFT, y.place(tick), WIDTH - RIGHT, y.place(tick))),
    ...x.ticks.map((tick) =>
      word(named(tick), { x: x.place(tick), y: HEIGHT - BOTTOM + 20, anchor: "middle", style: "muted" }),
    ),
    ...y.ticks.map((tick) => word(named(tick), { x: LEFT - 8, y: y.place(tick) + 4, anchor: "end", style: "muted" })),
    word(first?.axis ?? "", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 12, anchor: "middle" }),
    word(first?.unit ?? "", { x: 20, y: (top + HEIGHT - BOTTOM) / 2, anchor: "middle", turn: -90 }),
    ...curves.flatMap((curve, i) => drawn(curve, i, x, y)),
  ]);
}

function drawn(curve: Curve, index: number, x: LogScale, y: LogScale): readonly string[] {
  const colour = index % COLOURS;
  const places = curve.points
    .filter(([across, up]) => across > 0 && up > 0)
    .map(([across, up]) => [at(x.place(across)), at(y.place(up))] as const);
  const height = 48 + index * LEGEND_LINE;
  return [
    `<polyline class="curve line${colour}" points="${places.map((place) => place.join(",")).join(" ")}"/>`,
    ...places.map(([left, down]) => `<circle class="area${colour}" cx="${left}" cy="${down}" r="4"/>`),
    `<rect class="area${colour}" x="${LEFT}" y="${height - 9}" width="18" height="4"/>`,
    word(curve.name, { x: LEFT + 26, y: height - 2 }),
  ];
}
