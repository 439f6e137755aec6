/** QEMU's monitor (its QMP protocol): reads the machine's physical memory from outside. Called by machine.mjs. */
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {{ resolve: (value: unknown) => void, reject: (error: Error) => void }} Pending */

export class Monitor {
  #socket;
  /** @type {Pending[]} answers come in the order of the questions */
  #pending = [];

  /** @param {import("node:net").Socket} socket */
  constructor(socket) {
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("close", () => {
      for (const { reject } of this.#pending.splice(0)) reject(new Error("QEMU's monitor closed"));
    });
    createInterface({ input: socket }).on("line", (line) => this.#take(line));
  }

  /**
   * @param {string} path of its socket
   * @param {number} patienceMs
   */
  static async connect(path, patienceMs) {
    const end = performance.now() + patienceMs;
    for (;;) {
      const socket = connect(path);
      try {
        await once(socket, "connect");
        const monitor = new Monitor(socket);
        await monitor.#execute("qmp_capabilities", {});
        return monitor;
      } catch (error) {
        socket.destroy();
        if (performance.now() > end) throw error;
        await sleep(20);
      }
    }
  }

  /**
   * @param {number} address physical
   * @returns {Promise<number>} 32 bits
   */
  async readWord(address) {
    const command = `xp /1wx 0x${address.toString(16)}`;
    const words = String(await this.#execute("human-monitor-command", { "command-line": command }));
    const value = /: (0x[0-9a-f]{8})/.exec(words)?.[1];
    if (value === undefined) throw new Error(`QEMU's monitor answered ${command} with ${words}`);
    return Number(value);
  }

  close() {
    this.#socket.destroy();
  }

  /**
   * @param {string} command
   * @param {{ readonly [name: string]: string }} given
   * @returns {Promise<unknown>}
   */
  #execute(command, given) {
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: given })}\n`);
    });
  }

  /** @param {string} line */
  #take(line) {
    const message = JSON.parse(line);
    if ("return" in message) this.#pending.shift()?.resolve(message.return);
    else if ("error" in message) this.#pending.shift()?.reject(new Error(message.error.desc));
  }
}
