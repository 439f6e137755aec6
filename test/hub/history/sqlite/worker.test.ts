import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { systemClock } from "#base/clock.ts";
import { StartError } from "#base/program.ts";
import { HISTORY_LIMITS } from "../../../../hub/history/history-limits.ts";
import { type Connect, type HistoryPort, workerPort } from "../../../../hub/history/sqlite/port.ts";
import { SqliteHistory } from "../../../../hub/history/sqlite/sqlite-history.ts";
import { eventually } from "../../../support/eventually.ts";
import { fakeClock } from "../../../support/fake-clock.ts";
import { gather, inlinePort } from "../../../support/history-benches.ts";
import { bundleWorker } from "../../../support/history-bundles.ts";
import { runPython } from "../../../support/python.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();
const DAY = { from: Date.now() - 86_400_000, to: Date.now() + 86_400_000, points: 1000 };

let bundle = "";

beforeAll(async () => {
  bundle = await bundleWorker(makeFolder());
});

describe("the history with a thread of its own", () => {
  it("keeps, answers and exports", async () => {
    const file = join(makeFolder(), "history.db");
    const history = new SqliteHistory({ file, clock: systemClock(), connect: workerPort(bundle) });
    await history.open();
    const { id } = await history.startRecording({ name: "run", by: "page" });
    const at = Date.now();
    for (let i = 0; i < 50_000; i++)
      history.append({ device: "a", property: "n", value: i, at: at + 1, deviceTime: at + i / 1000 });
    await history.committed();
    expect(await history.listSeries()).toMatchObject([{ samples: 50_000 }]);
    await eventually(() => Date.now() > at + 60);
    expect(await history.stopRecording(id)).toMatchObject({ samples: 50_000 });
    expect((await gather(history.exportNdjson(id))).split("\n")).toHaveLength(50_001);
    await history.close();
    const next = new SqliteHistory({ file, clock: systemClock(), connect: workerPort(bundle) });
    await next.open();
    expect(await next.query({ device: "a", property: "n", ...DAY })).toHaveLength(1);
    await next.close();
    await next.close();
    await expect(next.listSeries()).rejects.toMatchObject({ code: "STORAGE" });
  });

  it("refuses a file that cannot be used, in the same words", async () => {
    const history = new SqliteHistory({ file: makeFolder(), clock: systemClock(), connect: workerPort(bundle) });
    await expect(history.open()).rejects.toThrow(StartError);
    await expect(history.open()).rejects.toThrow(/is a folder. Move it aside/);
    await history.close();
  });

  it("starts another when it ends, with what was committed, and takes what comes next", async () => {
    const file = join(makeFolder(), "history.db");
    const workers: Worker[] = [];
    const connect: Connect = ({ hear, onEnd }): HistoryPort => {
      const worker = new Worker(bundle);
      workers.push(worker);
      worker.on("message", hear);
      worker.on("exit", () => onEnd("killed"));
      return { post: (message) => worker.postMessage(message), close: async () => void (await worker.terminate()) };
    };
    const history = new SqliteHistory({ file, clock: systemClock(), connect });
    const heard: Array<string | null> = [];
    history.onHealth((_, fault) => heard.push(fault));
    await history.open();
    const put = (value: number): boolean => history.append({ device: "a", property: "n", value, at: Date.now() });
    put(1);
    await history.committed();
    const asked = history.listSeries();
    await workers[0]?.terminate();
    await asked.catch((error: unknown) => expect(error).toMatchObject({ code: "STORAGE" }));
    expect(history.isWritable).toBe(false);
    put(2);
    await eventually(() => history.isWritable, 8_000);
    put(3);
    expect((await history.query({ device: "a", property: "n", ...DAY })).map(([, , , , last]) => last)).toEqual([
      1, 2, 3,
    ]);
    expect(heard).toEqual(["The thread that writes the history is gone (killed); another is started.", null]);
    await history.close();
  });

  it("takes no more than its queue holds, and says how full that is", async () => {
    const clock = fakeClock();
    const silent: Connect = (listener) => {
      const inner = inlinePort()(listener);
      // A thread that is busy: it hears, and comes to nothing.
      return { ...inner, post: (message) => message.kind === "ask" && inner.post(message) };
    };
    const history = new SqliteHistory({ file: join(makeFolder(), "h.db"), clock, connect: silent });
    await history.open();
    const sample = { device: "a", property: "n", value: 1, at: clock.now() };
    for (let i = 0; i < HISTORY_LIMITS.queueSamples; i++) history.append(sample);
    expect(history.pressure).toBe(1);
    expect(history.dropped).toBe(0);
    expect(history.append(sample)).toBe(false);
    expect(history.dropped).toBe(1);
    await history.close();
  });

  it("commits at most once a second, and four times as often while it records", async () => {
    const clock = fakeClock();
    let commits = 0;
    const counted: Connect = (listener) => {
      const inner = inlinePort()(listener);
      return {
        ...inner,
        post: (message) => {
          if (message.kind === "commit") commits++;
          inner.post(message);
        },
      };
    };
    const history = new SqliteHistory({ file: join(makeFolder(), "h.db"), clock, connect: counted });
    await history.open();
    const second = async (): Promise<number> => {
      commits = 0;
      for (let i = 0; i < 1000; i++) {
        history.append({ device: "a", property: "n", value: i, at: clock.now() });
        if (i % 10 === 0) await clock.advance(10);
      }
      return commits;
    };
    expect(await second()).toBe(1);
    await history.startRecording({ name: "run", by: "page" });
    expect(await second()).toBe(4);
    await clock.advance(20_000);
    commits = 0;
    const [recording] = await history.listRecordings();
    await history.stopRecording(recording?.id ?? "");
    await clock.advance(30_000);
    expect(commits).toBeLessThan(5);
    await history.close();
  });

  it("exports CSV that Python reads", async () => {
    const clock = fakeClock();
    const history = new SqliteHistory({ file: join(makeFolder(), "h.db"), clock, connect: inlinePort() });
    await history.open();
    const { id } = await history.startRecording({ name: "run", by: "page" });
    const at = clock.now();
    for (const [i, axis] of ["accel.x", 'a,b "c"\u00e9', "on"].entries()) {
      const value = i === 2 ? true : i + 0.1;
      history.append({ device: "a", property: axis, value, at: at + 7, deviceTime: at + 5 });
    }
    await clock.advance(10);
    await history.addMarker(id, { text: 'a "marker",\nin two lines', by: "page" });
    await history.stopRecording(id);
    const csv = await gather(history.exportCsv(id));
    await history.close();
    const program = `
import csv, io, json, sys, datetime
rows = list(csv.DictReader(io.StringIO(sys.argv[1], newline="")))
for row in rows:
    ms = datetime.datetime.fromisoformat(row["hub_time_utc"].replace("Z", "+00:00")).timestamp() * 1000
    assert abs(ms - float(row["hub_time_ms"])) < 0.01
print(json.dumps(rows))`;
    expect(JSON.parse(await runPython(program, csv))).toEqual([
      {
        hub_time_utc: "2026-01-01T00:00:00.007Z",
        hub_time_ms: String(at + 7),
        device_time_utc: "2026-01-01T00:00:00.005Z",
        device_time_ms: String(at + 5),
        device: "a",
        'a,b "c"\u00e9': "1.1",
        "accel.x": "0.1",
        on: "TRUE",
        marker: "",
      },
      expect.objectContaining({ marker: 'a "marker",\nin two lines', device: "" }),
    ]);
  });
});
