/** Ratios as bars that begin at 1: to the right is better than the peer, to the left worse. Pure; drawn by `publication.ts`. */
import { logScale, named } from "./log-scale.ts";
import { at, line, sheet, word } from "./svg.ts";

export interface Bar {
  readonly name: string;
  /** Times as good as the peer. */
  readonly ratio: number;
}

const WIDTH = 780;
const LEFT = 350;
/** Room for the figure beside the longest bar. */
const RIGHT = 64;
const TOP = 52;
const BAR = 18;
const LINE = 28;

/** @param axis what is compared, in words */
export function barChart(title: string, axis: string, bars: readonly Bar[]): string {
  const bottom = TOP + bars.length * LINE;
  const x = logScale([1, ...bars.map(({ ratio }) => ratio)], LEFT, WIDTH - RIGHT);
  return sheet(WIDTH, bottom + 56, title, [
    ...x.ticks.map((tick) => line(tick === 1 ? "axis" : "grid", x.place(tick), TOP, x.place(tick), bottom)),
    ...x.ticks.map((tick) =>
      word(`${named(tick)} ×`, { x: x.place(tick), y: bottom + 20, anchor: "middle", style: "muted" }),
    ),
    word(axis, { x: (LEFT + WIDTH - RIGHT) / 2, y: bottom + 44, anchor: "middle" }),
    ...bars.flatMap(({ name, ratio }, i) => {
      const [one, end] = [x.place(1), x.place(ratio)];
      const y = TOP + i * LINE + (LINE - BAR) / 2;
      return [
        word(name, { x: LEFT - 12, y: y + 13, anchor: "end" }),
        `<rect class="area${ratio < 1 ? 4 : 0}" x="${at(Math.min(one, end))}" y="${at(y)}" width="${at(Math.abs(end - one))}" height="${BAR}"/>`,
        word(`${ratio} ×`, { x: Math.max(one, end) + 6, y: y + 13 }),
      ];
    }),
  ]);
}
