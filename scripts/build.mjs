/** Builds what runs, from sources to `dist/`: called by `npm run build`, `npm start` and the check. Builds only what changed. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildChanged, changedTargets } from "./build-stamp.mjs";
import { isMain, requireWritable, runScript, seconds } from "./fault.mjs";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Bundled libraries of CommonJS call `require`, which a module does not have. */
const BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** Compiled for the machine, so never inside a bundle. */
const NATIVE = ["pigpio", "better-sqlite3"];

/** The generic client, as `pharos simulate esp32` runs it; one for a board is made by `npm run esp32`. */
const ESPRUINO = "dist/bundles/espruino.js";

/** The thread that owns the history's file: the hub starts it from beside its own bundle. */
const HISTORY_WORKER = "dist/bundles/history-worker.js";

/** What every target depends on, beside its own folders: another version of a library or of this file makes another bundle. */
const COMMON = ["scripts/build.mjs", "package.json", "package-lock.json", "tsconfig.base.json"];

/**
 * The targets of the project.
 * @param {string} root
 * @returns {import("./build-stamp.mjs").Target[]}
 */
export function targets(root) {
  return [
    nodeBundle(root, "hub", ["protocol", "base", "hub"]),
    {
      name: "history",
      inputs: [...COMMON, "protocol", "base", "hub/base", "hub/history"],
      outputs: [HISTORY_WORKER],
      build: () => buildHistoryWorker(root),
    },
    nodeBundle(root, "agent", ["protocol", "base", "pi-agent"], "pi-agent"),
    nodeBundle(root, "simulate", ["protocol", "base", "pi-agent", "simulate"]),
    nodeBundle(root, "start", ["base", "cli"], "cli"),
    {
      name: "page",
      inputs: [...COMMON, "protocol", "web"],
      outputs: ["dist/web/index.html"],
      build: () => buildPage(root),
    },
    {
      name: "espruino",
      inputs: [...COMMON, "protocol", "esp32"],
      outputs: [ESPRUINO],
      build: () => buildEspruino(root),
    },
  ];
}

/**
 * One program of Node in one file: libraries inside, native modules and their like outside.
 * @param {string} root
 * @param {string} name of the bundle, and of the command of `pharos`
 * @param {string[]} folders its sources
 * @param {string} folder the one that holds its main.ts
 * @returns {import("./build-stamp.mjs").Target}
 */
function nodeBundle(root, name, folders, folder = name) {
  const outfile = `dist/bundles/${name}.js`;
  return {
    name,
    inputs: [...COMMON, ...folders],
    outputs: [outfile],
    async build() {
      const { build } = await import("esbuild");
      await build({
        absWorkingDir: root,
        entryPoints: [`${folder}/main.ts`],
        outfile,
        bundle: true,
        platform: "node",
        format: "esm",
        // The agent runs on what Debian 12 and Raspberry Pi OS bring.
        target: name === "agent" ? "node18" : "node20",
        sourcemap: true,
        // Comes over slow links to small computers.
        minify: name === "agent",
        // Node keeps the text in memory: half of it is white space and comments.
        minifyWhitespace: true,
        external: NATIVE,
        banner: { js: BANNER },
        logLevel: "warning",
        legalComments: "none",
      });
    },
  };
}

/**
 * A thread has no one who calls its main.
 * @param {string} root
 * @param {string} [outfile]
 */
export async function buildHistoryWorker(root, outfile = HISTORY_WORKER) {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    stdin: {
      contents: 'import { main } from "./worker.ts"; main();',
      resolveDir: join(root, "hub/history/sqlite"),
      loader: "ts",
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: true,
    external: NATIVE,
    banner: { js: BANNER },
    logLevel: "warning",
    legalComments: "none",
  });
}

/** @param {string} root */
async function buildPage(root) {
  const { build } = await import("vite");
  await build({
    configFile: join(root, "web/vite.config.ts"),
    root: join(root, "web"),
    logLevel: "warn",
    build: { outDir: join(root, "dist/web"), emptyOutDir: true },
  });
}

/** @param {string} root */
async function buildEspruino(root) {
  const { buildEspruino: build } = await import("../esp32/espruino/build/build.mjs");
  await build(null, join(root, ESPRUINO));
}

/**
 * Whether everything in `dist/` is as its sources are.
 * @param {string} root
 */
export function isBuilt(root) {
  return changedTargets(root, targets(root)).length === 0;
}

if (isMain(import.meta.url)) {
  await runScript(async () => {
    if (isBuilt(ROOT)) return;
    requireWritable(join(ROOT, "dist"));
    const start = performance.now();
    await buildChanged(ROOT, targets(ROOT), (line) => console.log(line));
    console.log(`Built in ${seconds(start)}.`);
  });
}
