import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { build } from "esbuild";
import type { LoadedDevice } from "../../../../hub/devices/store.ts";
import { eventually } from "../../../support/eventually.ts";
import { ROOT } from "../../../support/sources.ts";
import { readStore } from "../../../support/store-files.ts";
import { temporaryFolders } from "../../../support/temporary-folder.ts";

const makeFolder = temporaryFolders();
/** The moments of the kills: the same in each run. */
const SEED = 20_260_101;
const WISH_KILLS = 20;
const REPORT_KILLS = 3;

let program = "";

beforeAll(async () => {
  const folder = makeFolder();
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  program = join(folder, "writer.mjs");
  await build({
    absWorkingDir: ROOT,
    stdin: {
      contents: 'import { main } from "./store-writer.ts"; await main(process.argv.slice(2));',
      resolveDir: join(ROOT, "test/support"),
      loader: "ts",
    },
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["better-sqlite3"],
  });
});

/** Runs the writer until `ms` after its first line, then kills it. @returns its lines, and when it was killed */
async function runAndKill(file: string, kind: string, ms: number): Promise<{ lines: string[]; killedAt: number }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child: ChildProcess = spawn(process.execPath, [program, file, kind], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  let faults = "";
  child.stdout?.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  child.stderr?.setEncoding("utf8").on("data", (part: string) => {
    faults += part;
  });
  const closed = once(child, "close");
  await eventually(() => text.includes("\n") || child.exitCode !== null, 10_000);
  await new Promise((resolve) => setTimeout(resolve, ms));
  const killedAt = Date.now();
  child.kill("SIGKILL");
  const [, signal] = await closed;
  expect({ signal, faults }).toEqual({ signal: "SIGKILL", faults: "" });
  return { lines: text.split("\n").slice(0, -1), killedAt };
}

/** 0 ≤ r < 1, the same row of numbers for a seed (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function levels(devices: readonly LoadedDevice[], kind: "desired" | "reported"): ReadonlyMap<string, number> {
  return new Map(devices.map((device) => [device.id, Number(device[kind].get("level")?.value ?? 0)]));
}

/** The newest of each device among `safe` is in the file, or a newer one. */
function expectKept(safe: readonly number[], found: ReadonlyMap<string, number>): void {
  for (const [id, level] of found) {
    const mine = safe.filter((n) => `lamp-${n % found.size}` === id);
    expect(level).toBeGreaterThanOrEqual(Math.max(0, ...mine));
  }
}

describe("the SQLite store after kill -9", () => {
  it(`has every acknowledged wish, at ${WISH_KILLS} random moments`, async () => {
    const file = join(makeFolder(), "devices.db");
    const random = numbers(SEED);
    let acknowledged = 0;
    for (let i = 0; i < WISH_KILLS; i++) {
      const { lines } = await runAndKill(file, "wishes", random() * 120);
      acknowledged += lines.length;
      const { devices } = readStore(file, Date.now());
      expect(devices).toHaveLength(3);
      expectKept(lines.map(Number), levels(devices, "desired"));
    }
    expect(acknowledged).toBeGreaterThan(WISH_KILLS);
  });

  it("has every reported value older than a second", async () => {
    const file = join(makeFolder(), "devices.db");
    const random = numbers(SEED);
    for (let i = 0; i < REPORT_KILLS; i++) {
      const { lines, killedAt } = await runAndKill(file, "reports", 1100 + random() * 600);
      const reports = lines.map((line) => line.split(" ").map(Number));
      const old = reports.flatMap(([n = 0, at = 0]) => (at < killedAt - 1000 ? [n] : []));
      expect(old.length).toBeGreaterThan(3);
      const { devices, hubDown } = readStore(file, killedAt + 10_000);
      expectKept(old, levels(devices, "reported"));
      expect(hubDown.at(-1)?.to).toBe(killedAt + 10_000);
    }
  });
});
