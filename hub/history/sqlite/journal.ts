/** What came since the last chunks, one row for each commit: small, in sequence, and read only after a crash. Called by the engine. */
import type { Database } from "better-sqlite3";
import type { SampleRun } from "../sample-run.ts";
import { ByteReader, ByteWriter } from "./codec/bytes.ts";
import { readRun, writeRun } from "./codec/chunk.ts";
import { pack, unpack } from "./codec/packing.ts";

/** Fast: it is written for a few minutes only. */
const LEVEL = 1;

export interface JournalEntry {
  readonly series: number;
  readonly run: SampleRun;
}

export class Journal {
  readonly #writer = new ByteWriter();
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: Database) {
    this.#statements = prepare(db);
  }

  /** @returns its bytes */
  write(number: number, entries: readonly JournalEntry[]): number {
    this.#writer.take();
    for (const { series, run } of entries) {
      this.#writer.unsigned(series);
      writeRun(this.#writer, run);
    }
    const data = pack(this.#writer.take(), LEVEL);
    this.#statements.put.run(number, data);
    return data.length;
  }

  /** Forgets rows below `number`. */
  forget(number: number): void {
    this.#statements.forget.run(number);
  }

  /** All that is there, in order. @throws SyntaxError when it is damaged */
  *read(): Iterable<JournalEntry & { readonly number: number; readonly bytes: number }> {
    for (const { number, data } of this.#statements.read.iterate()) {
      const reader = new ByteReader(unpack(data));
      let bytes = data.length;
      while (!reader.isAtEnd) {
        yield { number, series: reader.unsigned(), run: readRun(reader), bytes };
        bytes = 0;
      }
    }
  }
}

function prepare(db: Database) {
  return {
    put: db.prepare("INSERT INTO journal (number, data) VALUES (?, ?)"),
    forget: db.prepare("DELETE FROM journal WHERE number < ?"),
    read: db.prepare<[], { number: number; data: Buffer }>("SELECT number, data FROM journal ORDER BY number"),
  };
}
