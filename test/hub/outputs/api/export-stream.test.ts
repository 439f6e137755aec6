/** An export is made while it is sent: a slow client slows it and nothing else, one that goes ends it (protocol 7.6). */
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { afterEach, expect, it } from "@jest/globals";
import { systemClock } from "#base/clock.ts";
import { MemoryHistory } from "../../../../hub/history/memory-history.ts";
import { eventually } from "../../../support/eventually.ts";
import { startHub, type TestHub } from "../../../support/hub.ts";

const PIECE = "x".repeat(65_536);
const PIECES = 10_000;

/** Has one endless export, of which it counts the pieces. */
class LongHistory extends MemoryHistory {
  made = 0;
  isEnded = false;
  fault: Error | null = null;

  override async *exportCsv(): AsyncIterable<string> {
    try {
      for (; this.made < PIECES; this.made++) {
        if (this.fault !== null && this.made === 3) throw this.fault;
        yield PIECE;
      }
    } finally {
      this.isEnded = true;
    }
  }
}

let hub: TestHub;
afterEach(() => hub.close());

async function download(history: LongHistory): Promise<IncomingMessage> {
  hub = await startHub([], systemClock(), ["--tcp-port", "0"], history);
  const { id } = await hub.hub.house.history.startRecording({ name: "long", by: "rest" });
  const request = get(`${hub.url}/api/recordings/${id}.csv`);
  request.on("error", () => {});
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.on("error", () => {});
  return response;
}

it("waits for a client that does not read, and ends when it goes", async () => {
  const history = new LongHistory({ clock: systemClock() });
  const response = await download(history);
  response.pause();
  let before = -1;
  await eventually(async () => {
    const isStill = history.made > 0 && history.made === before;
    before = history.made;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return isStill;
  });
  expect(history.made).toBeLessThan(PIECES / 10);
  expect(history.isEnded).toBe(false);
  expect((await fetch(`${hub.url}/healthz`)).status).toBe(200);
  response.destroy();
  await eventually(() => history.isEnded);
  expect(hub.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});

it("is not made for who asks for its head alone", async () => {
  const history = new LongHistory({ clock: systemClock() });
  (await download(history)).destroy();
  await eventually(() => history.isEnded);
  history.made = 0;
  const response = await fetch(`${hub.url}/api/recordings/1.csv`, { method: "HEAD" });
  expect(response.headers.get("content-disposition")).toContain("long.csv");
  expect(history.made).toBe(0);
});

it("breaks off when the history fails in the middle, so that no client takes a part for the whole", async () => {
  const history = new LongHistory({ clock: systemClock() });
  history.fault = new Error("the disk is gone");
  const response = await download(history);
  response.resume();
  await eventually(() => response.closed);
  expect(response.complete).toBe(false);
  expect(hub.log.filter((line) => line.includes("the disk is gone"))).toHaveLength(1);
});
