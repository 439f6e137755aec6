/**
 * A stand-in of the native addon inside the npm package `pigpio`, on the same board as the stand-in of the daemon: the
 * package's own JavaScript runs on top of it. Not proven on hardware.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { PigpioLibrary } from "../../pi-agent/drivers/pigpio-library.ts";
import { Board } from "./pigpiod-board.ts";

const PACKAGE_FILE = join(process.cwd(), "node_modules/pigpio/pigpio.js");
const NOTHING = Buffer.alloc(0);

/** The package is an optional dependency: where it could not be installed, its tests are skipped. */
export const hasPigpioPackage = existsSync(PACKAGE_FILE);

export interface PigpioStandIn {
  readonly library: PigpioLibrary;
  readonly board: Board;
  /** Every call that reached the addon: `gpioPWM 21 24`. */
  readonly calls: string[];
}

/** @param board may bring pins that are on already; `startFault` is what the initialisation returns, -1 beside a daemon */
export function loadPigpioStandIn(board: Board = new Board(), startFault = 0): PigpioStandIn {
  const calls: string[] = [];
  const call =
    (name: string, run: (a: number, b: number) => number) =>
    (a: number, b: number): number => {
      calls.push([name, a, b].filter((part) => part !== undefined).join(" "));
      const result = run(a, b);
      if (result < 0) throw new Error(`pigpio error ${result} in ${name}`);
      return result;
    };
  const onBoard = (command: number) => (a: number, b: number) => board.run(command, a, b ?? 0, NOTHING).result;
  const functions: { readonly [name: string]: (a: number, b: number) => number } = {
    gpioCfgInterfaces: () => 0,
    gpioInitialise: () => startFault,
    gpioTerminate: () => 0,
    gpioSetMode: onBoard(0),
    gpioGetMode: onBoard(1),
    gpioSetPullUpDown: onBoard(2),
    gpioRead: onBoard(3),
    gpioWrite: onBoard(4),
    gpioPWM: onBoard(5),
    gpioSetPWMrange: onBoard(6),
    gpioSetPWMfrequency: onBoard(7),
    gpioGetPWMdutycycle: onBoard(83),
  };
  const addon = Object.fromEntries(Object.entries(functions).map(([name, run]) => [name, call(name, run)]));
  return { library: loadPackage(addon), board, calls };
}

/** Runs the package's own source with another addon. */
function loadPackage(addon: object): PigpioLibrary {
  const original = createRequire(PACKAGE_FILE);
  const replaced = (name: string): unknown => (name === "bindings" ? () => addon : original(name));
  const module = { exports: {} };
  new Function("module", "exports", "require", readFileSync(PACKAGE_FILE, "utf8"))(module, module.exports, replaced);
  return module.exports as PigpioLibrary;
}
