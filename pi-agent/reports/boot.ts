/** The start of this computer, by which reports know their age when the wall clock is wrong. Called where the outbox is made. */
import { readFileSync } from "node:fs";
import type { Clock } from "#base/clock.ts";

export interface Boot {
  /** Another one after each start of the computer. */
  readonly id: string;
  /** Ms since the start, the same for every process; never jumps. */
  elapsed(): number;
}

/** Eight digits of the kernel's id tell apart more starts than a computer has. */
const ID_LENGTH = 8;

/** Where the kernel has no such id every start of the process counts as one of the computer. */
export function readBoot(clock: Clock, path = "/proc/sys/kernel/random/boot_id"): Boot {
  // Node's counts from the start of the computer, the clock's from that of the process.
  const processStart = Number(process.hrtime.bigint() / 1_000_000n) - clock.monotonic();
  return { id: readId(path), elapsed: () => processStart + clock.monotonic() };
}

function readId(path: string): string {
  try {
    return readFileSync(path, "utf8").trim().slice(0, ID_LENGTH);
  } catch {
    return `${process.pid}-${Date.now()}`;
  }
}
