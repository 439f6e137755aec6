/**
 * `npm run test:pi`: the agent on emulated Raspberry Pis, made of Debian and npm packages alone: the quick boot, the kernel's
 * pwm-gpio, and Debian with systemd. Words after it go to jest, such as `npm run test:pi -- service`.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./build.mjs";
import { installPiPackages } from "./debian-packages.mjs";
import { Fault, isMain, runScript } from "./fault.mjs";

/** @param {readonly string[]} words */
function testPi(words) {
  if (process.getuid?.() !== 0) {
    throw new Fault(
      "The emulated Pi's file system holds files of root: put sudo before it, as in `sudo npm run test:pi`.",
    );
  }
  installPiPackages();
  const config = ["--runInBand", "--testMatch", "<rootDir>/test/emulated-pi/*.{test,pi}.ts"];
  const { status } = spawnSync(process.execPath, [join(ROOT, "node_modules/jest/bin/jest.js"), ...words, ...config], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "--experimental-vm-modules --no-warnings" },
  });
  process.exitCode = status ?? 1;
}

if (isMain(import.meta.url)) await runScript(() => testPi(process.argv.slice(2)));
