/**
 * The order of the suites on a computer that has not run them yet, as CI is; one that has goes by its own times. Named by
 * jest.config.js: jest itself goes by the size of the files, which leaves the longest for the end, when nothing is left to fill the cores.
 */
import TestSequencer from "@jest/test-sequencer";

/** Those of more than twenty seconds; what works and what waits by turns, so that each fills the pauses of the other. */
export const LONGEST = [
  "package/clean-root",
  "web/programs",
  "clients/micropython",
  "emulated-pi/boot",
  "hub/history/sqlite/kill",
  "clients/arduino",
  "hub/history/sqlite/model",
  "clients/python",
  "pi-agent/long-run",
  "clients/tcp-server",
  "web/data-room",
  "clients/esp-idf",
  "e2e/chaos",
  "clients/micropython/frames",
  "web/add-dialog",
  "hub/doors/tcp-faults",
];

export default class LongestFirst extends TestSequencer {
  /**
   * @param {import("@jest/test-sequencer").Test[]} tests
   * @returns {import("@jest/test-sequencer").Test[]}
   */
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    return sorted.sort((a, b) => rankOf(a.path) - rankOf(b.path));
  }
}

/** @param {string} path @returns {number} the place among the longest, and one after them for all others */
function rankOf(path) {
  const rank = LONGEST.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
  return rank === -1 ? LONGEST.length : rank;
}
