/** What the file knows of itself, its series and its recordings. Called by the engine. */
import type { Database } from "better-sqlite3";
import type { KeptRecording } from "../recording-book.ts";
import { PERIODS_MS } from "../roll-ups.ts";
import { OpenSeries } from "./open-series.ts";

export interface Meta {
  readonly nextSeries: number;
  readonly nextRecording: number;
  /** When the last commit was made; null in a new file. */
  readonly aliveAt: number | null;
  readonly horizons: readonly number[];
}

interface MetaRow {
  readonly next_series: number;
  readonly next_recording: number;
  readonly alive_at: number;
  readonly horizons: string;
}

interface SeriesRow {
  readonly number: number;
  readonly device: string;
  readonly property: string;
  readonly first: number;
  readonly last: number;
  readonly samples: number;
  readonly journal_until: number;
}

export class MetaTable {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: Database) {
    this.#statements = prepare(db);
  }

  /** @throws SyntaxError when it is damaged */
  read(): Meta {
    const row = this.#statements.read.get();
    if (row === undefined) return { nextSeries: 1, nextRecording: 1, aliveAt: null, horizons: PERIODS_MS.map(() => 0) };
    const horizons = JSON.parse(row.horizons) as number[];
    return { nextSeries: row.next_series, nextRecording: row.next_recording, aliveAt: row.alive_at, horizons };
  }

  write({ nextSeries, nextRecording, aliveAt, horizons }: Meta): void {
    this.#statements.write.run(nextSeries, nextRecording, aliveAt ?? 0, JSON.stringify(horizons));
  }

  writeHorizons(horizons: readonly number[]): void {
    this.#statements.writeHorizons.run(JSON.stringify(horizons));
  }

  readSeries(): readonly OpenSeries[] {
    return this.#statements.readSeries.all().map((row) => {
      const series = new OpenSeries(row.number, row.device, row.property);
      series.first = row.samples > 0 || row.first <= row.last ? row.first : Number.POSITIVE_INFINITY;
      series.last = row.samples > 0 || row.first <= row.last ? row.last : Number.NEGATIVE_INFINITY;
      series.lastBelieved = series.last;
      series.samples = row.samples;
      series.journalUntil = row.journal_until;
      series.isStored = true;
      return series;
    });
  }

  /** As it is without its open samples, or with them when they are put in chunks by the same transaction. */
  writeSeries(series: OpenSeries, sealed: SealedState): void {
    const { number, device, property } = series;
    this.#statements.writeSeries.run({ number, device, property, ...sealed });
  }

  removeSeries(number: number): void {
    this.#statements.removeSeries.run(number);
    this.#statements.addRemoved.run(number);
  }

  /** Series whose chunks are still to be removed. */
  removedSeries(): readonly number[] {
    return this.#statements.listRemoved.all();
  }

  forgetRemoved(number: number): void {
    this.#statements.forgetRemoved.run(number);
  }

  readRecordings(): readonly KeptRecording[] {
    return this.#statements.readRecordings.all().map((data) => JSON.parse(data) as KeptRecording);
  }

  writeRecordings(put: readonly KeptRecording[], removed: readonly string[]): void {
    for (const recording of put) this.#statements.putRecording.run(Number(recording.id), JSON.stringify(recording));
    for (const id of removed) this.#statements.removeRecording.run(Number(id));
  }
}

/** What the row of a series says of its chunks. */
export interface SealedState {
  readonly first: number;
  readonly last: number;
  readonly samples: number;
  readonly journalUntil: number;
}

/** Of a series without a chunk. */
export const NOTHING_SEALED: SealedState = { first: 0, last: -1, samples: 0, journalUntil: 0 };

function prepare(db: Database) {
  return {
    read: db.prepare<[], MetaRow>("SELECT * FROM meta"),
    write: db.prepare("INSERT OR REPLACE INTO meta VALUES (1, ?, ?, ?, ?)"),
    writeHorizons: db.prepare("UPDATE meta SET horizons = ?"),
    readSeries: db.prepare<[], SeriesRow>("SELECT * FROM series"),
    writeSeries: db.prepare(
      `INSERT INTO series VALUES (@number, @device, @property, @first, @last, @samples, @journalUntil)
       ON CONFLICT (number) DO UPDATE SET
         first = excluded.first, last = excluded.last, samples = excluded.samples, journal_until = excluded.journal_until`,
    ),
    removeSeries: db.prepare("DELETE FROM series WHERE number = ?"),
    addRemoved: db.prepare("INSERT OR IGNORE INTO removed_series VALUES (?)"),
    listRemoved: db.prepare<[], number>("SELECT number FROM removed_series").pluck(),
    forgetRemoved: db.prepare("DELETE FROM removed_series WHERE number = ?"),
    readRecordings: db.prepare<[], string>("SELECT data FROM recording").pluck(),
    putRecording: db.prepare("INSERT OR REPLACE INTO recording VALUES (?, ?)"),
    removeRecording: db.prepare("DELETE FROM recording WHERE number = ?"),
  };
}
