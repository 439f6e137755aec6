/** One emulated Raspberry Pi 3: QEMU with a shell on its serial line, and its registers as seen from outside. Called by the tests of test/emulated-pi. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../fault.mjs";
import { Monitor } from "./monitor.mjs";
import { SerialShell } from "./serial-shell.mjs";

/** Where the computer outside is, as seen from inside; what it serves on its 127.0.0.1 is there. */
export const OUTSIDE = "10.0.2.2";

/** The levels of GPIO 0 to 31, one bit each (BCM2837 ARM Peripherals, GPLEV0). */
const GPLEV0 = 0x3f200034;

const QEMU = "qemu-system-aarch64";
const MONITOR_MS = 10_000;

/**
 * @typedef {object} MachineParts
 * @property {string} kernel
 * @property {string} deviceTree
 * @property {string} [initrd]
 * @property {string} [disk] a raw image on the SD card, its size a power of two
 * @property {string} [append] more words for the kernel
 */

export class Machine {
  /** @type {import("node:child_process").ChildProcess | null} */
  #process = null;
  /** @type {Monitor | null} */
  #monitor = null;
  /** @type {SerialShell | null} */
  #shell = null;
  #folder = "";
  #words = "";
  #leave = () => {};

  /**
   * Switches the Pi on, and waits for its shell.
   * @param {MachineParts} parts
   * @param {number} patienceMs
   * @throws {Fault} with its last words when it does not come up
   */
  async start(parts, patienceMs) {
    this.#folder = mkdtempSync(join(tmpdir(), "pharos-pi-"));
    const socket = join(this.#folder, "monitor");
    // The kernel ends QEMU with the process that started it, however that one ends.
    const child = spawn("setpriv", ["--pdeathsig", "KILL", QEMU, ...qemuWords(parts, socket)], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#process = child;
    this.#leave = () => child.kill("SIGKILL");
    process.once("exit", this.#leave);
    child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#words = (this.#words + text).slice(-2000);
    });
    child.on("error", (error) => {
      this.#words += error.message;
    });
    this.#shell = new SerialShell(child.stdin, child.stdout);
    const ended = once(child, "close").then(() => {
      throw new Fault(`${QEMU} ended: ${this.#words || "it said nothing"}`);
    });
    try {
      await Promise.race([this.#shell.ready(patienceMs), ended]);
      this.#monitor = await Monitor.connect(socket, MONITOR_MS);
    } catch (error) {
      await this.powerCut();
      throw error;
    }
    ended.catch(() => {});
  }

  /**
   * Runs a command in the Pi, as root.
   * @param {string} command for its shell
   * @param {number} [patienceMs]
   * @returns {Promise<string>} what it printed
   * @throws {Fault} when it fails or takes too long
   */
  async run(command, patienceMs = 20_000) {
    const { status, output } = await this.tryRun(command, patienceMs);
    if (status !== 0) throw new Fault(`In the emulated Pi, \`${command}\` ended with ${status}: ${output}`);
    return output;
  }

  /**
   * @param {string} command
   * @param {number} [patienceMs]
   * @returns {Promise<import("./serial-shell.mjs").Result>}
   */
  tryRun(command, patienceMs = 20_000) {
    if (this.#shell === null) throw new Error("the emulated Pi is off");
    return this.#shell.run(command, patienceMs);
  }

  /** Everything that the serial line said, for when something fails. */
  get log() {
    return this.#shell?.log ?? "";
  }

  /**
   * Reads from the outside whether a pin is high now.
   * @param {number} gpio 0 to 31
   */
  async isHigh(gpio) {
    if (this.#monitor === null) throw new Error("the emulated Pi is off");
    return (((await this.#monitor.readWord(GPLEV0)) >>> gpio) & 1) === 1;
  }

  /**
   * Looks at a pin again and again, at moments that keep no time with its pulses.
   * @param {number} gpio
   * @param {number} samples
   * @returns {Promise<number>} the part of samples that were high
   */
  async partHigh(gpio, samples) {
    let high = 0;
    for (let i = 0; i < samples; i++) {
      if (await this.isHigh(gpio)) high++;
      await sleep(Math.random() * 4);
    }
    return high / samples;
  }

  /**
   * Looks at a pin as often as it can while something is going on.
   * @param {number} gpio
   * @param {Promise<unknown>} what
   * @returns {Promise<{ high: number, low: number }>} how often it was which
   */
  async watch(gpio, what) {
    const seen = { high: 0, low: 0 };
    let isOver = false;
    const over = what.finally(() => {
      isOver = true;
    });
    over.catch(() => {});
    while (!isOver) seen[(await this.isHigh(gpio)) ? "high" : "low"]++;
    await over;
    return seen;
  }

  /** Ends it as if its plug were pulled. */
  async powerCut() {
    process.removeListener("exit", this.#leave);
    this.#monitor?.close();
    const child = this.#process;
    this.#process = null;
    if (child !== null && child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "close");
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * @param {MachineParts} parts
 * @param {string} monitor path of a socket
 */
function qemuWords({ kernel, deviceTree, initrd, disk, append = "" }, monitor) {
  return [
    // One thread for all four processors: else three of them spin on the cores of this computer while the first one boots.
    ...["-M", "raspi3b", "-accel", "tcg,thread=single", "-display", "none", "-no-reboot"],
    ...["-kernel", kernel, "-dtb", deviceTree],
    ...(initrd === undefined ? [] : ["-initrd", initrd]),
    ...(disk === undefined ? [] : ["-drive", `if=sd,format=raw,cache=writethrough,file=${disk}`]),
    // The first serial line of the board belongs to Bluetooth, the second is the console.
    ...["-serial", "null", "-serial", "stdio"],
    ...["-append", `console=ttyS1,115200 quiet panic=-1 ${append}`.trim()],
    ...["-netdev", "user,id=net", "-device", "usb-net,netdev=net"],
    ...["-qmp", `unix:${monitor},server=on,wait=off`],
  ];
}
