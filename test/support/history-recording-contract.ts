/** What every history does with recordings. Called by the contract of the history. */
import { describe, expect, it } from "@jest/globals";
import { DEFAULT_SETTINGS } from "../../hub/history/history-limits.ts";
import type { HistoryStore, Row } from "../../hub/history/store.ts";
import { gather, type HistoryBench } from "./history-benches.ts";

async function rowsOf(store: HistoryStore, id: string, from?: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const some of store.readRows(id, from)) rows.push(...some);
  return rows;
}

/** Puts a sample of each device each second, for so many seconds. */
async function measure({ clock }: HistoryBench, store: HistoryStore, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    await clock.advance(1000);
    for (const device of ["a", "b"]) store.append({ device, property: "t", value: i, at: clock.now() });
  }
}

export function describeRecordings(makeBench: () => HistoryBench): void {
  describe("with recordings", () => {
    it("has in one what its devices said from start to stop", async () => {
      const bench = makeBench();
      const store = await bench.open();
      await measure(bench, store, 3);
      const at = bench.clock.now() + 500;
      await bench.clock.advance(500);
      const { id } = await store.startRecording({ name: "Run", devices: ["a"], intervalMs: 10, by: "page" });
      await measure(bench, store, 5);
      const running = await store.getRecording(id);
      expect(running).toMatchObject({
        name: "Run",
        notes: "",
        by: "page",
        devices: ["a"],
        intervalMs: 10,
        stoppedAt: null,
      });
      expect(running).toMatchObject({ startedAt: at, samples: 5, lengthMs: 5000, markers: [], deletedAt: null });
      await store.stopRecording(id);
      await measure(bench, store, 2);
      const rows = await rowsOf(store, id);
      expect(rows.map(({ device, values }) => [device, values])).toEqual([0, 1, 2, 3, 4].map((t) => ["a", { t }]));
      expect(await store.getRecording(id)).toMatchObject({ stoppedAt: at + 5000, samples: 5, lengthMs: 5000 });
      expect(await store.stopRecording(id)).toMatchObject({ stoppedAt: at + 5000 });
      expect((await rowsOf(store, id, at + 3500)).map(({ values }) => values.t)).toEqual([3, 4]);
      await store.close();
    });

    it("takes into one what comes late, and counts it once", async () => {
      const bench = makeBench();
      const store = await bench.open();
      const { id } = await store.startRecording({ name: "Run", by: "page" });
      const start = bench.clock.now();
      await bench.clock.advance(10_000);
      await store.stopRecording(id);
      await bench.clock.advance(60_000);
      for (const deviceTime of [start - 1, start, start + 5000, start + 5000, start + 10_000, start + 10_001]) {
        store.append({ device: "a", property: "t", value: 1, at: bench.clock.now(), deviceTime });
      }
      expect(await store.getRecording(id)).toMatchObject({ samples: 3 });
      expect((await rowsOf(store, id)).map(({ time }) => time - start)).toEqual([0, 5000, 10_000]);
      await store.close();
    });

    it("lists them newest first, renamed and with notes and markers, also after a restart", async () => {
      const bench = makeBench();
      const store = await bench.open();
      const first = await store.startRecording({ name: "One", by: "page" });
      const second = await store.startRecording({ name: "Two", by: "rest" });
      await bench.clock.advance(1000);
      await store.addMarker(first.id, { text: "door opened", by: "page" });
      await store.addMarker(first.id, { text: "before", by: "page", at: first.startedAt + 1 });
      const marked = await store.addMarker(first.id, { text: "mistake", by: "page" });
      await store.removeMarker(first.id, marked.markers.at(-1)?.id ?? 0);
      await store.changeRecording(first.id, { name: "Eins", notes: "the first" });
      for (const { id } of [first, second]) await store.stopRecording(id);
      const list = await store.listRecordings();
      expect(list.map(({ name, notes }) => [name, notes])).toEqual([
        ["Two", ""],
        ["Eins", "the first"],
      ]);
      expect(list[1]?.markers.map(({ text, at }) => [text, at - first.startedAt])).toEqual([
        ["before", 1],
        ["door opened", 1000],
      ]);
      await store.close();
      const next = await bench.open();
      expect(await next.listRecordings()).toEqual(list);
      const third = await next.startRecording({ name: "Three", by: "page" });
      expect([first.id, second.id]).not.toContain(third.id);
      await next.close();
    });

    it("goes on with one that ran, after a restart, and notes it", async () => {
      const bench = makeBench();
      const store = await bench.open();
      const { id } = await store.startRecording({ name: "Run", by: "page" });
      await measure(bench, store, 3);
      await store.close();
      await bench.clock.advance(60_000);
      const next = await bench.open();
      await measure(bench, next, 3);
      const recording = await next.getRecording(id);
      expect(recording).toMatchObject({ stoppedAt: null, samples: 12, lengthMs: 66_000 });
      expect(recording.markers).toMatchObject([
        { by: "hub", text: expect.stringMatching(/^The hub was down from 2026-01-01T00:00:03/) },
      ]);
      await next.stopRecording(id);
      await next.close();
      const last = await bench.open();
      expect(await last.getRecording(id)).toMatchObject({ samples: 12, markers: [{}] });
      await last.close();
    });

    it("goes on with one when the clock of the hub is set back or forth, and notes it", async () => {
      const bench = makeBench();
      const store = await bench.open();
      const { id } = await store.startRecording({ name: "Run", by: "page" });
      await measure(bench, store, 3);
      bench.clock.jump(bench.clock.now() - 3_600_000);
      await measure(bench, store, 3);
      bench.clock.jump(bench.clock.now() + 10 * 3_600_000);
      await measure(bench, store, 3);
      const recording = await store.stopRecording(id);
      await measure(bench, store, 3);
      expect(recording.samples).toBe(18);
      expect(recording.lengthMs).toBeGreaterThanOrEqual(9000);
      expect(recording.lengthMs).toBeLessThan(12_000);
      expect(recording.markers.map(({ text }) => text.replace(/ from.*/, ""))).toEqual(
        Array.from({ length: 2 }, () => "The clock of the hub was set"),
      );
      expect(await rowsOf(store, id)).toHaveLength(18);
      await store.close();
    });

    it("has a sample that is ahead of the hub's clock only once the clock gets there, and counts as many as it has", async () => {
      const bench = makeBench();
      const store = await bench.open();
      const put = (ahead: number): void => {
        const at = bench.clock.now();
        store.append({ device: "a", property: "t", value: ahead, at, deviceTime: at + ahead });
      };
      async function samples(history: HistoryStore): Promise<number> {
        const recording = await history.getRecording(id);
        expect(await rowsOf(history, id)).toHaveLength(recording.samples);
        return recording.samples;
      }
      for (const ahead of [1_000, 4_000, 60_000]) put(ahead);
      const { id } = await store.startRecording({ name: "Run", by: "page" });
      put(0);
      put(2_000);
      expect(await samples(store)).toBe(1);
      await bench.clock.advance(2_000);
      expect(await samples(store)).toBe(3);
      put(3_000);
      await store.close();
      const next = await bench.open();
      await bench.clock.advance(3_000);
      expect(await samples(next)).toBe(5);
      put(1);
      expect(await next.stopRecording(id)).toMatchObject({ samples: 5 });
      await bench.clock.advance(100_000);
      expect(await samples(next)).toBe(5);
      await next.close();
    });

    it("keeps what it has when the clock goes back by less than a step, also after a restart and when it stops at once", async () => {
      const bench = makeBench();
      const store = await bench.open();
      const { id } = await store.startRecording({ name: "Run", devices: ["a"], by: "page" });
      await measure(bench, store, 2);
      expect(await store.getRecording(id)).toMatchObject({ samples: 2 });
      bench.clock.jump(bench.clock.now() - 700);
      expect(await store.getRecording(id)).toMatchObject({ samples: 2 });
      await store.close();
      const next = await bench.open();
      expect(await next.getRecording(id)).toMatchObject({ samples: 2 });
      expect(await next.stopRecording(id)).toMatchObject({ samples: 2 });
      expect(await rowsOf(next, id)).toHaveLength(2);
      await next.close();
      const last = await bench.open();
      expect(await last.getRecording(id)).toMatchObject({ samples: 2 });
      expect(await rowsOf(last, id)).toHaveLength(2);
      await last.close();
    });

    it("has what the hub measured before at times to which its clock was set back, as the clock passes them", async () => {
      const bench = makeBench();
      const store = await bench.open();
      await measure(bench, store, 5);
      const { id } = await store.startRecording({ name: "Run", devices: ["a"], by: "page" });
      await bench.clock.advance(1);
      await measure(bench, store, 2);
      expect(await store.getRecording(id)).toMatchObject({ samples: 3 });
      bench.clock.jump(bench.clock.now() - 5_000);
      for (const samples of [3, 4, 5]) {
        expect(await store.getRecording(id)).toMatchObject({ samples });
        expect(await rowsOf(store, id)).toHaveLength(samples);
        await bench.clock.advance(1_000);
      }
      expect(await store.stopRecording(id)).toMatchObject({ samples: 5 });
      expect(await rowsOf(store, id)).toHaveLength(5);
      await store.close();
    });

    it("deletes one so that it can be restored, for a day", async () => {
      const bench = makeBench();
      const store = await bench.open();
      const { id } = await store.startRecording({ name: "Run", by: "page" });
      expect(await store.removeRecording(id)).toMatchObject({
        deletedAt: bench.clock.now(),
        stoppedAt: bench.clock.now(),
      });
      expect(await store.listRecordings()).toEqual([]);
      expect(await store.listRecordings({ deleted: true })).toHaveLength(1);
      await bench.clock.advance(DEFAULT_SETTINGS.undoMs - 1000);
      expect(await store.restoreRecording(id)).toMatchObject({ deletedAt: null });
      expect(await store.listRecordings()).toHaveLength(1);
      await store.removeRecording(id);
      await bench.clock.advance(DEFAULT_SETTINGS.undoMs + 1000);
      expect(await store.listRecordings({ deleted: true })).toEqual([]);
      await expect(store.restoreRecording(id)).rejects.toMatchObject({ code: "NOT_FOUND" });
      await store.close();
    });

    it("keeps what belongs to one when its device is removed", async () => {
      const bench = makeBench();
      const store = await bench.open();
      await measure(bench, store, 10);
      await bench.clock.advance(1);
      const { id } = await store.startRecording({ name: "Run", devices: ["a"], by: "page" });
      await measure(bench, store, 4);
      await store.stopRecording(id);
      await measure(bench, store, 10);
      await store.removeDevice("a");
      await store.removeDevice("b");
      expect(await rowsOf(store, id)).toHaveLength(4);
      expect(await store.listSeries()).toMatchObject([{ device: "a", samples: 4 }]);
      await measure(bench, store, 1);
      await store.close();
      const next = await bench.open();
      expect(await next.listSeries()).toMatchObject([
        { device: "a", samples: 5 },
        { device: "b", samples: 1 },
      ]);
      expect(await next.getRecording(id)).toMatchObject({ samples: 4 });
      await next.close();
    });

    it("knows no other", async () => {
      const store = await makeBench().open();
      const unknown = { code: "NOT_FOUND" };
      await expect(store.getRecording("7")).rejects.toMatchObject(unknown);
      await expect(store.stopRecording("7")).rejects.toMatchObject(unknown);
      await expect(store.removeRecording("x")).rejects.toMatchObject(unknown);
      await expect(gather(store.exportCsv("7"))).rejects.toMatchObject(unknown);
      await store.close();
    });

    describeExports(makeBench);
  });
}

