/**
 * A process that writes to a device store as fast as it may and says what is safe; it is bundled and killed by a test.
 * `FILE wishes`: each line `n` says that wish n was acknowledged. `FILE reports`: `n at` says that report n was put at `at`.
 */
import { writeSync } from "node:fs";
import { systemClock } from "#base/clock.ts";
import { SqliteStore } from "../../hub/devices/sqlite/sqlite-store.ts";
import { deviceRow } from "./store-rows.ts";

const DEVICES = 3;

export async function main([file = "", kind]: readonly string[]): Promise<void> {
  // The clock of the store keeps no process alive.
  setInterval(() => {}, 1000);
  const store = new SqliteStore({ file, clock: systemClock() });
  const { devices } = store.load(Date.now());
  // On from what the one before left, so that newer is always more.
  const values = devices.flatMap((d) => [d.desired.get("level")?.value, d.reported.get("level")?.value]);
  let n = Math.max(0, ...values.map(Number).filter(Number.isFinite));
  for (let i = 0; i < DEVICES; i++) store.putDevice(deviceRow(`lamp-${i}`));
  await store.committed();
  for (;;) {
    n++;
    const id = `lamp-${n % DEVICES}`;
    if (kind === "reports") {
      const at = Date.now();
      store.putReported(id, "level", { value: n, at });
      say(`${n} ${at}`);
    } else {
      store.putDesired(id, "level", { value: n, by: "page", at: Date.now() });
      const mine = n;
      void store.committed().then(() => say(`${mine}`));
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Whole before the process can be killed: not through a buffer of its own. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}
