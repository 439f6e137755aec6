/** The live plots of one page: the newest samples as fast as the page acknowledges, with their extremes where it is slow. */
import type { PlotNews, PlotPast, PlotRequest } from "#protocol/plots.ts";
import { LIMITS } from "../base/limits.ts";
import type { House } from "../flow/house.ts";
import { concat, limit, type Samples } from "../flow/thin.ts";

export class PagePlots {
  readonly #house: House;
  readonly #send: (news: PlotNews) => Promise<void>;
  /** By their place in the list: what the page was not told yet. */
  readonly #pending = new Map<number, Samples[]>();
  #list = 0;
  #endings: Array<() => void> = [];
  #unacknowledged = 0;
  #isScheduled = false;

  /** @param send resolves when the page acknowledged, or is given up */
  constructor(house: House, send: (news: PlotNews) => Promise<void>) {
    this.#house = house;
    this.#send = send;
  }

  /** Watches these series from now on, and no others. @returns what there was; what comes meanwhile is told at once */
  async watch({ list, series, pastMs, points }: PlotRequest): Promise<PlotPast> {
    this.close();
    const { history, live, clock } = this.#house;
    this.#list = list;
    this.#endings = series.map(({ device, property }, i) => {
      return live.watch(device, property, (samples) => this.#take(i, samples));
    });
    const to = clock.now();
    const past = series.map((one) =>
      // A device's clock may be a little ahead.
      history.query({ ...one, from: Math.max(0, to - pastMs), to: to + LIMITS.plotAheadMs, points }),
    );
    return { past: await Promise.all(past) };
  }

  close(): void {
    for (const end of this.#endings.splice(0)) end();
    this.#pending.clear();
  }

  #take(series: number, samples: Samples): void {
    const parts = this.#pending.get(series) ?? [];
    parts.push(samples);
    const isMany = parts.reduce((sum, { length }) => sum + length / 2, 0) > LIMITS.plotPending;
    this.#pending.set(series, isMany ? [limit(concat(parts), LIMITS.plotPending / 2)] : parts);
    this.#schedule();
  }

  /** Once for all series that are told in this turn. */
  #schedule(): void {
    if (this.#isScheduled || this.#unacknowledged >= LIMITS.pageUnacknowledged) return;
    this.#isScheduled = true;
    queueMicrotask(() => this.#sendNext());
  }

  #sendNext(): void {
    this.#isScheduled = false;
    if (this.#pending.size === 0) return;
    const parts = [...this.#pending].map(([series, all]) => [series, concat(all)] as const);
    this.#pending.clear();
    const { buffer } = concat(parts.map(([, samples]) => samples));
    const counts = parts.map(([series, { length }]) => [series, length / 2] as const);
    this.#unacknowledged += 1;
    // A `Buffer` of its own memory: Socket.IO sends it as it is, and the page gets exactly these bytes.
    void this.#send({ list: this.#list, counts, samples: Buffer.from(buffer) }).then(() => {
      this.#unacknowledged -= 1;
      if (this.#pending.size > 0) this.#schedule();
    });
  }
}
