/** One plot on the screen, drawn by uPlot: its lines and axes, and the cursor. Made by `plot.tsx`. */
import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";
import { words } from "../words.ts";
import { type Annotations, annotate } from "./annotations.ts";
import type { PlotModel } from "./model/plot-model.ts";
import { nameTicks } from "./model/ticks.ts";
import { nameYTicks, roomFor, yTicks } from "./model/y-axis.ts";
import type { Palette } from "./palette.ts";

export interface ChartEvents {
  /** The hand drew a stretch. */
  onZoom(from: number, to: number): void;
  /** What each line has under the cursor, and when; null when there is no cursor. */
  onCursor(at: number | null, values: readonly (number | null)[]): void;
  annotations(): Annotations;
}

export interface Chart {
  /** Draws a stretch; what is held goes on until then. Ms since the epoch. */
  draw(model: PlotModel, from: number, to: number, until: number): void;
  /** From the bottom to the top. */
  span(): number;
  /** Shows or hides a line. */
  setVisible(series: number, visible: boolean): void;
  /** Draws with other colours from now on. */
  paint(palette: Palette): void;
  resize(width: number): void;
  close(): void;
}

/** All plots share one cursor. */
const SYNC = "pharos";
const HEIGHT = 200;
/** As wide as the labels of most plots, so that plots stand in line; wider ones grow by steps. */
const AXIS = 56;
const AXIS_STEP = 8;
/** Half a label of time, which stands beyond the last moment. */
const RIGHT = 28;
const MOST_TICKS = 5;
/** Before and behind a label. */
const LABEL_GAP = 8;
const FONT = "12px system-ui, sans-serif";
const PRESSES: ReadonlySet<string> = new Set(["mousedown", "mouseup", "dblclick"]);
/** Lines beyond the colours that are told apart easily are dashed as well. */
const SOLID_LINES = 4;
const LEAST_ZOOM_PX = 8;

export function createChart(place: HTMLElement, model: PlotModel, palette: Palette, events: ChartEvents): Chart {
  const { spec } = model;
  const shown: Shown = { palette, model, from: 0, to: 1, hidden: new Set() };
  const chart = new uPlot(optionsOf(Math.max(place.clientWidth, 1), shown, events), dataOf(model), place);
  return {
    draw(drawn, from, to, until) {
      Object.assign(shown, { model: drawn, from, to });
      drawn.columns.draw({ from, to, until, isHeld: spec.isHeld });
      chart.setData(dataOf(drawn), false);
      chart.setScale("x", { min: from, max: to });
    },
    span: () => {
      const { min, max } = chart.scales.y ?? {};
      return (max ?? 0) - (min ?? 0);
    },
    setVisible(series, show) {
      if (show) shown.hidden.delete(series);
      else shown.hidden.add(series);
      chart.setSeries(series + 1, { show });
    },
    paint(to) {
      shown.palette = to;
      chart.redraw(false, true);
    },
    resize: (width) => chart.setSize({ width, height: HEIGHT }),
    close: () => chart.destroy(),
  };
}

/** What the chart asks for while it draws. */
interface Shown {
  palette: Palette;
  model: PlotModel;
  from: number;
  to: number;
  readonly hidden: Set<number>;
}

function optionsOf(width: number, shown: Shown, events: ChartEvents): uPlot.Options {
  const { isStepped } = shown.model.spec;
  const axis = { stroke: () => shown.palette.text, font: FONT, ticks: { show: false } };
  const grid = { stroke: () => shown.palette.grid, width: 1 };
  return {
    width,
    height: HEIGHT,
    ms: 1,
    pxAlign: 0,
    padding: [8, RIGHT, 0, 0],
    legend: { show: false },
    cursor: {
      // A hand draws over one plot; only where it is goes to the others.
      sync: { key: SYNC, scales: ["x", null], filters: { pub: (type) => !PRESSES.has(type) } },
      drag: { x: true, y: false, setScale: false },
      points: { size: 8 },
      y: false,
    },
    scales: {
      x: { time: true, auto: false },
      // uPlot itself would leave out the columns that lie across the edges.
      y: { range: () => (isStepped ? SWITCH : roomFor(extremesOf(shown))) },
    },
    axes: [
      { ...axis, grid, size: 36, space: 80, values: (_, at, __, ___, step) => [...nameTicks(at, step)] },
      { ...axis, ...(isStepped ? SWITCH_AXIS : NUMBER_AXIS), grid, size: sizeOf },
    ],
    series: [{}, ...shown.model.spec.series.map((_, i) => lineOf(i, shown))],
    hooks: {
      setSelect: [(plot) => select(plot, events)],
      setCursor: [(plot) => tellCursor(plot, events)],
      draw: [(plot) => annotate(plot, events.annotations(), shown.palette)],
    },
  };
}

