// `npm run bench [-- NAME …]`: builds each bench with esbuild and runs it; every bench starts what it measures itself.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const known = readdirSync(join(here, "cases")).map((file) => file.replace(/\.ts$/, ""));
/** Processes that a bench starts beside the hub; those of plain JavaScript need no build. */
const peers = readdirSync(join(here, "peers"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => join(here, "peers", file));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const unknown = wanted.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
  process.exit(2);
}
const failed = [];
for (const name of wanted.length > 0 ? wanted : known) if (!(await run(name))) failed.push(name);
if (failed.length > 0) console.error(`Not as it should be: ${failed.join(", ")}.`);
process.exit(failed.length > 0 ? 1 : 0);

/**
 * @param {string} name
 * @returns {Promise<boolean>} whether its counts and goals hold
 */
async function run(name) {
  const outdir = join(here, "../dist/bench");
  await build({
    entryPoints: [join(here, "cases", `${name}.ts`), ...peers],
    outdir,
    outbase: here,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const { status } = spawnSync(
    process.execPath,
    [join(outdir, "cases", `${name}.js`), ...process.argv.filter((word) => word.startsWith("--"))],
    { stdio: "inherit" },
  );
  return status === 0;
}
