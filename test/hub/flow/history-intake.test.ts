/** Whatever the hub learns of a property goes into the history, each sample once (protocol 1.2, 4.3). */
import { describe, expect, it } from "@jest/globals";
import type { Sample } from "../../../hub/history/store.ts";
import { testHouse } from "../../support/house.ts";

/** A house whose history also remembers what it was given. */
function bench() {
  const house = testHouse();
  const samples: Sample[] = [];
  const append = house.history.append.bind(house.history);
  house.history.append = (sample) => {
    samples.push(sample);
    return append(sample);
  };
  return { ...house, samples };
}

describe("the history takes", () => {
  it("numbers and booleans of a report, those of objects by their field, and no text", async () => {
    const { clock, inbound, connect, samples, house } = bench();
    const { session } = await connect("board");
    const values = { light: 0.5, power: true, mode: "eco", accel: { x: 1, y: -2, label: "up", still: false } };
    inbound.report(session, values, {});
    const at = clock.now();
    expect(samples).toEqual([
      { device: "board", property: "light", value: 0.5, at },
      { device: "board", property: "power", value: true, at },
      { device: "board", property: "accel.x", value: 1, at },
      { device: "board", property: "accel.y", value: -2, at },
      { device: "board", property: "accel.still", value: false, at },
    ]);
    expect(house.samples.taken).toBe(5);
  });

  it("the device's own time beside the hub's, which for a counter is the counter corrected", async () => {
    const { clock, inbound, connect, samples } = bench();
    const { session } = await connect("board");
    const epoch = clock.now() - 3_000;
    inbound.report(session, { a: 1 }, { time: epoch });
    inbound.report(session, { a: 2 }, { time: 500 });
    const start = clock.now() - 500;
    await clock.advance(10_000);
    inbound.reports(session, [
      [700, { a: 3 }],
      [epoch, { b: 4 }],
    ]);
    expect(samples.map(({ value, at, deviceTime }) => [value, at, deviceTime])).toEqual([
      [1, start + 500, epoch],
      [2, start + 500, 500],
      [3, start + 700, 700],
      [4, start + 10_500, epoch],
    ]);
  });

  it("the hub's time for a clock that is off, live and in batches, over reconnections until a live report says otherwise", async () => {
    const { clock, inbound, arrivals, connect, samples } = bench();
    const hour = 3_600_000;
    const { session } = await connect("board");
    const start = clock.now();
    inbound.report(session, { a: 1 }, { time: start + hour - 40 });
    await clock.advance(1_000);
    inbound.report(session, { a: 2 }, { time: clock.now() + hour - 10 });
    arrivals.disconnect(session, "closed");
    await clock.advance(10_000);
    const { session: again } = await connect("board");
    inbound.reports(again, [
      [start + 2_000 + hour, { a: 3 }],
      [start + 3_000 + hour, { a: 4 }],
    ]);
    inbound.report(again, { a: 5 }, { time: clock.now() - 5 });
    inbound.reports(again, [[start + 4_000, { a: 6 }]]);
    const now = clock.now();
    expect(samples.map(({ value, at, deviceTime, clock: its }) => [value, at, deviceTime, its])).toEqual([
      [1, start, start + hour - 40, "off"],
      [2, start + 1_000, start + 1_000 + hour - 10, "off"],
      [3, start + 2_010, start + 2_000 + hour, "off"],
      [4, start + 3_010, start + 3_000 + hour, "off"],
      [5, now, now - 5, undefined],
      [6, now, start + 4_000, undefined],
    ]);
  });

  it("a batch that is older than the state, and drops what it has", async () => {
    const { clock, inbound, connect, house, history } = bench();
    const { session } = await connect("board");
    inbound.report(session, { a: 1 }, {});
    const batch = [[clock.now() - 5_000, { a: 7 }]] as const;
    inbound.reports(session, batch);
    inbound.reports(session, batch);
    expect(house.device("board").reported()).toEqual({ a: 1 });
    expect(await history.listSeries()).toMatchObject([{ property: "a", samples: 2, first: clock.now() - 5_000 }]);
  });

  it("what a device without a socket reports, what `hello` says, and what a `set` was answered with", async () => {
    const { httpReports, arrivals, wishes, connect, samples } = bench();
    httpReports.take("shed", { temperature: 4 });
    const { session, connection } = await connect("lamp");
    await arrivals.hello(session, { properties: { brightness: { type: "number" } }, state: { brightness: 10 } });
    connection.answer = async (_event, data) => data;
    await wishes.set({ device: "lamp", property: "brightness", value: 37, by: "page" }).outcome;
    expect(samples.map(({ device, property, value }) => [device, property, value])).toEqual([
      ["shed", "temperature", 4],
      ["lamp", "brightness", 10],
      ["lamp", "brightness", 37],
    ]);
  });

  it("nothing of a report that is refused, of a device that the hub named, or of one that was removed", async () => {
    const { inbound, arrivals, register, connect, samples } = bench();
    const nameless = await connect("ws-127.0.0.1-5", true);
    inbound.report(nameless.session, { a: 1 }, {});
    const { session } = await connect("lamp");
    await arrivals.hello(session, { properties: { brightness: { type: "number", maximum: 100 } } });
    expect(() => inbound.report(session, { other: 1, brightness: 101 }, {})).toThrow();
    await register.remove("lamp");
    inbound.report(session, { other: 2 }, {});
    expect(samples).toEqual([]);
  });
});

it("a device that is removed takes its history with it, but for what was recorded", async () => {
  const { clock, inbound, acquisition, register, connect, history } = bench();
  const { session } = await connect("lamp");
  inbound.report(session, { a: 1 }, {});
  await clock.advance(1_000);
  const { id } = await acquisition.start({ by: "rest" });
  inbound.report(session, { a: 2 }, {});
  await register.remove("lamp");
  expect((await history.getRecording(id)).samples).toBe(1);
  const from = clock.now() - 60_000;
  const points = await history.query({ device: "lamp", property: "a", from, to: clock.now() + 1, points: 10 });
  expect(points.map(([, min]) => min)).toEqual([2]);
});

it("samples that find no room are told once a minute, and harm no connection", async () => {
  const { clock, inbound, connect, history, log, house } = bench();
  const { session } = await connect("board");
  history.append = () => {
    history.dropped += 1;
    return false;
  };
  const told = (): number => log.filter((line) => line.includes("history-full")).length;
  for (let i = 0; i < 100; i++) inbound.report(session, { a: i, b: true }, {});
  expect(told()).toBe(1);
  expect(house.samples.taken).toBe(0);
  expect(house.device("board").reported()).toEqual({ a: 99, b: true });
  await clock.advance(60_000);
  inbound.report(session, { a: 1 }, {});
  expect(told()).toBe(2);
  expect(log.findLast((line) => line.includes("history-full"))).toContain("201 since the start");
});
