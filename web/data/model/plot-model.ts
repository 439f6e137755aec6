/** One plot as it is drawn: its columns, and the newest value of each line. Made for each view by the sessions. */
import type { PointView } from "#protocol/recordings.ts";
import type { PlotSpec } from "./catalog.ts";
import { Columns } from "./columns.ts";

/** Columns of one window: with two values each, as fine as a screen shows. */
export const COLUMNS = 800;

export interface PlotModel {
  readonly spec: PlotSpec;
  readonly columns: Columns;
  /** The newest value of each line, and its time, ms; null before the first. */
  readonly latest: ({ readonly time: number; readonly value: number } | null)[];
  /** Something changed since it was drawn. */
  isChanged: boolean;
}

/** A line of a plot, by its place among all lines of all plots. */
export interface Line {
  readonly model: PlotModel;
  readonly index: number;
  readonly device: string;
  readonly property: string;
}

/** @param spareMs kept beyond the window's end, for what comes ahead of time */
export function createModels(specs: readonly PlotSpec[], from: number, spanMs: number, spareMs = 0): PlotModel[] {
  const count = Math.ceil((COLUMNS * (spanMs + spareMs)) / spanMs);
  return specs.map((spec) => ({
    spec,
    columns: new Columns(from, (spanMs * count) / COLUMNS, count, spec.series.length),
    latest: spec.series.map(() => null),
    isChanged: true,
  }));
}

export function linesOf(models: readonly PlotModel[]): readonly Line[] {
  return models.flatMap((model) =>
    model.spec.series.map(({ property }, index) => ({ model, index, device: model.spec.device, property })),
  );
}

export function putSample({ model, index }: Line, time: number, value: number): void {
  model.columns.put(index, time, value);
  const { latest } = model;
  if ((latest[index]?.time ?? Number.NEGATIVE_INFINITY) <= time) latest[index] = { time, value };
  model.isChanged = true;
}

/** What a line had before what is shown. */
export function carryIn({ model, index }: Line, time: number, value: number): void {
  model.columns.carry(index, { time, value });
  model.latest[index] ??= { time, value };
  model.isChanged = true;
}

export function putPoints(line: Line, points: readonly PointView[]): void {
  for (const [time, min, max, , last] of points) {
    line.model.columns.put(line.index, time, min);
    line.model.columns.put(line.index, time, max);
    putSample(line, time, last);
  }
  line.model.isChanged = true;
}
