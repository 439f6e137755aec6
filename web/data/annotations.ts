/** What stands in time beside the samples, drawn over a plot: stretches that were recorded, and markers. Called by `chart.ts`. */
import type uPlot from "uplot";
import { placeLabel } from "./model/marker-label.ts";
import type { Palette } from "./palette.ts";

/** Ms since the epoch. */
export interface Annotations {
  /** Recorded; `to` is null while it goes on. */
  readonly spans: readonly { readonly from: number; readonly to: number | null }[];
  readonly markers: readonly { readonly at: number; readonly text: string }[];
}

const RULER_PX = 3;
const TEXT_PX = 12;
const GAP_PX = 4;
const LABEL_PX = 200;
/** Below the top of the plot. */
const BASELINE_PX = 16;

export function annotate(plot: uPlot, { spans, markers }: Annotations, colours: Palette): void {
  const { ctx, bbox } = plot;
  const right = bbox.left + bbox.width;
  const x = (at: number): number => Math.min(Math.max(plot.valToPos(at, "x", true), bbox.left), right);
  ctx.save();
  ctx.fillStyle = colours.recorded;
  for (const { from, to } of spans) {
    const begin = x(from);
    ctx.fillRect(begin, bbox.top, x(to ?? Number.MAX_SAFE_INTEGER) - begin, RULER_PX * devicePixelRatio);
  }
  const { min, max } = plot.scales.x ?? {};
  const shown = markers.filter(({ at }) => at >= (min ?? 0) && at <= (max ?? 0));
  ctx.strokeStyle = colours.marker;
  ctx.fillStyle = colours.text;
  ctx.font = `${TEXT_PX * devicePixelRatio}px system-ui, sans-serif`;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at, text } of shown) mark(plot, x(at), text);
  ctx.restore();
}

function mark({ ctx, bbox }: uPlot, x: number, text: string): void {
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  const label = placeLabel(text, x, {
    left: bbox.left,
    right: bbox.left + bbox.width,
    gap: GAP_PX * devicePixelRatio,
    most: LABEL_PX * devicePixelRatio,
    measure: (part) => ctx.measureText(part).width,
  });
  ctx.textAlign = label.align;
  ctx.textBaseline = "alphabetic";
  ctx.fillText(label.text, label.x, bbox.top + BASELINE_PX * devicePixelRatio);
}
