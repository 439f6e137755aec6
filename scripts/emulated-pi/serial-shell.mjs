/** The shell on the serial line of the emulated Pi: one command at a time, its output and its status. Called by machine.mjs. */
import { Fault } from "../fault.mjs";

/** @typedef {{ status: number, output: string }} Result */
/** @typedef {{ marker: RegExp, done: (match: RegExpExecArray) => void }} Waiter */

/** Printed by the shell's own start, when it listens. */
const READY = /@@ready\s/;
const MAX_LOG = 1_000_000;

export class SerialShell {
  #input;
  #rest = "";
  #log = "";
  #commands = 0;
  /** @type {Waiter | null} */
  #waiter = null;
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /**
   * @param {import("node:stream").Writable} input
   * @param {import("node:stream").Readable} output
   */
  constructor(input, output) {
    this.#input = input;
    // When the machine is switched off while something is written, whoever waits is told by its own limit.
    input.on("error", () => {});
    output.setEncoding("latin1").on("data", (text) => this.#take(text));
  }

  /** Everything that was said, as far as it is kept. */
  get log() {
    return this.#log;
  }

  /** @param {number} patienceMs */
  async ready(patienceMs) {
    await this.#wait(READY, patienceMs, "its shell");
  }

  /**
   * Commands that are asked for together run one after the other.
   * @param {string} command
   * @param {number} patienceMs
   * @returns {Promise<Result>}
   */
  run(command, patienceMs) {
    const result = this.#queue.then(() => this.#run(command, patienceMs));
    this.#queue = result.catch(() => {});
    return result;
  }

  /**
   * @param {string} command
   * @param {number} patienceMs
   * @returns {Promise<Result>}
   */
  async #run(command, patienceMs) {
    const mark = `@@${++this.#commands}`;
    // The mark is put together by the shell, so that its own words are never taken for its answer.
    this.#input.write(
      `printf '%s\\n' "@@""${this.#commands}<"; { ${command}\n} 2>&1; printf '\\n%s\\n' "@@""${this.#commands}>$?;"\n`,
    );
    const pattern = new RegExp(`${mark}<\\r?\\n(.*?)\\r?\\n?${mark}>(\\d+);`, "s");
    const [, output = "", status = "1"] = await this.#wait(pattern, patienceMs, `\`${command}\``);
    return { status: Number(status), output: output.replaceAll("\r\n", "\n").trim() };
  }

  /**
   * @param {RegExp} marker
   * @param {number} patienceMs
   * @param {string} what
   * @returns {Promise<RegExpExecArray>}
   */
  #wait(marker, patienceMs, what) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiter = null;
        reject(
          new Fault(
            `The emulated Pi did not answer within ${patienceMs} ms (${what}). Its last words:\n${this.#log.slice(-3000)}`,
          ),
        );
      }, patienceMs);
      this.#waiter = {
        marker,
        done: (match) => {
          clearTimeout(timer);
          resolve(match);
        },
      };
      this.#look();
    });
  }

  /** @param {string} text */
  #take(text) {
    this.#log = (this.#log + text).slice(-MAX_LOG);
    this.#rest = (this.#rest + text).slice(-MAX_LOG);
    this.#look();
  }

  #look() {
    const match = this.#waiter?.marker.exec(this.#rest);
    if (this.#waiter === null || match === null || match === undefined) return;
    const { done } = this.#waiter;
    this.#waiter = null;
    this.#rest = this.#rest.slice(match.index + match[0].length);
    done(match);
  }
}
