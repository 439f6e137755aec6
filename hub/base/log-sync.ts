/**
 * Makes what SQLite has written safe from a power cut while the event loop goes on: with `synchronous = NORMAL` a commit only reaches the write-ahead
 * log, and this asks the disk for it in a thread of Node's pool, where SQLite itself would wait (SQLite, PRAGMA synchronous; WAL, 2.2).
 */
import { open } from "node:fs/promises";

/**
 * @param file the database; nothing locks its log, so that it may be opened beside SQLite
 * @throws what the file system says when the disk takes nothing
 */
export async function syncLog(file: string): Promise<void> {
  const log = await open(`${file}-wal`, "r+");
  try {
    await log.datasync();
  } finally {
    await log.close();
  }
}
