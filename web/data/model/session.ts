/** What feeds the plots of one view: live samples, a stretch of the history, or a recording that is played. Made by `board.ts`. */
import type { PlotLink } from "../../model/plot-link.ts";
import { type BeforeParts, lookBefore } from "./before.ts";
import type { PlotSpec } from "./catalog.ts";
import type { AskHistory } from "./history-client.ts";
import { COLUMNS, createModels, type Line, linesOf, type PlotModel, putPoints, putSample } from "./plot-model.ts";

export interface Session {
  readonly models: readonly PlotModel[];
  /** When there is something to show. Rejects with a sentence. */
  readonly ready: Promise<void>;
  /** The stretch that is shown now, ms since the epoch; asked before each drawing. */
  range(): readonly [from: number, to: number];
  close(): void;
}

/** So much later than it happens it is shown, ms: what is on its way is in its place before. */
export const LAG_MS = 150;
/** For devices whose clock is a little ahead. */
const SPARE_MS = 2_000;

export interface LiveParts extends BeforeParts {
  readonly open: PlotLink["open"];
  /** The hub's clock, ms. */
  now(): number;
}

/** The last `ms`, going on. */
export function openLive(specs: readonly PlotSpec[], ms: number, parts: LiveParts): Session {
  const { open, now } = parts;
  const gone = new AbortController();
  const models = createModels(specs, now() - LAG_MS - ms, ms, SPARE_MS);
  const lines = linesOf(models);
  const range = (): readonly [number, number] => [now() - LAG_MS - ms, now() - LAG_MS];
  const move = (): void => {
    for (const { columns } of models) columns.moveTo(range()[0]);
  };
  let close = (): void => {};
  const ready = new Promise<void>((resolve) => {
    const series = lines.map(({ device, property }) => ({ device, property }));
    close = open(
      { series, pastMs: ms, points: COLUMNS },
      {
        past(all) {
          move();
          for (const [i, line] of lines.entries()) putPoints(line, all[i] ?? []);
          lookBefore(lines, { from: range()[0], ms, since: 0 }, parts, gone.signal).catch(() => {});
          resolve();
        },
        sample(i, time, value) {
          const line = lines[i];
          if (line !== undefined) putSample(line, time, value);
        },
        drawn: move,
      },
    );
  });
  return {
    models,
    ready,
    close() {
      gone.abort();
      close();
    },
    range() {
      move();
      return range();
    },
  };
}

export interface Still {
  readonly from: number;
  readonly to: number;
  /** Nothing older belongs to it: the beginning of a recording; else 0. */
  readonly since: number;
}

/** A stretch of the past. */
export function openStill(specs: readonly PlotSpec[], { from, to, since }: Still, parts: BeforeParts): Session {
  const ms = Math.max(to - from, 1);
  // Columns stand at their own times: the last may begin before the end.
  const models = createModels(specs, from, ms, ms / COLUMNS);
  const gone = new AbortController();
  const lines = linesOf(models);
  const ready = fill(lines, { from, to, points: COLUMNS }, parts.ask, gone.signal);
  ready.then(() => lookBefore(lines, { from, ms, since }, parts, gone.signal)).catch(() => {});
  return {
    models,
    ready,
    range: () => [from, to],
    close: () => gone.abort(),
  };
}

async function fill(
  lines: readonly Line[],
  stretch: { readonly from: number; readonly to: number; readonly points: number },
  ask: AskHistory,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    lines.map(async (line) => {
      const { device, property } = line;
      putPoints(line, await ask({ device, property, ...stretch }, signal));
    }),
  );
}
