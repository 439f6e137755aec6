/** Which targets of a build have to be built: each remembers the hash of its inputs. Node built-ins only. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seconds } from "./fault.mjs";

/**
 * @typedef {object} Target something to build
 * @property {string} name
 * @property {string[]} inputs files and folders it is made from, relative to the root
 * @property {string[]} outputs what is there afterwards
 * @property {() => Promise<void>} build
 */

/** @typedef {{ [target: string]: string }} Stamps the hash of the inputs that each target was built from */

/**
 * The targets whose inputs changed or whose outputs are gone.
 * @param {string} root
 * @param {readonly Target[]} targets
 */
export function changedTargets(root, targets) {
  const stamps = readStamps(root);
  return targets.filter((target) => {
    const there = target.outputs.every((output) => existsSync(join(root, output)));
    return !there || stamps[target.name] !== hashInputs(root, target.inputs);
  });
}

/**
 * Builds the changed targets one after the other and remembers each that was built.
 * @param {string} root
 * @param {readonly Target[]} targets
 * @param {(line: string) => void} say told of each target built
 */
export async function buildChanged(root, targets, say) {
  for (const target of changedTargets(root, targets)) {
    const start = performance.now();
    // Before the build: an input that changes meanwhile is built again next time.
    const hash = hashInputs(root, target.inputs);
    await target.build();
    writeStamps(root, { ...readStamps(root), [target.name]: hash });
    say(`Built ${target.name.padEnd(10)}${seconds(start)}`);
  }
}

/**
 * A hash over names and contents.
 * @param {string} root
 * @param {readonly string[]} inputs those that are not there count as such
 */
function hashInputs(root, inputs) {
  const hash = createHash("sha256").update(process.version);
  for (const input of inputs) {
    for (const file of filesOf(root, input)) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

/**
 * @param {string} root
 * @param {string} path a file or folder
 * @returns {string[]} its files, in a fixed order
 */
function filesOf(root, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesOf(root, `${path}/${name}`));
}

/** @param {string} root */
function stampsPath(root) {
  return join(root, "dist", "build-stamps.json");
}

/**
 * @param {string} root
 * @returns {Stamps}
 */
function readStamps(root) {
  try {
    return JSON.parse(readFileSync(stampsPath(root), "utf8"));
  } catch {
    return {};
  }
}

/**
 * @param {string} root
 * @param {Stamps} stamps
 */
function writeStamps(root, stamps) {
  mkdirSync(join(root, "dist"), { recursive: true });
  const temporary = `${stampsPath(root)}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(stamps, null, 2)}\n`);
  renameSync(temporary, stampsPath(root));
}
