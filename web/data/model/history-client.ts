/** What the page asks of the hub over REST: history, and recordings beyond starting and stopping them (protocol 7.6, 7.7). */
import type { Answer } from "#protocol/dashboard-events.ts";
import type { PointView, RecordingView } from "#protocol/recordings.ts";
import { words } from "../../words.ts";

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

const GIVE_UP_MS = 15_000;

/** @param origin of the hub; empty for the page's own */
export function createHistoryClient(origin = ""): HistoryClient {
  const call = <T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> =>
    ask<T>(`${origin}/api${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      signal: AbortSignal.any([AbortSignal.timeout(GIVE_UP_MS), ...(signal === undefined ? [] : [signal])]),
    });
  const change = (method: string, path: string, body?: object): Promise<Answer<RecordingView>> =>
    call<RecordingView>(method, path, body).catch((error: Error) => ({
      error: { code: "REFUSED", message: error.message },
    }));
  const one = (id: string, rest = ""): string => `/recordings/${encodeURIComponent(id)}${rest}`;
  return {
    async history({ device, property, from, to, points }, signal) {
      const query = new URLSearchParams({ device, property, from: `${from}`, to: `${to}`, points: `${points}` });
      return (await call<{ points: PointView[] }>("GET", `/history?${query}`, undefined, signal)).points;
    },
    series: () => call("GET", "/history/series"),
    recordings: () => call("GET", "/recordings"),
    deleted: () => call("GET", "/recordings?deleted=true"),
    change: (id, part) => change("PATCH", one(id), part),
    remove: (id) => change("DELETE", one(id)),
    restore: (id) => change("POST", one(id, "/restore")),
    unmark: (id, marker) => change("DELETE", one(id, `/markers/${marker}`)),
  };
}

async function ask<T>(url: string, request: RequestInit): Promise<T> {
  const response = await fetch(url, request).catch((error: unknown) => {
    throw new Error(words.noAnswer, { cause: error });
  });
  const body = (await response.json().catch(() => null)) as T & { error?: { message?: string } };
  if (!response.ok || body === null) throw new Error(body?.error?.message ?? words.noAnswer);
  return body;
}
