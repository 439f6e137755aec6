/** How long an action waits for its device, in pure time (protocol 6.5). */
import { expect, it } from "@jest/globals";
import { testHouse } from "../../support/house.ts";

const DAY_MS = 86_400_000;

async function waiting(expiresMs: number) {
  const bench = testHouse();
  bench.arrivals.disconnect((await bench.connect("lamp")).session, "closed");
  await bench.actions.act({ device: "lamp", action: "identify", expiresMs, by: "rest" });
  return bench;
}

it("waits as long as was asked, also longer than one timer can", async () => {
  const { clock, actions } = await waiting(30 * DAY_MS);
  await clock.advance(29 * DAY_MS);
  expect(actions.queued("lamp")).toHaveLength(1);
  await clock.advance(DAY_MS);
  expect(actions.queued("lamp")).toEqual([]);
});

it("never asks for a timer that would fire at once for being too long", async () => {
  const bench = testHouse();
  const waits: number[] = [];
  const { after } = bench.clock;
  Object.assign(bench.clock, {
    after: (ms: number, run: () => void) => {
      waits.push(ms);
      return after(ms, run);
    },
  });
  bench.arrivals.disconnect((await bench.connect("lamp")).session, "closed");
  await bench.actions.act({ device: "lamp", action: "identify", expiresMs: 30 * DAY_MS, by: "rest" });
  expect(Math.max(...waits)).toBeLessThan(2 ** 31);
});

it("is not done twice to the audit when it was cancelled before its time", async () => {
  const { clock, actions, house } = await waiting(1_000);
  actions.cancel("lamp", actions.queued("lamp")[0]?.id ?? "");
  await clock.advance(5_000);
  expect(house.device("lamp").audit.entries.map(({ result }) => result)).toEqual(["cancelled", "queued"]);
});
