/** What the hub's thread and the worker that owns the file say to each other. Read by both sides. */
import type { Moment } from "../clock-watch.ts";
import type { HistorySettings } from "../history-limits.ts";
import type { RecordingOrder } from "../recording-orders.ts";
import type { HistoryUsage, Point, Question, Recording, RecordingStart, SeriesInfo } from "../store.ts";
import type { SeriesName } from "./batch.ts";
import type { ExportKind, ExportPiece } from "./engine.ts";

/** Questions by name: what is said, and what is answered. */
export interface Asks {
  open: { args: { readonly file: string; readonly settings: HistorySettings }; answer: Opened };
  commit: { args: null; answer: null };
  query: { args: Question; answer: readonly Point[] };
  latest: { args: { device: string; property: string; ms: number; points: number }; answer: readonly Point[] };
  listSeries: { args: null; answer: readonly SeriesInfo[] };
  removeDevice: { args: string; answer: null };
  startRecording: { args: RecordingStart; answer: Recording };
  alter: { args: { readonly id: string; readonly order: RecordingOrder }; answer: Recording };
  listRecordings: { args: boolean; answer: readonly Recording[] };
  getRecording: { args: string; answer: Recording };
  openExport: { args: { readonly id: string; readonly kind: ExportKind; readonly from: number }; answer: number };
  nextPiece: { args: number; answer: ExportPiece };
  closeExport: { args: number; answer: null };
  usage: { args: null; answer: HistoryUsage };
  /** Answered when it is done; others are answered meanwhile. */
  copy: { args: string; answer: null };
  close: { args: null; answer: null };
}

export type AskName = keyof Asks;

export interface Opened {
  readonly names: readonly SeriesName[];
  readonly nextSeries: number;
  readonly runs: boolean;
}

type AskOf<K extends AskName> = {
  readonly kind: "ask";
  readonly number: number;
  readonly what: K;
  readonly args: Asks[K]["args"];
  readonly moment: Moment;
};
export type Ask = { [K in AskName]: AskOf<K> }[AskName];

export type ToWorker =
  | Ask
  | {
      readonly kind: "samples";
      readonly batch: Float64Array;
      readonly fresh: readonly SeriesName[];
      readonly moment: Moment;
    }
  /** To be done when it is its turn; answered by `committed` or `failed`. */
  | { readonly kind: "commit"; readonly moment: Moment };

export type FromWorker =
  | { readonly kind: "answer"; readonly number: number; readonly answer: Asks[AskName]["answer"] }
  | { readonly kind: "refusal"; readonly number: number; readonly refusal: Refusal }
  /** So many samples are on disk, or were there already. */
  | { readonly kind: "committed"; readonly samples: number; readonly runs: boolean }
  | { readonly kind: "failed"; readonly fault: string }
  | { readonly kind: "notice"; readonly sentence: string };

/** An error, as it passes between threads. */
export interface Refusal {
  /** Of a PharosError; `start` for a StartError. */
  readonly code: string | null;
  readonly message: string;
}
