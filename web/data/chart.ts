/** One plot on the screen, drawn by uPlot: its lines, cursor, stretches that were recorded, and markers. Made by `plot.tsx`. */
import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";
import { formatNumber } from "../model/format.ts";
import type { PlotModel } from "./model/plot-model.ts";
import { nameTicks } from "./model/ticks.ts";
import type { Palette } from "./palette.ts";

/** What stands in time beside the samples. Ms since the epoch. */
export interface Annotations {
  /** Recorded; `to` is null while it goes on. */
  readonly spans: readonly { readonly from: number; readonly to: number | null }[];
  readonly markers: readonly { readonly at: number; readonly text: string }[];
}

export interface ChartEvents {
  /** The hand drew a stretch. */
  onZoom(from: number, to: number): void;
  /** What each line has under the cursor, and when; null when there is no cursor. */
  onCursor(at: number | null, values: readonly (number | null)[]): void;
  annotations(): Annotations;
}

export interface Chart {
  /** Draws a stretch, ms since the epoch. */
  draw(model: PlotModel, from: number, to: number): void;
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
const AXIS = 56;
const FONT = "12px system-ui, sans-serif";
const PRESSES: ReadonlySet<string> = new Set(["mousedown", "mouseup", "dblclick"]);
/** Lines beyond the colours that are told apart easily are dashed as well. */
const SOLID_LINES = 4;
const LEAST_ZOOM_PX = 8;
const RULER_PX = 3;

export function createChart(place: HTMLElement, model: PlotModel, palette: Palette, events: ChartEvents): Chart {
  let colours = palette;
  const { spec } = model;
  const lines = spec.series.map((_, i) => ({
    stroke: () => colours.lines[i % colours.lines.length] ?? "",
    width: 1.5,
    points: { show: false },
    ...(i >= SOLID_LINES && { dash: [6, 3] }),
    ...(spec.isStepped && { paths: uPlot.paths.stepped?.({ align: 1 }) as uPlot.Series.PathBuilder }),
  }));
  const axis = { stroke: () => colours.text, font: FONT, ticks: { show: false } };
  const grid = { stroke: () => colours.grid, width: 1 };
  const chart = new uPlot(
    {
      width: Math.max(place.clientWidth, 1),
      height: HEIGHT,
      ms: 1,
      pxAlign: 0,
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: {
        // A hand draws over one plot; only where it is goes to the others.
        sync: { key: SYNC, scales: ["x", null], filters: { pub: (type) => !PRESSES.has(type) } },
        drag: { x: true, y: false, setScale: false },
        points: { size: 8 },
        y: false,
      },
      scales: { x: { time: true, auto: false }, y: { range: rangeOf(spec.isStepped) } },
      axes: [
        { ...axis, grid, size: 36, space: 80, values: (_, at, __, ___, step) => [...nameTicks(at, step)] },
        { ...axis, grid, size: AXIS, values: (_, at) => at.map(formatNumber) },
      ],
      series: [{}, ...lines],
      hooks: {
        setSelect: [(plot) => select(plot, events)],
        setCursor: [(plot) => tellCursor(plot, events)],
        draw: [(plot) => annotate(plot, events.annotations(), colours)],
      },
    },
    dataOf(model),
    place,
  );
  return {
    draw({ columns }, from, to) {
      columns.markGaps();
      chart.setData(dataOf({ columns }), false);
      chart.setScale("x", { min: from, max: to });
    },
    setVisible: (series, show) => chart.setSeries(series + 1, { show }),
    paint(to) {
      colours = to;
      chart.redraw(false, true);
    },
    resize: (width) => chart.setSize({ width, height: HEIGHT }),
    close: () => chart.destroy(),
  };
}

function dataOf({ columns }: Pick<PlotModel, "columns">): uPlot.AlignedData {
  return [columns.x, ...columns.y];
}

/** A little room above and below; a flat line lies in the middle. */
function rangeOf(isSwitch: boolean): uPlot.Range.Function {
  return (_, min, max) => {
    if (isSwitch) return [-0.1, 1.1];
    if (min === null || max === null) return [0, 1];
    const room = max === min ? Math.max(Math.abs(max) * 0.05, 0.5) : (max - min) * 0.08;
    return [min - room, max + room];
  };
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

function annotate(plot: uPlot, { spans, markers }: Annotations, colours: Palette): void {
  const { ctx, bbox } = plot;
  const right = bbox.left + bbox.width;
  const x = (at: number): number => Math.min(Math.max(plot.valToPos(at, "x", true), bbox.left), right);
  ctx.save();
  ctx.fillStyle = colours.recorded;
  for (const { from, to } of spans) {
    const begin = x(from);
    ctx.fillRect(begin, bbox.top, x(to ?? Number.MAX_SAFE_INTEGER) - begin, RULER_PX * devicePixelRatio);
  }
  ctx.strokeStyle = colours.marker;
  ctx.fillStyle = colours.text;
  ctx.textAlign = "left";
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  const { min = 0, max = 0 } = plot.scales.x ?? {};
  for (const { at, text } of markers.filter((marker) => marker.at >= (min ?? 0) && marker.at <= (max ?? 0))) {
    ctx.beginPath();
    ctx.moveTo(x(at), bbox.top);
    ctx.lineTo(x(at), bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(text, x(at) + 4 * devicePixelRatio, bbox.top + 16 * devicePixelRatio, right - x(at));
  }
  ctx.restore();
}
