/** The live plots of pages at the real hub: what there was, what comes, and pages that are slow (`/dashboard`). */
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { io, type Socket } from "socket.io-client";
import type { PlotNews, PlotPast } from "#protocol/plots.ts";
import { LIMITS } from "../../../hub/base/limits.ts";
import { PagePlots } from "../../../hub/outputs/page-plots.ts";
import { eventually } from "../../support/eventually.ts";
import { settle } from "../../support/fake-clock.ts";
import { testHouse } from "../../support/house.ts";
import { PLAIN, restBench } from "../../support/rest-bench.ts";

/** `[series, time, value]` of each sample. */
function samplesOf({ counts, samples }: PlotNews): Array<readonly [number, number, number]> {
  const bytes = new Uint8Array(samples);
  const floats = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  let at = 0;
  return counts.flatMap(([series, count]) =>
    Array.from({ length: count }, () => [series, floats[at++] ?? 0, floats[at++] ?? 0] as const),
  );
}

describe("the plots of a page", () => {
  const { device, hub } = restBench();
  const pages: Socket[] = [];

  async function openPage(isSlow = false) {
    const socket = io(`${hub().url}/dashboard`, { transports: ["websocket"], forceNew: true });
    pages.push(socket);
    const news: PlotNews[] = [];
    const waiting: Array<() => void> = [];
    socket.on("update", (_, done: () => void) => done());
    socket.on("plots", (one: PlotNews, done: () => void) => {
      news.push(one);
      if (isSlow) waiting.push(done);
      else done();
    });
    await once(socket as unknown as NodeJS.EventEmitter, "connect");
    const plot = (properties: readonly string[], list = 1): Promise<PlotPast> => {
      const series = properties.map((property) => ({ device: "board", property }));
      return socket.emitWithAck("plot", { list, series, pastMs: 60_000, points: 100 });
    };
    return { socket, news, waiting, plot, samples: () => news.flatMap(samplesOf) };
  }

  afterEach(() => {
    for (const page of pages.splice(0)) page.close();
  });

  it("begin with the last minute, and go on with what comes, several fields together", async () => {
    const board = await device("board", PLAIN);
    await board.ask("report", { accel: { x: 1, y: 2 }, lamp: true });
    const page = await openPage();
    const { past } = await page.plot(["accel.x", "accel.y", "lamp", "nothing"]);
    expect(past.map((points) => points.map(([, , , , last]) => last))).toEqual([[1], [2], [1], []]);
    const at = Date.now() - 5;
    board.send("report", { accel: { x: 3, y: 4 } }, at);
    await eventually(() => page.samples().length === 2);
    expect(page.samples()).toEqual([
      [0, at, 3],
      [1, at, 4],
    ]);
    expect(page.news).toHaveLength(1);
  });

  it("are those of the last list, and end with an empty one", async () => {
    const board = await device("board", PLAIN);
    const page = await openPage();
    await page.plot(["a"], 1);
    await page.plot(["b"], 2);
    await board.ask("report", { a: 1, b: 2 });
    await eventually(() => page.news.length > 0);
    expect(page.news).toMatchObject([{ list: 2, counts: [[0, 1]] }]);
    await page.plot([], 3);
    expect(hub().hub.house.live.isWatched("board")).toBe(false);
    await page.plot(["b"], 4);
    page.socket.close();
    await eventually(() => !hub().hub.house.live.isWatched("board"));
  });

  it("reach two pages alike, at most 20 times a second, and a slow one holds up no other", async () => {
    const board = await device("board", PLAIN);
    const [fast, slow] = [await openPage(), await openPage(true)];
    await fast.plot(["n"]);
    await slow.plot(["n"]);
    const begin = performance.now();
    for (let n = 0; n < 200; n++) {
      board.send("report", { n });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await eventually(() => fast.samples().at(-1)?.[2] === 199);
    const turns = (performance.now() - begin) / LIMITS.plotTurnMs + 2;
    expect(fast.news.length).toBeLessThanOrEqual(turns);
    expect(fast.news.length).toBeGreaterThan(5);
    expect(slow.news).toHaveLength(LIMITS.pageUnacknowledged);
    slow.waiting[0]?.();
    await eventually(() => slow.news.length > LIMITS.pageUnacknowledged);
    expect(slow.samples().at(-1)?.[2]).toBe(199);
    expect(slow.samples().length).toBeLessThan(LIMITS.plotPending + 20);
  });

  it("are refused with a code when they are not understood", async () => {
    const { socket } = await openPage();
    const series = Array.from({ length: 65 }, () => ({ device: "board", property: "n" }));
    for (const request of [null, {}, { list: 1, series, pastMs: 0, points: 1 }]) {
      expect(await socket.emitWithAck("plot", request)).toMatchObject({ error: { code: "BAD_REQUEST" } });
    }
  });
});

describe("what waits for a page", () => {
  let sent: PlotNews[];
  let acknowledge: Array<() => void>;

  beforeEach(() => {
    sent = [];
    acknowledge = [];
  });

  it("stays within bounds for minutes of a fast sensor, and keeps its extremes", async () => {
    const { house, clock } = testHouse();
    const plots = new PagePlots(house, (news) => {
      sent.push(news);
      return new Promise((resolve) => acknowledge.push(resolve));
    });
    await plots.watch({ list: 0, series: [{ device: "lab", property: "n" }], pastMs: 0, points: 1 });
    for (let i = 0; i < 6_000; i++) {
      house.live.put({ device: "lab", property: "n", value: i === 3_000 ? -999 : i % 50, at: clock.now() });
      await clock.advance(50);
    }
    expect(sent).toHaveLength(LIMITS.pageUnacknowledged);
    acknowledge[0]?.();
    await settle();
    const last = sent.at(-1) as PlotNews;
    expect(samplesOf(last).length).toBeLessThanOrEqual(LIMITS.plotPending);
    expect(samplesOf(last).map(([, , value]) => value)).toContain(-999);
    plots.close();
  });
});
