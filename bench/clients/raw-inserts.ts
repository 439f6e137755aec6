/** Samples as raw rows by better-sqlite3, in batches: what the history is measured against, in the same run. */
import { statSync } from "node:fs";
import Sqlite from "better-sqlite3";
import type { SampleRow } from "./sensor-walk.ts";

const BATCH_ROWS = 10_000;

export interface Inserted {
  /** Rows a second. */
  readonly rate: number;
  /** Of the file. */
  readonly bytes: number;
}

export function insertRows(file: string, samples: Iterable<SampleRow>): Inserted {
  const db = new Sqlite(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = NORMAL");
  db.exec("CREATE TABLE sample (series INTEGER, at REAL, device_time REAL, value REAL)");
  const insert = db.prepare("INSERT INTO sample VALUES (?, ?, ?, ?)");
  const insertAll = db.transaction((rows: ReadonlyArray<readonly [number, number, number]>) => {
    for (const [series, at, value] of rows) insert.run(series, at, at, value);
  });
  const series = new Map<string, number>();
  const start = performance.now();
  let count = 0;
  let rows: Array<readonly [number, number, number]> = [];
  for (const [device, property, value, at] of samples) {
    const name = `${device} ${property}`;
    const number = series.get(name) ?? series.size;
    series.set(name, number);
    rows.push([number, at, value]);
    count++;
    if (rows.length < BATCH_ROWS) continue;
    insertAll(rows);
    rows = [];
  }
  insertAll(rows);
  const rate = (count / (performance.now() - start)) * 1000;
  db.close();
  return { rate, bytes: statSync(file).size };
}
