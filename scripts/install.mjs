/**
 * Installs what is missing, before `npm start` and `npm test`: the packages, and with `--with-browser` what the tests
 * drive. Says nothing when there is nothing to do. Node built-ins only: it runs without node_modules.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installTestPackages } from "./debian-packages.mjs";
import { Fault, isMain, requireWritable, runScript, seconds } from "./fault.mjs";

/**
 * @typedef {object} Stamp what an installation was made from
 * @property {string} packages hash of package.json, the lock file, the Node version and the processor
 * @property {boolean} pigpio whether the C library of pigpio was there to build against
 */

/** Give up on the registry after about ten seconds, not after npm's two minutes. */
const NPM_PATIENCE = ["--fetch-retries=3", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000"];
const NPM_QUIET = ["--no-audit", "--no-fund", "--no-update-notifier"];
const OLDEST_NODE = "20.17.0";

/**
 * @param {string} root folder of package.json
 * @param {boolean} pigpio whether libpigpio is there
 * @returns {Stamp}
 */
export function currentStamp(root, pigpio) {
  const hash = createHash("sha256");
  for (const file of ["package.json", "package-lock.json"]) hash.update(readFileSync(join(root, file))).update("\0");
  hash.update(`${process.version} ${process.platform} ${process.arch}`);
  return { packages: hash.digest("hex"), pigpio };
}

/**
 * What has to be done to get from one installation to another.
 * @param {Stamp | null} installed null: nothing is installed
 * @param {Stamp} wanted
 * @returns {"nothing" | "rebuild pigpio" | "install"}
 */
export function planInstall(installed, wanted) {
  if (installed === null || installed.packages !== wanted.packages) return "install";
  return installed.pigpio === wanted.pigpio ? "nothing" : "rebuild pigpio";
}

/**
 * @param {string} root
 * @returns {Stamp | null}
 */
export function readStamp(root) {
  try {
    return JSON.parse(readFileSync(stampPath(root), "utf8"));
  } catch {
    return null;
  }
}

/**
 * Records that node_modules now holds `stamp`.
 * @param {string} root
 * @param {Stamp} stamp
 */
export function writeStamp(root, stamp) {
  writeFileSync(stampPath(root), `${JSON.stringify(stamp)}\n`);
}

/** @param {string} root */
function stampPath(root) {
  return join(root, "node_modules", ".pharos-install.json");
}

/**
 * Whether the npm package `pigpio` can be built: its build looks for the daemon, then needs the header.
 * @param {NodeJS.ProcessEnv} env
 */
export function hasLibpigpio(env) {
  const daemon = (env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "pigpiod")));
  return daemon && ["/usr/include", "/usr/local/include"].some((folder) => existsSync(join(folder, "pigpio.h")));
}

/**
 * @param {string} version as in `process.versions.node`
 * @throws {Fault} when it is older than Pharos needs
 */
export function requireNode(version) {
  const [has, needs] = [version, OLDEST_NODE].map((text) => text.split(".").map(Number));
  const difference = needs?.map((part, i) => (has?.[i] ?? 0) - part).find((d) => d !== 0) ?? 0;
  if (difference < 0) {
    throw new Fault(
      `Pharos needs Node.js 20.17 or newer, and this is ${version}: install a newer one from https://nodejs.org.`,
    );
  }
}

/**
 * The sentence for a failed npm, from what it printed.
 * @param {string} output
 * @param {string} root
 */
export function explainNpm(output, root) {
  const code = /npm (?:error|ERR!) code (\S+)/.exec(output)?.[1] ?? "";
  if (
    /^(ENOTFOUND|EAI_AGAIN|ECONN\w+|E?TIMEDOUT|ETIMEDOUT|ENET\w+|EHOST\w+|ERR_SOCKET_TIMEOUT|ENOTCACHED|E5\d\d)$/.test(
      code,
    )
  ) {
    return `npm cannot reach the package registry (${code}): connect this computer to the internet, or name a registry with \`npm config set registry URL\`, and run the command again.`;
  }
  if (/^(EACCES|EPERM|EROFS)$/.test(code)) {
    return `npm cannot write in ${root} or its cache (${code}): copy Pharos to a folder of your own, or change the owner of this one.`;
  }
  if (code === "ENOSPC") return "The disk is full: make about 500 MB of room and run the command again.";
  const tail = output.trim().split("\n").slice(-15).join("\n");
  return `${tail}\nnpm could not install the packages; its own words are above.`;
}

/**
 * Runs npm quietly.
 * @param {string} root
 * @param {string[]} args
 * @returns {{ ok: boolean, output: string }}
 * @throws {Fault} when npm itself is missing
 */
function npm(root, args) {
  // npm names its own script when it runs this one; else it is looked up on the PATH.
  const script = process.env.npm_execpath;
  const ownNpm = script !== undefined && /npm-cli\.c?js$/.test(script) && existsSync(script);
  const [command, first] = ownNpm ? [process.execPath, [script]] : ["npm", []];
  const result = spawnSync(command, [...first, ...args, ...NPM_QUIET], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
    // Tests need the development packages, whatever the caller's environment says.
    env: { ...process.env, NODE_ENV: "" },
  });
  if (result.error !== undefined && "code" in result.error && result.error.code === "ENOENT") {
    throw new Fault(
      "npm is not installed or not on the PATH: install it (it comes with Node.js from https://nodejs.org).",
    );
  }
  return { ok: result.status === 0, output: `${result.stdout}${result.stderr}` };
}

/**
 * Brings node_modules to what the lock file says, if it is not.
 * @param {string} root
 * @throws {Fault}
 */
export function installPackages(root) {
  const wanted = currentStamp(root, hasLibpigpio(process.env));
  const todo = planInstall(readStamp(root), wanted);
  if (todo === "nothing") return;
  requireWritable(join(root, "node_modules"));
  if (todo === "rebuild pigpio" && existsSync(join(root, "node_modules", "pigpio"))) rebuildPigpio(root);
  else installAll(root);
  writeStamp(root, wanted);
}

/** @param {string} root */
function installAll(root) {
  const start = performance.now();
  console.log("Installing packages (once, about a minute) …");
  const { ok, output } = npm(root, ["ci", "--include=dev", ...NPM_PATIENCE]);
  if (!ok) throw new Fault(explainNpm(output, root));
  console.log(`Installed in ${seconds(start)}.`);
}

/** @param {string} root */
function rebuildPigpio(root) {
  console.log("The pigpio library came or went: building its package anew …");
  const { ok } = npm(root, ["rebuild", "pigpio"]);
  // Not fatal: the agent has other drivers and says which one it took.
  if (!ok) console.log("The package pigpio could not be built; the agent can still use pigpiod.");
}

if (isMain(import.meta.url)) {
  await runScript(() => {
    requireNode(process.versions.node);
    installPackages(dirname(dirname(fileURLToPath(import.meta.url))));
    if (process.argv.includes("--with-browser")) installTestPackages();
  });
}
