/** The tables of an open history file together. Made by the engine. */
import type { Database } from "better-sqlite3";
import { ChunkTable } from "./chunk-table.ts";
import { Journal } from "./journal.ts";
import { MetaTable } from "./meta-table.ts";
import { RollUpTable } from "./roll-up-table.ts";

export interface HistoryTables {
  readonly db: Database;
  readonly meta: MetaTable;
  readonly journal: Journal;
  readonly chunks: ChunkTable;
  readonly rollUps: RollUpTable;
}

/** @param onDamage told why something cannot be read; it is passed over */
export function createTables(db: Database, onDamage: (why: string) => void): HistoryTables {
  return {
    db,
    meta: new MetaTable(db),
    journal: new Journal(db),
    chunks: new ChunkTable(db, onDamage),
    rollUps: new RollUpTable(db, onDamage),
  };
}
