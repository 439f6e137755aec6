// `npm run bench [-- NAME …]`: builds the benches with esbuild and runs them one after the other; every bench starts what it measures itself.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(here, "../dist/bench");
/** Those of the table, and those that run by their names alone: they take minutes each. */
const cases = namesIn("cases");
const known = new Map([...cases, ...namesIn("long")]);
const asked = process.argv.slice(2).filter((word) => !word.startsWith("-"));
/** `all`: also those that take minutes. */
const wanted = asked.includes("all") ? [...known.keys()] : asked;
const unknown = wanted.filter((name) => !known.has(name));

if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}. There are: ${[...known.keys()].join(", ")}.`);
  process.exit(2);
}
await buildAll();
const isSmoke = process.argv.includes("--smoke");
const failed = (wanted.length > 0 ? wanted : [...cases.keys()]).filter((name) => {
  const program = `${known.get(name)}/${name}`;
  // A smoke run is a check: one that came at a bad moment is tried again.
  return !run(program) && !(isSmoke && run(program));
});
if (!isSmoke) run("harness/publish");
if (failed.length > 0) console.error(`Not as it should be: ${failed.join(", ")}.`);
process.exit(failed.length > 0 ? 1 : 0);

/**
 * @param {string} folder
 * @returns {Map<string, string>} names of its benches, each with the folder
 */
function namesIn(folder) {
  return new Map(readdirSync(join(here, folder)).map((file) => [file.replace(/\.ts$/, ""), folder]));
}

async function buildAll() {
  await build({
    entryPoints: ["cases", "long", "loads"]
      .map((folder) => join(here, folder, "*.ts"))
      .concat(join(here, "harness/publish.ts")),
    outdir,
    outbase: here,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
}

/**
 * @param {string} program
 * @returns {boolean} whether its counts and goals hold
 */
function run(program) {
  const options = process.argv.filter((word) => word.startsWith("--"));
  return spawnSync(process.execPath, [join(outdir, `${program}.js`), ...options], { stdio: "inherit" }).status === 0;
}
