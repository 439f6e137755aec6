/** Bundles of the history for tests that run it in threads and processes of their own. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { buildHistoryWorker } from "../../scripts/build.mjs";
import { ROOT } from "./sources.ts";

/** @returns the path of the worker, in a folder from which native modules are found */
export async function bundleWorker(folder: string): Promise<string> {
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const outfile = join(folder, "history-worker.mjs");
  await buildHistoryWorker(ROOT, outfile);
  return outfile;
}

/** The program of `history-writer.ts`. */
export async function bundleWriter(folder: string): Promise<string> {
  const outfile = join(folder, "writer.mjs");
  await build({
    absWorkingDir: ROOT,
    stdin: {
      contents: 'import { main } from "./history-writer.ts"; await main(process.argv.slice(2));',
      resolveDir: join(ROOT, "test/support"),
      loader: "ts",
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["better-sqlite3"],
  });
  return outfile;
}
