/** What goes to the hub in one frame: one live report, or a batch of those that waited (protocol 4.3). Pure; used by the outbox. */
import type { Reports } from "#protocol/device-events.ts";
import { type Entry, valuesOf } from "./entry.ts";

/** Well under the hub's largest frame, 65,536 bytes (protocol 1.3), and its largest batch, 1,000 reports. */
export const MAX_BATCH = 200;
export const MAX_BATCH_BYTES = 32_000;

export interface Batch {
  /** The newest report that the batch settles. */
  readonly last: number;
  readonly first: number;
  readonly timed: Reports;
  /** Reports whose time can never be known: they are not in the batch. */
  readonly undated: number;
}

/** @param entries oldest first, at least one */
export function makeBatch(entries: readonly Entry[], timeOf: (entry: Entry) => number | null): Batch {
  const timed = entries.flatMap((entry) => {
    const time = timeOf(entry);
    return time === null ? [] : [[time, valuesOf(entry)] as const];
  });
  const numbers = entries.map(({ number }) => number);
  return { first: numbers[0] ?? 0, last: numbers.at(-1) ?? 0, timed, undated: entries.length - timed.length };
}
