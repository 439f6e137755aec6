/** A page that somebody looks at: it acknowledges what it is told as the real one does (`web/model/hub-link.ts`), and counts it. */
import { once } from "node:events";
import { io, type Socket } from "socket.io-client";
import type { HubToPage, PageToHub } from "#protocol/dashboard-events.ts";
import type { PlotSeries } from "#protocol/plots.ts";

/** As the room of a device asks for it: the last minute, a point for each pixel. */
const PAST_MS = 60_000;
const POINTS = 1_000;

export class WatchingPage {
  readonly #socket: Socket<HubToPage, PageToHub>;
  updates = 0;
  /** Of live plots: how often samples came, and how many. */
  plots = 0;
  plotted = 0;

  constructor(port: number) {
    this.#socket = io(`http://127.0.0.1:${port}/dashboard`, { transports: ["websocket"], forceNew: true });
    this.#socket.on("update", (_, done) => {
      this.updates++;
      done();
    });
    this.#socket.on("plots", ({ counts }, done) => {
      this.plots++;
      for (const [, count] of counts) this.plotted += count;
      done();
    });
  }

  async connect(): Promise<void> {
    await once(this.#socket as unknown as NodeJS.EventEmitter, "connect");
  }

  /** @throws when the hub does not take the list */
  async plot(series: readonly PlotSeries[]): Promise<void> {
    const request = { list: 1, series: [...series], pastMs: PAST_MS, points: POINTS };
    const answer = await this.#socket.emitWithAck("plot", request);
    if ("error" in answer) throw new Error(answer.error.message);
  }

  close(): void {
    this.#socket.close();
  }
}
