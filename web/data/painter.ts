/** The one loop that draws: before each paint, and only those plots in which something changed or moved by half a pixel. Made by `plots.tsx`. */
import type { Chart } from "./chart.ts";
import type { Board } from "./model/board.ts";
import type { PlotModel } from "./model/plot-model.ts";

/** How often the figures beside the lines are renewed. */
const FIGURES_MS = 200;
const LEAST_MOVE_PX = 0.5;

export interface Painted {
  readonly chart: Chart;
  /** Px. */
  width(): number;
  /** The newest values, a few times a second. */
  figures(model: PlotModel): void;
}

export interface Painter {
  /** @returns ends it */
  add(key: string, painted: Painted): () => void;
  /** What is shown now, ms since the epoch. */
  range(): readonly [from: number, to: number];
  /** Draws all of them anew. */
  redraw(): void;
  /** @returns ends it */
  start(): () => void;
}

export function createPainter(board: Board): Painter {
  const all = new Map<string, Painted>();
  let drawn: readonly [number, number] = [0, 1];
  let shown: readonly [number, number] = [0, 1];
  let isStale = true;
  let figuresAt = 0;

  function paint(now: number): void {
    const session = board.session.peek();
    if (session === null) return;
    shown = session.range();
    const moved =
      Math.abs(shown[0] - drawn[0]) / (shown[1] - shown[0]) + Math.abs(shown[1] - shown[0] - drawn[1] + drawn[0]);
    const isFigures = now - figuresAt > FIGURES_MS;
    for (const model of session.models) {
      const painted = all.get(model.spec.key);
      if (painted === undefined) continue;
      if (isFigures) painted.figures(model);
      if (!isStale && !model.isChanged && moved * painted.width() < LEAST_MOVE_PX) continue;
      painted.chart.draw(model, shown[0], shown[1]);
      model.isChanged = false;
    }
    if (isFigures) figuresAt = now;
    if (isStale || moved * widest(all) >= LEAST_MOVE_PX) drawn = shown;
    isStale = false;
  }

  return {
    add(key, painted) {
      all.set(key, painted);
      isStale = true;
      return () => {
        if (all.get(key) === painted) all.delete(key);
      };
    },
    range: () => shown,
    redraw() {
      isStale = true;
    },
    start() {
      let frame = requestAnimationFrame(function again(now) {
        paint(now);
        frame = requestAnimationFrame(again);
      });
      return () => cancelAnimationFrame(frame);
    },
  };
}

function widest(all: ReadonlyMap<string, Painted>): number {
  return Math.max(0, ...[...all.values()].map(({ width }) => width()));
}
