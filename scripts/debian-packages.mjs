/**
 * What the tests drive and npm does not bring: a browser, clients that others wrote, an emulated Raspberry Pi. Called by
 * `install.mjs --with-browser` and test-pi.mjs.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { Fault, seconds } from "./fault.mjs";

/** Each with a file that proves it. */
const TEST_PROGRAMS = [
  { name: "python3-websockets", file: "/usr/lib/python3/dist-packages/websockets" },
  { name: "python3-socketio", file: "/usr/lib/python3/dist-packages/socketio" },
  { name: "python3-pigpio", file: "/usr/lib/python3/dist-packages/pigpio.py" },
  { name: "pigpio-tools", file: "/usr/bin/pigs" },
  // What python3-socketio needs to poll and to upgrade.
  { name: "python3-requests", file: "/usr/lib/python3/dist-packages/requests" },
  { name: "python3-websocket", file: "/usr/lib/python3/dist-packages/websocket" },
  { name: "qemu-system-arm", file: "/usr/bin/qemu-system-aarch64" },
  { name: "curl", file: "/usr/bin/curl" },
  // What the clients in C and C++ are compiled with.
  { name: "gcc", file: "/usr/bin/gcc" },
  { name: "g++", file: "/usr/bin/g++" },
  { name: "libcjson-dev", file: "/usr/include/cjson/cJSON.h" },
  { name: "netcat-openbsd", file: "/bin/nc.openbsd" },
  { name: "openssl", file: "/usr/bin/openssl" },
  // The hub stands behind these.
  { name: "nginx-light", file: "/usr/sbin/nginx" },
  { name: "caddy", file: "/usr/bin/caddy" },
  // What the benches put beside the hub.
  { name: "mosquitto", file: "/usr/sbin/mosquitto" },
  { name: "python3-flask-socketio", file: "/usr/lib/python3/dist-packages/flask_socketio" },
  { name: "python3-eventlet", file: "/usr/lib/python3/dist-packages/eventlet" },
  // A clean Debian with a systemd of its own, to install the packages into.
  { name: "mmdebstrap", file: "/usr/bin/mmdebstrap" },
  { name: "systemd-container", file: "/usr/bin/systemd-nspawn" },
];

/** What `npm run test:pi` builds with, beside all of that. */
const PI_PROGRAMS = [
  { name: "qemu-system-arm", file: "/usr/bin/qemu-system-aarch64" },
  { name: "gcc-12-aarch64-linux-gnu", file: "/usr/bin/aarch64-linux-gnu-gcc-12" },
  { name: "device-tree-compiler", file: "/usr/bin/dtc" },
  { name: "make", file: "/usr/bin/make" },
  { name: "xz-utils", file: "/usr/bin/xz" },
  { name: "e2fsprogs", file: "/sbin/mke2fs" },
  { name: "systemd", file: "/bin/systemd-sysusers" },
];

/** Chromium without its windows. */
const BROWSER = "chromium-headless-shell";

/**
 * The Debian packages that the tests need and that are not there.
 * @param {NodeJS.ProcessEnv} env `CHROMIUM` names a browser elsewhere
 * @param {(path: string) => boolean} exists
 * @returns {string[]}
 */
export function missingTestPackages(env, exists = existsSync) {
  const browser = exists(env.CHROMIUM || `/usr/bin/${BROWSER}`) ? [] : [BROWSER, "fonts-liberation"];
  return [...browser, ...missing(TEST_PROGRAMS, exists)];
}

/**
 * The Debian packages that the tests on the emulated Pi need and that are not there.
 * @param {(path: string) => boolean} exists
 * @returns {string[]}
 */
export function missingPiPackages(exists = existsSync) {
  return missing(PI_PROGRAMS, exists);
}

/**
 * @param {readonly { name: string, file: string }[]} programs
 * @param {(path: string) => boolean} exists
 */
function missing(programs, exists) {
  return programs.filter(({ file }) => !exists(file)).map(({ name }) => name);
}

/**
 * Installs what the tests drive, as root on Debian; else names the command.
 * @throws {Fault}
 */
export function installTestPackages() {
  install(
    missingTestPackages(process.env),
    "The tests need Chromium and a few programs to test with",
    "Elsewhere install their like, and name a Chromium with CHROMIUM=/path/to/it.",
  );
}

/**
 * Installs what the emulated Pi is built with.
 * @throws {Fault}
 */
export function installPiPackages() {
  install(missingPiPackages(), "The emulated Pi needs a few programs to be built", "Elsewhere use a Debian 12.");
}

/**
 * @param {readonly string[]} names
 * @param {string} why
 * @param {string} elsewhere
 * @throws {Fault}
 */
function install(names, why, elsewhere) {
  if (names.length === 0) return;
  const words = ["install", "-y", "--no-install-recommends", ...names];
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Fault(`${why}; on Debian: sudo apt-get ${words.join(" ")}\n${elsewhere}`);
  }
  const start = performance.now();
  console.log(`Installing Debian packages for the tests: ${names.join(" ")} …`);
  apt(["update"]);
  apt(words);
  console.log(`Installed in ${seconds(start)}.`);
}

/** @param {string[]} args */
function apt(args) {
  const result = spawnSync("apt-get", [...args, "-q"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
    env: {
      ...process.env,
      DEBIAN_FRONTEND: "noninteractive",
      // Services that a package brings are not started: the tests start their own.
      RUNLEVEL: "1",
    },
  });
  if (result.status !== 0) {
    const tail = `${result.stdout}${result.stderr}`.trim().split("\n").slice(-5).join("\n");
    throw new Fault(
      `${tail}\n\`apt-get ${args.join(" ")}\` failed: see its words above, mend that, and run the command again.`,
    );
  }
}
