/** What the page asks of the hub over REST: history, and recordings beyond starting and stopping them (protocol 7.6, 7.7). */
import type { Answer } from "#protocol/dashboard-events.ts";
import type { PointView, RecordingView } from "#protocol/recordings.ts";
import type { Rest } from "../../model/rest.ts";

export interface HistoryQuestion {
  readonly device: string;
  readonly property: string;
  /** Ms since the epoch; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

export type AskHistory = (question: HistoryQuestion, signal: AbortSignal) => Promise<readonly PointView[]>;

export interface SeriesView {
  readonly device: string;
  readonly property: string;
  readonly first: number;
  readonly last: number;
}

/** Questions reject with an `Error` whose message is a sentence; what changes something answers with the refusal. */
export interface HistoryClient {
  readonly history: AskHistory;
  series(): Promise<readonly SeriesView[]>;
  recordings(): Promise<readonly RecordingView[]>;
  deleted(): Promise<readonly RecordingView[]>;
  change(id: string, change: { name?: string; notes?: string }): Promise<Answer<RecordingView>>;
  remove(id: string): Promise<Answer<RecordingView>>;
  restore(id: string): Promise<Answer<RecordingView>>;
  unmark(id: string, marker: number): Promise<Answer<RecordingView>>;
}

export function createHistoryClient({ ask, change }: Rest): HistoryClient {
  const one = (id: string, rest = ""): string => `/recordings/${encodeURIComponent(id)}${rest}`;
  return {
    async history({ device, property, from, to, points }, signal) {
      const query = new URLSearchParams({ device, property, from: `${from}`, to: `${to}`, points: `${points}` });
      return (await ask<{ points: PointView[] }>("GET", `/history?${query}`, undefined, signal)).points;
    },
    series: () => ask("GET", "/history/series"),
    recordings: () => ask("GET", "/recordings"),
    deleted: () => ask("GET", "/recordings?deleted=true"),
    change: (id, part) => change("PATCH", one(id), part),
    remove: (id) => change("DELETE", one(id)),
    restore: (id) => change("POST", one(id, "/restore")),
    unmark: (id, marker) => change("DELETE", one(id, `/markers/${marker}`)),
  };
}
