/** The SQLite history in one thread, so that a fake clock turns all of it. Called by tests of the history. */
import type { Database } from "better-sqlite3";
import type { HistorySettings } from "../../hub/history/history-limits.ts";
import { HistoryDesk } from "../../hub/history/sqlite/desk.ts";
import type { Connect } from "../../hub/history/sqlite/port.ts";
import { SqliteHistory } from "../../hub/history/sqlite/sqlite-history.ts";
import type { HistoryStore } from "../../hub/history/store.ts";
import type { FakeClock } from "./fake-clock.ts";

export interface HistoryBench {
  readonly clock: FakeClock;
  /** A history on what the one before left, which is closed; open. */
  open(): Promise<HistoryStore>;
}

/** Messages are heard one after the other, in turns of their own, as from a thread. */
export function inlinePort(openFile?: (file: string) => Database): Connect {
  return ({ hear }) => {
    let isClosed = false;
    const desk = new HistoryDesk({
      say: (message) =>
        queueMicrotask(() => {
          if (!isClosed) hear(structuredClone(message));
        }),
      stopwatch: () => performance.now(),
      ...(openFile && { openFile }),
    });
    return {
      post: (message) => {
        const copy = structuredClone(message);
        queueMicrotask(() => desk.hear(copy));
      },
      close: async () => {
        isClosed = true;
      },
    };
  };
}

export interface InlineOptions {
  readonly settings?: HistorySettings;
  readonly openFile?: (file: string) => Database;
}

export function inlineHistory(
  file: string,
  clock: FakeClock,
  { settings, openFile }: InlineOptions = {},
): SqliteHistory {
  return new SqliteHistory({ file, clock, connect: inlinePort(openFile), ...(settings && { settings }) });
}

/** All pieces of an export. */
export async function gather(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}
