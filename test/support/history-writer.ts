/**
 * A process that records as fast as a fleet of sensors and says what it put; it is bundled and killed by a test.
 * `FILE WORKER`: each line `n at` says that all samples up to n were put by `at`.
 */
import { writeSync } from "node:fs";
import { systemClock } from "#base/clock.ts";
import { workerPort } from "../../hub/history/sqlite/port.ts";
import { SqliteHistory } from "../../hub/history/sqlite/sqlite-history.ts";

const SAMPLES_A_TURN = 8;

export async function main([file = "", worker = ""]: readonly string[]): Promise<void> {
  // The clock of the history keeps no process alive.
  setInterval(() => {}, 1000);
  const history = new SqliteHistory({ file, clock: systemClock(), connect: workerPort(worker) });
  await history.open();
  const [running] = await history.listRecordings();
  if (running === undefined) await history.startRecording({ name: "run", by: "test" });
  const [series] = await history.listSeries();
  let n = series?.samples ?? 0;
  for (;;) {
    const at = Date.now();
    for (let i = 0; i < SAMPLES_A_TURN; i++) {
      history.append({ device: "a", property: "n", value: ++n, at });
      history.append({ device: "b", property: "n", value: n / 8, at, deviceTime: at + i / 100 });
    }
    writeSync(1, `${n} ${at}\n`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