function describeExports(makeBench: () => HistoryBench): void {
  async function recorded(): Promise<{ store: HistoryStore; id: string }> {
    const bench = makeBench();
    const store = await bench.open();
    const { id } = await store.startRecording({ name: "Run", by: "page" });
    const start = bench.clock.now();
    await bench.clock.advance(1000);
    const put = (property: string, value: number | boolean, at: number, deviceTime?: number): boolean =>
      store.append({ device: "a", property, value, at: start + at, ...(deviceTime !== undefined && { deviceTime }) });
    put("accel.x", 0.5, 20, start + 10);
    put("accel.y", -1e-9, 20, start + 10);
    put("on", true, 20, start + 10);
    put("accel.x", 2, 500);
    put("accel.x", 3, 600, 12_345.5);
    store.append({ device: "b", property: 'te,mp "x"', value: 21.25, at: start + 500 });
    await store.addMarker(id, { text: "=door, opened", by: "page", at: start + 550 });
    await store.stopRecording(id);
    return { store, id };
  }

  it("exports one as CSV: a column for each field, both times, markers", async () => {
    const { store, id } = await recorded();
    expect((await gather(store.exportCsv(id))).split("\r\n")).toEqual([
      'hub_time_utc,hub_time_ms,device_time_utc,device_time_ms,device,accel.x,accel.y,on,"te,mp ""x""",marker',
      "2026-01-01T00:00:00.020Z,1767225600020,2026-01-01T00:00:00.010Z,1767225600010,a,0.5,-1e-9,TRUE,,",
      "2026-01-01T00:00:00.500Z,1767225600500,,,a,2,,,,",
      "2026-01-01T00:00:00.500Z,1767225600500,,,b,,,,21.25,",
      `2026-01-01T00:00:00.550Z,1767225600550,,,,,,,,"'=door, opened"`,
      "2026-01-01T00:00:00.600Z,1767225600600,,12345.5,a,3,,,,",
      "",
    ]);
    await store.close();
  });

  it("exports one as NDJSON", async () => {
    const { store, id } = await recorded();
    const lines = (await gather(store.exportNdjson(id))).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        time: "2026-01-01T00:00:00.010Z",
        hubTimeMs: 1767225600020,
        deviceTimeMs: 1767225600010,
        device: "a",
        values: { "accel.x": 0.5, "accel.y": -1e-9, on: true },
      },
      { hubTimeMs: 1767225600500, device: "a", values: { "accel.x": 2 } },
      { device: "b", values: { 'te,mp "x"': 21.25 } },
      { deviceTimeMs: 12_345.5, values: { "accel.x": 3 } },
    ]);
    await store.close();
  });
}
