/** One record button for everyone: what runs, what devices are told, and what text commands do (protocol 3.6, 5.3, 7.6). */
import { describe, expect, it } from "@jest/globals";
import { settle } from "../../support/fake-clock.ts";
import { testHouse } from "../../support/house.ts";

describe("acquisition", () => {
  it("starts a recording, tells devices once, and stops it", async () => {
    const { acquisition, house, orders, clock } = testHouse();
    expect(house.acquiring).toBe(false);
    const started = await acquisition.start({ by: "rest", name: "Drop test" });
    expect(started).toMatchObject({ name: "Drop test", by: "rest", devices: null, stoppedAt: null });
    expect(house.running).toEqual([started]);
    const second = await acquisition.start({ by: "page" });
    expect(second.name).toBe(`${new Date(clock.now()).toISOString().slice(0, 19).replace("T", " ")} UTC`);
    expect(orders).toEqual([{ running: true }]);
    await clock.advance(1_000);
    const stopped = await acquisition.stop();
    expect(stopped.map(({ id, lengthMs }) => [id, lengthMs])).toEqual([
      [second.id, 1_000],
      [started.id, 1_000],
    ]);
    expect(house.acquiring).toBe(false);
    expect(orders).toEqual([{ running: true }, { running: false }]);
  });

  it("asks for the shortest interval that any recording wants", async () => {
    const { acquisition, orders } = testHouse();
    await acquisition.start({ by: "rest", intervalMs: 100 });
    const { id } = await acquisition.start({ by: "rest", intervalMs: 20 });
    await acquisition.start({ by: "rest" });
    await acquisition.stop(id);
    expect(orders).toEqual([
      { running: true, intervalMs: 100 },
      { running: true, intervalMs: 20 },
      { running: true, intervalMs: 100 },
    ]);
  });

  it("tells only the devices of the recording, and newcomers when they say hello", async () => {
    const { acquisition, arrivals, orders, connect } = testHouse();
    const [lamp, board] = [await connect("lamp"), await connect("board")];
    await acquisition.start({ by: "rest", devices: ["board", "later"], intervalMs: 50 });
    expect(board.connection.told).toContainEqual(["acquire", { running: true, intervalMs: 50 }]);
    expect(lamp.connection.told).toEqual([]);
    expect(orders).toEqual([]);
    const later = await connect("later");
    expect(await arrivals.hello(later.session, {})).toMatchObject({ acquiring: true });
    arrivals.restore(later.session, {});
    expect(later.connection.told).toEqual([["acquire", { running: true, intervalMs: 50 }]]);
    expect(await arrivals.hello(lamp.session, {})).toMatchObject({ acquiring: false });
    await acquisition.stop();
    expect(board.connection.told.at(-1)).toEqual(["acquire", { running: false }]);
  });

  it("takes starts and stops in the order in which they came", async () => {
    const { acquisition, house } = testHouse();
    const [, stopped] = await Promise.all([acquisition.start({ by: "rest" }), acquisition.stop()]);
    expect(stopped).toHaveLength(1);
    expect(house.acquiring).toBe(false);
  });

  it("bounds how many run, and how many wait", async () => {
    const { acquisition, history } = testHouse();
    for (let i = 0; i < 16; i++) await acquisition.start({ by: "rest" });
    await expect(acquisition.start({ by: "rest" })).rejects.toMatchObject({ code: "TOO_MANY" });
    await acquisition.stop();
    history.stopRecording = () => new Promise(() => {});
    history.startRecording = () => new Promise(() => {});
    for (let i = 0; i < 64; i++) void acquisition.start({ by: "rest" });
    await expect(acquisition.start({ by: "rest" })).rejects.toMatchObject({ code: "TOO_MANY" });
  });

  it("records nothing when the disk takes nothing, and says so", async () => {
    const { acquisition, house, history, orders } = testHouse();
    history.setWritable(false);
    await expect(acquisition.start({ by: "rest" })).rejects.toMatchObject({ code: "STORAGE" });
    expect([house.acquiring, orders]).toEqual([false, []]);
  });

  it("ends when what runs is deleted", async () => {
    const { acquisition, recordings, house, orders } = testHouse();
    const { id } = await acquisition.start({ by: "rest" });
    await recordings.remove(id);
    expect(house.acquiring).toBe(false);
    expect(orders).toEqual([{ running: true }, { running: false }]);
    await recordings.restore(id);
    expect(house.acquiring).toBe(false);
  });

  it("is told with each change: of what runs, a name, a marker", async () => {
    const { acquisition, recordings, house } = testHouse();
    let told = 0;
    house.events.on("recordings", () => {
      told += 1;
    });
    const { id } = await acquisition.start({ by: "rest" });
    await recordings.mark(id, "door opened", "page");
    await recordings.change(id, { notes: "with lid" });
    expect(house.running).toMatchObject([{ notes: "with lid", markers: [{ text: "door opened", by: "page" }] }]);
    expect([told, house.recordingsRevision]).toEqual([3, 3]);
    await expect(recordings.mark("99", "?", "page")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(told).toBe(3);
  });

  it("goes on after the hub was down", async () => {
    const { acquisition, history, house, clock } = testHouse();
    const { id } = await acquisition.start({ by: "rest" });
    await history.close();
    house.running = [];
    await clock.advance(5_000);
    await history.open();
    await acquisition.takeUp();
    expect(house.running).toMatchObject([{ id, markers: [{ by: "hub" }] }]);
  });
});

describe("START and STOP in plain words", () => {
  it("start one recording of all, however often they are said, and stop what runs", async () => {
    const { inbound, connect, history, house } = testHouse();
    const { session, connection } = await connect("board");
    inbound.message(session, "START");
    inbound.message(session, " START ");
    await settle();
    expect(await history.listRecordings()).toMatchObject([{ by: "text board", devices: null }]);
    inbound.message(session, "STOP");
    await settle();
    expect(house.acquiring).toBe(false);
    expect(connection.told).toEqual([
      ["message", "STARTED"],
      ["message", "STARTED"],
      ["message", "STOPPED"],
    ]);
  });

  it("stop also those that sample by themselves", async () => {
    const { inbound, connect, orders } = testHouse();
    const { session } = await connect("board");
    inbound.message(session, "STOP");
    await settle();
    expect(orders).toEqual([{ running: false }]);
  });

  it("are answered with the error when nothing can be recorded", async () => {
    const { inbound, connect, history } = testHouse();
    const { session, connection } = await connect("board");
    history.setWritable(false);
    inbound.message(session, "START");
    await settle();
    expect(connection.told).toMatchObject([["error", { code: "STORAGE" }]]);
  });
});
