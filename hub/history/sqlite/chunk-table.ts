/** Raw samples on disk: packed chunks of one series, none across midnight UTC, so that a stretch of time finds its chunks. Called by the engine. */
import type { Database } from "better-sqlite3";
import type { SampleRun } from "../sample-run.ts";
import { decodeChunk, encodeChunk } from "./codec/chunk.ts";

export const DAY_MS = 86_400_000;
/** Most samples of a chunk: some 20 kB, read in a millisecond. */
export const CHUNK_SAMPLES = 8_192;
/** The chunk before is taken into the new one when that at most triples: each sample is then rewritten a few times only. */
const TAKE_IN = 2;

export interface ChunkInfo {
  readonly number: number;
  readonly first: number;
  readonly last: number;
  readonly samples: number;
}

export class ChunkTable {
  readonly #statements: ReturnType<typeof prepare>;
  readonly #onDamage: (why: string) => void;

  /** @param onDamage told of each chunk that cannot be read; its samples are passed over */
  constructor(db: Database, onDamage: (why: string) => void) {
    this.#statements = prepare(db);
    this.#onDamage = onDamage;
  }

  /** @param run sorted */
  add(series: number, run: SampleRun): void {
    let start = 0;
    while (start < run.length) {
      const midnight = (Math.floor(run.time(start) / DAY_MS) + 1) * DAY_MS;
      const end = run.indexOf(midnight);
      this.#addDay(series, run.slice(start, end));
      start = end;
    }
  }

  /** Of the series, what may have samples in [from, to]; each sorted, but one may reach into another. */
  *read(series: number, from: number, to: number): Iterable<SampleRun> {
    for (const data of this.#statements.read.iterate(series, dayOf(from), to, from)) {
      const run = this.#decode(data);
      if (run !== null) yield run;
    }
  }

  readOne(number: number): SampleRun | null {
    const data = this.#statements.readOne.get(number);
    return data === undefined ? null : this.#decode(data);
  }

  /** Samples in [from, to). */
  count(series: number, from: number, to: number): number {
    let count = this.#statements.countWhole.get(series, from, to, to) ?? 0;
    for (const { number } of this.#statements.listPartial.all(series, dayOf(from), to, from, from, to)) {
      count += this.readOne(number)?.between(from, to).length ?? 0;
    }
    return count;
  }

  /** Of the series, those that begin at `from` or later. */
  list(series: number, from = 0, limit = -1): readonly ChunkInfo[] {
    return this.#statements.list.all(series, from, limit);
  }

  /** Of all series, those that ended before `time`, oldest first. */
  listOld(time: number, limit: number, after: ChunkAge): ReadonlyArray<ChunkInfo & { readonly series: number }> {
    return this.#statements.listOld.all(after.last, time, after.last, after.number, limit);
  }

  remove(number: number): void {
    this.#statements.remove.run(number);
  }

  /** @param run sorted; with none the chunk goes */
  rewrite(number: number, run: SampleRun): void {
    if (run.length === 0) this.remove(number);
    else this.#statements.update.run(run.time(0), run.time(run.length - 1), run.length, encodeChunk(run), number);
  }

  /** @returns how many were removed, at most `limit` */
  removeSome(series: number, limit: number): number {
    return this.#statements.removeSome.run(series, limit).changes;
  }

  #addDay(series: number, day: SampleRun): void {
    const before = this.#statements.before.get(series, dayOf(day.time(0)), day.time(0));
    let run = day;
    if (
      before !== undefined &&
      before.samples <= day.length * TAKE_IN &&
      before.samples + day.length <= CHUNK_SAMPLES
    ) {
      const joined = this.readOne(before.number);
      if (joined !== null) {
        joined.pushAll(day);
        run = joined.sorted();
        this.rewrite(before.number, run);
        return;
      }
    }
    for (let start = 0; start < run.length; start += CHUNK_SAMPLES) {
      const part = run.slice(start, Math.min(run.length, start + CHUNK_SAMPLES));
      this.#statements.insert.run(series, part.time(0), part.time(part.length - 1), part.length, encodeChunk(part));
    }
  }

  #decode(data: Buffer): SampleRun | null {
    try {
      return decodeChunk(data);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      this.#onDamage(error.message);
      return null;
    }
  }
}

/** Where a walk through chunks by age has come to. */
export interface ChunkAge {
  readonly last: number;
  readonly number: number;
}

function dayOf(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS;
}

function prepare(db: Database) {
  const columns = "number, first, last, samples";
  return {
    insert: db.prepare("INSERT INTO chunk (series, first, last, samples, data) VALUES (?, ?, ?, ?, ?)"),
    update: db.prepare("UPDATE chunk SET first = ?, last = ?, samples = ?, data = ? WHERE number = ?"),
    remove: db.prepare("DELETE FROM chunk WHERE number = ?"),
    removeSome: db.prepare("DELETE FROM chunk WHERE number IN (SELECT number FROM chunk WHERE series = ? LIMIT ?)"),
    before: db.prepare<[number, number, number], ChunkInfo>(
      `SELECT ${columns} FROM chunk WHERE series = ? AND first >= ? AND first <= ? ORDER BY first DESC LIMIT 1`,
    ),
    read: db
      .prepare<[number, number, number, number], Buffer>(
        "SELECT data FROM chunk WHERE series = ? AND first >= ? AND first <= ? AND last >= ? ORDER BY first",
      )
      .pluck(),
    readOne: db.prepare<[number], Buffer>("SELECT data FROM chunk WHERE number = ?").pluck(),
    countWhole: db
      .prepare<[number, number, number, number], number | null>(
        "SELECT sum(samples) FROM chunk WHERE series = ? AND first >= ? AND first < ? AND last < ?",
      )
      .pluck(),
    listPartial: db.prepare<number[], ChunkInfo>(
      `SELECT ${columns} FROM chunk WHERE series = ? AND first >= ? AND first < ? AND last >= ? AND NOT (first >= ? AND last < ?)`,
    ),
    list: db.prepare<[number, number, number], ChunkInfo>(
      `SELECT ${columns} FROM chunk WHERE series = ? AND first >= ? ORDER BY first LIMIT ?`,
    ),
    listOld: db.prepare<number[], ChunkInfo & { readonly series: number }>(
      `SELECT ${columns}, series FROM chunk WHERE last >= ? AND last < ? AND (last, number) > (?, ?) ORDER BY last, number LIMIT ?`,
    ),
  };
}
