/** What the tests drive and npm does not bring: a browser and clients that others wrote. Called by `install.mjs --with-browser`. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { Fault, seconds } from "./fault.mjs";

/** Each with a file that proves it. */
const TEST_CLIENTS = [
  { name: "python3-websockets", file: "/usr/lib/python3/dist-packages/websockets" },
  { name: "python3-socketio", file: "/usr/lib/python3/dist-packages/socketio" },
  { name: "python3-pigpio", file: "/usr/lib/python3/dist-packages/pigpio.py" },
  { name: "pigpio-tools", file: "/usr/bin/pigs" },
  // What python3-socketio needs to poll and to upgrade.
  { name: "python3-requests", file: "/usr/lib/python3/dist-packages/requests" },
  { name: "python3-websocket", file: "/usr/lib/python3/dist-packages/websocket" },
];

/**
 * The Debian packages that the tests need and that are not there.
 * @param {NodeJS.ProcessEnv} env `CHROMIUM` names a browser elsewhere
 * @param {(path: string) => boolean} exists
 * @returns {string[]}
 */
export function missingTestPackages(env, exists = existsSync) {
  const browser = exists(env.CHROMIUM || "/usr/bin/chromium") ? [] : ["chromium", "fonts-liberation"];
  return [...browser, ...TEST_CLIENTS.filter(({ file }) => !exists(file)).map(({ name }) => name)];
}

/**
 * Installs what the tests drive, as root on Debian; else names the command.
 * @throws {Fault}
 */
export function installTestPackages() {
  const missing = missingTestPackages(process.env);
  if (missing.length === 0) return;
  const install = ["install", "-y", "--no-install-recommends", ...missing];
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Fault(
      `The tests need Chromium and a few clients to test with; on Debian: sudo apt-get ${install.join(" ")}\nElsewhere install their like, and name a Chromium with CHROMIUM=/path/to/it.`,
    );
  }
  const start = performance.now();
  console.log(`Installing Debian packages for the tests: ${missing.join(" ")} …`);
  apt(["update"]);
  apt(install);
  console.log(`Installed in ${seconds(start)}.`);
}

/** @param {string[]} args */
function apt(args) {
  const result = spawnSync("apt-get", [...args, "-q"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  if (result.status !== 0) {
    const tail = `${result.stdout}${result.stderr}`.trim().split("\n").slice(-5).join("\n");
    throw new Fault(
      `${tail}\n\`apt-get ${args.join(" ")}\` failed: see its words above, mend that, and run the command again.`,
    );
  }
}
