/** Roll-ups on disk: blocks of one series and level. Called by the engine. */
import type { Database } from "better-sqlite3";
import { mergeRollUps, PERIODS_MS, ROLL_UP_LEVELS, RollUps, rollUp } from "../roll-ups.ts";
import type { SampleRun } from "../sample-run.ts";
import { decodeRollUps, encodeRollUps } from "./codec/roll-up-block.ts";

/** Periods in a block: one hour, six hours, fifteen days. */
const BLOCK_PERIODS = 360;

export class RollUpTable {
  readonly #statements: ReturnType<typeof prepare>;
  readonly #onDamage: (why: string) => void;

  /** @param onDamage told of each block that cannot be read; it is passed over */
  constructor(db: Database, onDamage: (why: string) => void) {
    this.#statements = prepare(db);
    this.#onDamage = onDamage;
  }

  /** Takes samples into all levels. @param run sorted */
  add(series: number, run: SampleRun): void {
    for (const level of ROLL_UP_LEVELS) {
      const blockMs = blockMsOf(level);
      for (const [block, entries] of byBlock(rollUp(run, PERIODS_MS[level]), blockMs)) {
        this.#merge(series, level, block, entries);
      }
    }
  }

  /** Of the series, what may have periods in [from, to). */
  *read(series: number, level: number, from: number, to: number): Iterable<RollUps> {
    const blockMs = blockMsOf(level);
    const [first, last] = [Math.floor(from / blockMs), Math.ceil(to / blockMs)];
    for (const data of this.#statements.read.iterate(series, level, first, last)) {
      const entries = this.#decode(data);
      if (entries !== null) yield entries;
    }
  }

  /** Removes blocks of a level that ended before `time`. @returns how many, at most `limit` */
  removeOld(level: number, time: number, limit: number): number {
    return this.#statements.removeOld.run(level, Math.floor(time / blockMsOf(level)), limit).changes;
  }

  /** When the oldest block of a level began. */
  oldest(level: number): number | null {
    const block = this.#statements.oldest.get(level);
    return block === undefined || block === null ? null : block * blockMsOf(level);
  }

  /** When the oldest of a series began: of the coarsest level, which is kept longest. */
  oldestOf(series: number): number | null {
    for (const level of [...ROLL_UP_LEVELS].reverse()) {
      for (const entries of this.read(series, level, 0, Number.MAX_SAFE_INTEGER)) {
        if (entries.length > 0) return Math.floor(entries.lastTime(0) / PERIODS_MS[level]) * PERIODS_MS[level];
      }
    }
    return null;
  }

  /** @returns how many blocks were removed, at most `limit` */
  removeSome(series: number, limit: number): number {
    return this.#statements.removeSome.run(series, limit).changes;
  }

  #merge(series: number, level: number, block: number, entries: RollUps): void {
    const data = this.#statements.get.get(series, level, block);
    const there = data === undefined ? null : this.#decode(data);
    const merged = there === null ? entries : mergeRollUps(there, entries, PERIODS_MS[level] ?? 1);
    this.#statements.put.run(series, level, block, encodeRollUps(merged));
  }

  #decode(data: Buffer): RollUps | null {
    try {
      return decodeRollUps(data);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      this.#onDamage(error.message);
      return null;
    }
  }
}

function byBlock(entries: RollUps, blockMs: number): ReadonlyMap<number, RollUps> {
  const blocks = new Map<number, RollUps>();
  for (let i = 0; i < entries.length; i++) {
    const block = Math.floor(entries.lastTime(i) / blockMs);
    const part = blocks.get(block) ?? new RollUps();
    part.push(entries.entry(i));
    blocks.set(block, part);
  }
  return blocks;
}

/** Of a level: all are whole hours, as what is removed for its age. */
export function blockMsOf(level: number): number {
  return (PERIODS_MS[level] ?? 1) * BLOCK_PERIODS;
}

function prepare(db: Database) {
  return {
    get: db
      .prepare<[number, number, number], Buffer>(
        "SELECT data FROM roll_up WHERE series = ? AND level = ? AND block = ?",
      )
      .pluck(),
    put: db.prepare("INSERT OR REPLACE INTO roll_up (series, level, block, data) VALUES (?, ?, ?, ?)"),
    read: db
      .prepare<[number, number, number, number], Buffer>(
        "SELECT data FROM roll_up WHERE series = ? AND level = ? AND block >= ? AND block < ? ORDER BY block",
      )
      .pluck(),
    oldest: db.prepare<[number], number | null>("SELECT min(block) FROM roll_up WHERE level = ?").pluck(),
    removeOld: db.prepare(
      "DELETE FROM roll_up WHERE rowid IN (SELECT rowid FROM roll_up WHERE level = ? AND block < ? LIMIT ?)",
    ),
    removeSome: db.prepare("DELETE FROM roll_up WHERE rowid IN (SELECT rowid FROM roll_up WHERE series = ? LIMIT ?)"),
  };
}
