/** That every client keeps each sample until the hub has it, at the hub itself and over a link that breaks. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { systemClock } from "#base/clock.ts";
import { MemoryHistory } from "../../hub/history/memory-history.ts";
import type { ClientProcess } from "../support/client-process.ts";
import { eventually } from "../support/eventually.ts";
import { FrailLink } from "../support/frail-link.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { type ClientKit, dialArgs } from "./kits.ts";
import { request } from "./matrix.ts";

const REPORT_MS = 100;
/** Less than half of what any client keeps. */
const AWAY_MS = 1_500;
const RETURN_MS = 12_000;
/** Readings go from 1 to 100, then from 0 again. */
const READINGS = 101;

type Point = readonly [time: number, value: number];

export function clientDeliveries(kit: ClientKit): void {
  describe(`the samples of the ${kit.name}`, () => {
    const newFolder = temporaryFolders();
    let history: MemoryHistory;
    let hub: TestHub;
    let link: FrailLink;
    let client: ClientProcess;
    let isDialled = false;

    const open = (port: number): Promise<TestHub> => {
      const args = ["--open", "--port", `${port}`, ...(isDialled ? dialArgs(link.port) : [])];
      return startHub(args, systemClock(), ["--tcp-port", "0"], history);
    };
    const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

    async function points(): Promise<Point[]> {
      const query = `device=client-1&property=${kit.sensor}&points=10000`;
      const response = await fetch(`${hub.url}/api/history?${query}`, { headers: { connection: "close" } });
      const body = (await response.json()) as { points: [number, number, number, number, number][] };
      return body.points.map(([time, , , , last]) => [time, Math.round(last)]);
    }

    /** Waits for more than so many, each there once and in order; shows what is missing if that never comes. */
    async function complete(more: number): Promise<Point[]> {
      const expected = (kept: readonly Point[]): number[] => kept.map((_, i) => (i + 1) % READINGS);
      let kept: Point[] = [];
      const isComplete = async (): Promise<boolean> => {
        kept = await points();
        const wanted = expected(kept);
        return kept.length > more && kept.every(([, value], i) => value === wanted[i]);
      };
      await eventually(isComplete, RETURN_MS).catch(() => {});
      expect(kept.map(([, value]) => value)).toEqual(expected(kept));
      expect(kept.length).toBeGreaterThan(more);
      return kept;
    }

    beforeAll(() => kit.prepare?.(), 60_000);
    beforeEach(async () => {
      history = new MemoryHistory({ clock: systemClock() });
      const listensOn = kit.listensOn?.();
      isDialled = listensOn !== undefined;
      if (listensOn !== undefined) link = await FrailLink.start(listensOn, false);
      hub = await open(0);
      if (listensOn === undefined) link = await FrailLink.start(hub.port);
      const settings = { port: link.port, id: "client-1", heartbeat: 1, reportMs: REPORT_MS, buffer: 240 };
      client = kit.start(settings, newFolder());
    });
    afterEach(async () => {
      await client.end();
      await link.close();
      await hub.close();
    });

    it("are in the history once and in order: those on their way when the link broke, those of the time without it", async () => {
      const { length } = await complete(15);
      link.loseWords();
      await pause(6 * REPORT_MS);
      link.break();
      await pause(AWAY_MS);
      link.mend();
      const back = await complete(length + 20);
      await hub.close();
      await pause(AWAY_MS);
      hub = await open(hub.port);
      await complete(back.length + 15);
    });

    it("have their true time when they come while measuring is stopped", async () => {
      const { length } = await complete(15);
      link.loseWords();
      await pause(6 * REPORT_MS);
      await request(hub, "POST", "acquisition/stop", {});
      const stoppedAt = Date.now();
      await pause(REPORT_MS);
      link.break();
      await pause(AWAY_MS);
      link.mend();
      const kept = await complete(length + 3);
      const [last = Number.NaN] = kept.at(-1) ?? [];
      // As wide as a busy machine needs; by their arrival they would be later by AWAY_MS at least.
      expect(Math.abs(last - stoppedAt)).toBeLessThan(AWAY_MS / 2);
      await pause(3 * REPORT_MS);
      expect(await points()).toHaveLength(kept.length);
    });
  });
}
