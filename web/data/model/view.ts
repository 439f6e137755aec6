/** Which stretch of time the plots show, and the ways from one to the next: pause, zoom, back, a recording. Made by the data room. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { RecordingView } from "#protocol/recordings.ts";

/** Ms since the epoch, the hub's clock. */
export type View =
  | { readonly kind: "live"; readonly ms: number }
  | { readonly kind: "still"; readonly from: number; readonly to: number; readonly recording: RecordingView | null }
  | { readonly kind: "replay"; readonly ms: number; readonly recording: RecordingView };

const SECOND = 1_000;
const DAY = 86_400_000;
/** How much a live plot may show, ms. */
export const WINDOWS_MS = [
  10 * SECOND,
  60 * SECOND,
  600 * SECOND,
  3_600 * SECOND,
  DAY,
  7 * DAY,
  31 * DAY,
  366 * DAY,
] as const;
const DEFAULT_MS = 60 * SECOND;
const LEAST_MS = 20;
const MOST_MS = 3_660 * DAY;
const MOST_BACK = 50;

export interface PlotView {
  readonly view: ReadonlySignal<View>;
  /** The live window, also while something else is shown. */
  readonly ms: ReadonlySignal<number>;
  /** The last `ms`, going on. */
  live(ms?: number): void;
  /** Stands still at a stretch; `back` returns. */
  zoom(from: number, to: number): void;
  /** Shows half, or twice as much, around the middle. @param range what is shown now */
  scale(range: readonly [number, number], factor: number): void;
  /** Goes on by a part of what is shown: negative to the past. */
  pan(range: readonly [number, number], part: number): void;
  /** @returns false when there is nothing to go back to */
  back(): boolean;
  /** All of a recording. @param end of one that runs: now */
  show(recording: RecordingView, end: number): void;
  replay(recording: RecordingView): void;
}

export function createPlotView(): PlotView {
  const ms = signal<number>(DEFAULT_MS);
  const view = signal<View>({ kind: "live", ms: DEFAULT_MS });
  let before: View[] = [];

  function zoom(from: number, to: number): void {
    const [middle, half] = [(from + to) / 2, Math.min(Math.max(to - from, LEAST_MS), MOST_MS) / 2];
    before = [...before, view.peek()].slice(-MOST_BACK);
    const recording = recordingOf(view.peek());
    view.value = { kind: "still", from: Math.max(0, middle - half), to: middle + half, recording };
  }

  return {
    view,
    ms,
    zoom,
    live(wished = ms.peek()) {
      before = [];
      ms.value = wished;
      view.value = { kind: "live", ms: wished };
    },
    scale([from, to], factor) {
      const grown = ((to - from) * (factor - 1)) / 2;
      zoom(from - grown, to + grown);
    },
    pan: ([from, to], part) => zoom(from + (to - from) * part, to + (to - from) * part),
    back() {
      const last = before.pop();
      if (last !== undefined) view.value = last;
      return last !== undefined;
    },
    show(recording, end) {
      before = [];
      const from = recording.spans[0]?.from ?? recording.startedAt;
      view.value = { kind: "still", from, to: Math.max(from + LEAST_MS, recording.stoppedAt ?? end), recording };
    },
    replay(recording) {
      before = [];
      // A window that shows the shape of it, and still moves.
      const fitting = WINDOWS_MS.findLast((window) => window <= recording.lengthMs / 2) ?? WINDOWS_MS[0];
      view.value = { kind: "replay", ms: Math.min(fitting, DEFAULT_MS), recording };
    },
  };
}

/** The recording that is shown, if it is one. */
export function recordingOf(view: View): RecordingView | null {
  return view.kind === "live" ? null : view.recording;
}
