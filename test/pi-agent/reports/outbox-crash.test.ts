/** The outbox in a process of its own, on a real link to a real hub; the hub goes, and the process is killed meanwhile. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { build } from "esbuild";
import { systemClock } from "#base/clock.ts";
import { readOptions } from "#base/options.ts";
import { HUB_OPTIONS } from "../../../hub/base/config.ts";
import { createLogger } from "../../../hub/base/logger.ts";
import { MemoryStore } from "../../../hub/devices/memory-store.ts";
import type { StoredReported } from "../../../hub/devices/store.ts";
import { MemoryHistory } from "../../../hub/history/memory-history.ts";
import { Hub } from "../../../hub/hub.ts";
import { eventually } from "../../support/eventually.ts";
import { memoryAccess } from "../../support/hub.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();
let program = "";
let folder: string;
let store: RecordingStore;
let hub: Hub | null = null;
let port = 0;
const children: ChildProcess[] = [];

/** Every sample that the hub took, in the order in which it took them. */
class RecordingStore extends MemoryStore {
  readonly samples: StoredReported[] = [];

  override putReported(device: string, property: string, reported: StoredReported): void {
    this.samples.push({ ...reported });
    super.putReported(device, property, reported);
  }

  get values(): unknown[] {
    return this.samples.map(({ value }) => value);
  }
}

beforeAll(async () => {
  program = join(newFolder(), "outbox-process.mjs");
  await build({
    entryPoints: ["test/pi-agent/reports/outbox-process.ts"],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
  });
});
beforeEach(async () => {
  folder = join(newFolder(), "reports");
  store = new RecordingStore();
  port = 0;
  await startHub();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await stopHub();
});

/** On the same port and with the same store after a `stopHub`. */
async function startHub(): Promise<void> {
  const config = readOptions(HUB_OPTIONS, ["--open", "--port", `${port}`, "--host", "127.0.0.1"], {});
  const parts = { clock: systemClock(), logger: createLogger(true, () => {}), pageDir: "dist/web", version: "0" };
  hub = new Hub(config, { ...parts, store, history: new MemoryHistory(parts), ...memoryAccess() });
  port = await hub.start();
}

async function stopHub(): Promise<void> {
  await hub?.close();
  hub = null;
}

function startProcess(): { child: ChildProcess; events: string[] } {
  const child = fork(program, [`http://127.0.0.1:${port}`, folder], { execArgv: [] });
  children.push(child);
  const events: string[] = [];
  child.on("message", (event) => events.push(String(event)));
  return { child, events };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** What the files hold; nothing while they are being removed. */
function onDisk(): string {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
  } catch {
    return "";
  }
}

describe("a thousand reports while the hub is gone", () => {
  it("arrive once each, in order, though the agent was killed meanwhile", async () => {
    const first = startProcess();
    await eventually(() => first.events.includes("welcome"), 10_000);
    first.child.send({ from: 0, count: 5 });
    await eventually(() => store.samples.length === 5);
    await stopHub();
    await eventually(() => first.events.includes("disconnected"));
    first.child.send({ from: 5, count: 500 });
    await eventually(() => onDisk().includes('{"v":504}'), 10_000);
    first.child.kill("SIGKILL");
    await once(first.child, "exit");

    const second = startProcess();
    await eventually(() => second.events.includes("reports-found"), 10_000);
    second.child.send({ from: 505, count: 500 });
    await eventually(() => onDisk().includes('{"v":1004}'), 10_000);
    expect(store.samples).toHaveLength(5);
    await startHub();
    await eventually(() => store.samples.length >= 1005, 25_000);
    await eventually(() => onDisk() === "");
    expect(store.values).toEqual(numbers(1005));
    const times = store.samples.map(({ deviceTime = 0 }) => deviceTime);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.abs((times.at(-1) ?? 0) - Date.now())).toBeLessThan(30_000);
  });

  it("arrive though the agent is killed while it sends them, and only some of them twice", async () => {
    const first = startProcess();
    await eventually(() => first.events.includes("welcome"), 10_000);
    await stopHub();
    await eventually(() => first.events.includes("disconnected"));
    first.child.send({ from: 0, count: 1000 });
    await eventually(() => onDisk().includes('{"v":999}'), 10_000);
    await startHub();
    await eventually(() => store.samples.length >= 200, 15_000);
    first.child.kill("SIGKILL");
    await once(first.child, "exit");
    startProcess();
    await eventually(() => onDisk() === "", 15_000);
    const times = new Map(store.samples.map(({ value, deviceTime }) => [value, deviceTime]));
    expect([...times.keys()]).toEqual(numbers(1000));
    // One that came twice came with the same time: by it the hub knows it.
    for (const { value, deviceTime } of store.samples) expect(deviceTime).toBe(times.get(value));
  });
});
