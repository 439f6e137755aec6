/** What people do with a recording, as a value that can pass between threads. Called by the SQLite history; pure. */

import type { RecordingBook } from "./recording-book.ts";
import type { RecordingChange } from "./store.ts";

/** What can be done with a recording. */
export type RecordingOrder =
  | { readonly do: "stop" }
  | { readonly do: "change"; readonly change: RecordingChange }
  | { readonly do: "mark"; readonly text: string; readonly by: string; readonly at?: number }
  | { readonly do: "unmark"; readonly marker: number }
  | { readonly do: "remove" }
  | { readonly do: "restore" };

/** @throws PharosError NOT_FOUND, TOO_MANY, BAD_REQUEST */
export function applyOrder(book: RecordingBook, id: string, order: RecordingOrder, now: number): void {
  switch (order.do) {
    case "stop":
      book.stop(id, now);
      return;
    case "change":
      book.change(id, order.change);
      return;
    case "mark":
      book.mark(id, order.text, order.by, order.at ?? now);
      return;
    case "unmark":
      book.unmark(id, order.marker);
      return;
    case "remove":
      book.remove(id, now);
      return;
    case "restore":
      book.restore(id);
      return;
    default:
      order satisfies never;
  }
}
