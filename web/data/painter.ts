/** The one loop that draws: before each paint, and only those plots on the screen in which something changed or moved by half a pixel. Made by `plots.tsx`. */
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
  /** Whether it is on the screen, or near. */
  isSeen(): boolean;
  /** What is held goes on until then, ms since the epoch. */
  until(): number;
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

type Range = readonly [from: number, to: number];

export function createPainter(board: Board): Painter {
  /** With what each shows; null when it has to be drawn. */
  const all = new Map<string, { readonly painted: Painted; drawn: Range | null }>();
  let shown: Range = [0, 1];
  let figuresAt = 0;

  function paint(now: number): void {
    const session = board.session.peek();
    if (session === null) return;
    shown = session.range();
    const isFigures = now - figuresAt > FIGURES_MS;
    if (isFigures) figuresAt = now;
    for (const model of session.models) {
      const one = all.get(model.spec.key);
      if (one?.painted.isSeen() !== true) continue;
      const { painted, drawn } = one;
      if (isFigures) painted.figures(model);
      if (drawn !== null && !model.isChanged && moved(drawn, shown) * painted.width() < LEAST_MOVE_PX) continue;
      painted.chart.draw(model, shown[0], shown[1], painted.until());
      one.drawn = shown;
      model.isChanged = false;
    }
  }

  return {
    add(key, painted) {
      const one = { painted, drawn: null };
      all.set(key, one);
      return () => {
        if (all.get(key) === one) all.delete(key);
      };
    },
    range: () => shown,
    redraw() {
      for (const one of all.values()) one.drawn = null;
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

/** As a part of what is shown. */
function moved([from, to]: Range, shown: Range): number {
  const span = shown[1] - shown[0];
  return (Math.abs(shown[0] - from) + Math.abs(span - (to - from))) / span;
}