function lineOf(i: number, shown: Shown): uPlot.Series {
  const stroke = (): string => shown.palette.lines[i % shown.palette.lines.length] ?? "";
  return {
    stroke,
    width: 1.5,
    auto: false,
    points: { show: false, size: 5, fill: stroke, filter: () => pointsOf(shown, i) },
    ...(i >= SOLID_LINES && { dash: [6, 3] }),
    ...(shown.model.spec.isHeld && { paths: uPlot.paths.stepped?.({ align: 1 }) as uPlot.Series.PathBuilder }),
  };
}

/** Null: none, as uPlot takes it. */
function pointsOf({ model }: Shown, series: number): number[] | null {
  const points = model.columns.points[series] ?? [];
  return points.length === 0 ? null : points;
}

function dataOf({ columns }: Pick<PlotModel, "columns">): uPlot.AlignedData {
  return [columns.x, ...columns.y];
}

function extremesOf({ model, from, to, hidden }: Shown): [number, number] | null {
  return model.columns.extremes({ from, to }, (series) => !hidden.has(series));
}

const SWITCH: [number, number] = [-0.1, 1.1];
const SWITCH_AXIS: uPlot.Axis = {
  incrs: [1],
  space: 1,
  splits: () => [0, 1],
  values: () => [words.off, words.on],
};
const NUMBER_AXIS: uPlot.Axis = {
  // uPlot takes steps only from a table of its own; ticks do not follow this one.
  incrs: (_, __, low, high) => [Math.max(5, high - low)],
  splits: (_, __, low, high) => [...yTicks(low, high, MOST_TICKS)],
  values: (_, at) => [...nameYTicks(at)],
};

/** As wide as its labels; asked again when they have changed it, uPlot keeps what it has. */
function sizeOf(plot: uPlot, values: readonly (string | null)[] | null, axis: number, cycle: number): number {
  // Where uPlot says how wide it is already, which its types leave out.
  if (cycle > 1) return (plot.axes[axis] as { readonly _size?: number } | undefined)?._size ?? AXIS;
  const { ctx } = plot;
  ctx.save();
  ctx.font = FONT;
  const widest = Math.max(0, ...(values ?? []).map((value) => ctx.measureText(value ?? "").width));
  ctx.restore();
  return Math.max(AXIS, Math.ceil((widest + LABEL_GAP) / AXIS_STEP) * AXIS_STEP);
}

function select(plot: uPlot, { onZoom }: ChartEvents): void {
  const { left, width } = plot.select;
  if (width === 0) return;
  plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  if (width >= LEAST_ZOOM_PX) onZoom(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
}

function tellCursor(plot: uPlot, { onCursor }: ChartEvents): void {
  const { left, idx } = plot.cursor;
  if (left === undefined || left < 0 || idx == null) {
    onCursor(null, []);
    return;
  }
  const values = plot.data.slice(1).map((cells) => nearest(cells as (number | null | undefined)[], idx));
  onCursor(plot.posToVal(left, "x"), values);
}

/** The value of the last column up to there that has one. */
function nearest(cells: readonly (number | null | undefined)[], from: number): number | null {
  for (let i = from + 1; i >= 0; i--) {
    const value = cells[i];
    if (typeof value === "number") return value;
    if (value === null) return null;
  }
  return null;
}
