/** `npm run check`, and exactly what CI runs: types, lint and format, build, floor plan and tests; ends at the first that fails. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./build.mjs";
import { isMain, seconds } from "./fault.mjs";

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} failed the headline when it fails
 * @property {string} script of Node, relative to the root
 * @property {string[]} args
 * @property {string[]} [nodeArgs] options of Node itself, which jest gives its workers, but not what the tests start
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string[]} [again] more arguments for a second try of what failed: a browser among many processes on two
 *   cores may be late, and what is really broken fails alone as well
 */

/** The tools are called by their own scripts: `npx --no tsc -b` loses `-b` and succeeds. */
/** @type {readonly Step[]} */
const STEPS = [
  { name: "types", failed: "The types do not fit", script: "node_modules/typescript/bin/tsc", args: ["-b"] },
  {
    name: "lint and format",
    failed: "Lint or format found faults (`npm run format` mends most)",
    script: "node_modules/@biomejs/biome/bin/biome",
    args: ["check", "--error-on-warnings", "."],
  },
  { name: "build", failed: "The build failed", script: "scripts/build.mjs", args: [] },
  {
    name: "benches, a moment of each",
    failed: "A bench does not run, or lost something",
    script: "bench/run.mjs",
    args: ["all", "--smoke"],
  },
  {
    name: "floor plan and tests",
    failed: "The floor plan or a test failed",
    script: "node_modules/jest/bin/jest.js",
    args: [],
    // Young objects have room to die in: collecting them is a tenth of the work otherwise.
    nodeArgs: ["--max-semi-space-size=64"],
    env: { NODE_OPTIONS: "--experimental-vm-modules --no-warnings" },
    // Without workers, what a failed test leaves open would keep the check from ending.
    again: ["--onlyFailures", "--runInBand", "--forceExit"],
  },
];

/**
 * Runs the steps in order until one fails.
 * @param {string} root
 * @param {readonly Step[]} steps
 * @returns {number} the exit code
 */
export function runSteps(root, steps) {
  const begin = performance.now();
  for (const [i, step] of steps.entries()) {
    const start = performance.now();
    console.log(`▸ ${step.name}`);
    let { status, signal } = run(root, step, step.args);
    if (status !== 0 && step.again !== undefined) {
      console.log(`\n⚠ ${step.failed}: ${step.name}. Once more, only what failed and one at a time.`);
      ({ status, signal } = run(root, step, [...step.args, ...step.again]));
    }
    if (status !== 0) {
      console.log(
        `\n✗ ${step.failed}: ${step.name}, ${seconds(start)}${signal === null ? "" : `, ended by ${signal}`}.`,
      );
      return status || 1;
    }
    // The last words of a good run are jest's own summary.
    if (i < steps.length - 1) console.log(`✓ ${step.name}, ${seconds(start)} (${seconds(begin)} in all)`);
  }
  return 0;
}

/**
 * @param {string} root
 * @param {Step} step
 * @param {string[]} args
 */
function run(root, { script, nodeArgs = [], env }, args) {
  return spawnSync(process.execPath, [...nodeArgs, join(root, script), ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
}

if (isMain(import.meta.url)) process.exitCode = runSteps(ROOT, STEPS);
