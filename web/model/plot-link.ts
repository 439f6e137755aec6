/** The page's side of live plots: one list of series is watched at a time, and asked for again after each connection. Made by `hub-link.ts`. */
import type { Socket } from "socket.io-client";
import type { HubToPage, PageToHub } from "#protocol/dashboard-events.ts";
import type { PlotNews, PlotSeries } from "#protocol/plots.ts";
import type { PointView } from "#protocol/recordings.ts";

const ANSWER_WITHIN_MS = 10_000;

export interface PlotWish {
  readonly series: readonly PlotSeries[];
  /** How much of the past comes first, ms, and in how many points. */
  readonly pastMs: number;
  readonly points: number;
}

export interface PlotListener {
  /** What there was, of each series; it may come after the first samples, and comes again after each connection. */
  past(points: readonly (readonly PointView[])[]): void;
  /** One sample, of the series at this place of the list. */
  sample(series: number, time: number, value: number): void;
  /** The samples that came together are all there. */
  drawn(): void;
}

export interface PlotLink {
  /** Shows these series, and no others. @returns ends it */
  open(wish: PlotWish, listener: PlotListener): () => void;
  /** The hub knows nothing of this page yet. */
  reconnected(): void;
}

export function createPlotLink(socket: Socket<HubToPage, PageToHub>): PlotLink {
  let shown: { readonly wish: PlotWish; readonly listener: PlotListener } | null = null;
  let list = 0;

  socket.on("plots", (news, done) => {
    if (news.list === list && shown !== null) tell(news, shown.listener);
    done();
  });

  async function ask(): Promise<void> {
    list += 1;
    const [mine, { series, pastMs, points } = { series: [], pastMs: 0, points: 1 }] = [list, shown?.wish];
    const request = { list, series: [...series], pastMs, points };
    const answer = await socket.timeout(ANSWER_WITHIN_MS).emitWithAck("plot", request);
    if (mine === list && shown !== null && !("error" in answer)) shown.listener.past(answer.past);
  }

  /** Without an answer the connection is lost, and `reconnected` asks again. */
  function request(): void {
    if (socket.connected) ask().catch(() => {});
  }

  return {
    open(wish, listener) {
      const mine = { wish, listener };
      shown = mine;
      request();
      return () => {
        if (shown !== mine) return;
        shown = null;
        request();
      };
    },
    reconnected() {
      if (shown !== null) request();
    },
  };
}

function tell({ counts, samples }: PlotNews, listener: PlotListener): void {
  // Socket.IO gives a browser an `ArrayBuffer`, which the types of the wire do not know.
  const floats = new Float64Array(samples instanceof ArrayBuffer ? samples : samples.slice().buffer);
  let at = 0;
  for (const [series, count] of counts) {
    for (let i = 0; i < count; i++) listener.sample(series, floats[at++] ?? 0, floats[at++] ?? 0);
  }
  listener.drawn();
}
