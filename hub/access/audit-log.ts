/** Where it is written down who did what, from where: an interface, so that tests look at a list. */
import type { AuditRecord } from "#protocol/access.ts";

export interface AuditLog {
  /** Never throws: a full disk is told by the log of the hub. */
  write(record: AuditRecord): void;
  /** All that is kept, oldest first, in pieces of whole lines of JSON. */
  read(): AsyncIterable<string>;
  close(): Promise<void>;
}

/** Keeps the newest in memory. */
export class MemoryAuditLog implements AuditLog {
  static readonly #MOST = 10_000;
  readonly records: AuditRecord[] = [];

  write(record: AuditRecord): void {
    this.records.push(record);
    if (this.records.length > MemoryAuditLog.#MOST) this.records.shift();
  }

  async *read(): AsyncIterable<string> {
    yield this.records.map((record) => `${JSON.stringify(record)}\n`).join("");
  }

  async close(): Promise<void> {}
}
