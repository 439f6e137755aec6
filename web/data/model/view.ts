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
  /** How much is shown of what goes on: live, or of a replay. */
  setWindow(ms: number): void;
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
  /** Goes to what an address asks for. */
  enter(view: View): void;
}

export function createPlotView(initial: View = { kind: "live", ms: DEFAULT_MS }): PlotView {
  const ms = signal<number>(DEFAULT_MS);
  const view = signal<View>(initial);
  let before: View[] = [];

  function zoom(from: number, to: number): void {
    const [middle, half] = [(from + to) / 2, Math.min(Math.max(to - from, LEAST_MS), MOST_MS) / 2];
    const recording = recordingOf(view.peek());
    const [begin, end] = [Math.max(0, Math.round(middle - half)), Math.round(middle + half)];
    const was = view.peek();
    if (was.kind === "still" && was.from === begin && was.to === end) return;
    before = [...before, was].slice(-MOST_BACK);
    view.value = { kind: "still", from: begin, to: end, recording };
  }

  function live(wished = ms.peek()): void {
    before = [];
    ms.value = wished;
    view.value = { kind: "live", ms: wished };
  }

  return {
    view,
    ms,
    zoom,
    live,
    setWindow(wished) {
      const shown = view.peek();
      if (shown.kind === "replay") view.value = { ...shown, ms: wished };
      else live(wished);
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
      view.value = { kind: "still", ...wholeOf(recording, end), recording };
    },
    replay(recording) {
      before = [];
      view.value = replayOf(recording);
    },
    enter(wished) {
      before = [];
      view.value = wished.kind === "live" ? { kind: "live", ms: ms.peek() } : wished;
    },
  };
}

/** The stretch of a recording. @param end of one that runs */
export function wholeOf(recording: RecordingView, end: number): { readonly from: number; readonly to: number } {
  const from = recording.spans[0]?.from ?? recording.startedAt;
  return { from, to: Math.max(from + LEAST_MS, recording.stoppedAt ?? end) };
}

export function replayOf(recording: RecordingView): View {
  // A window that shows the shape of it, and still moves.
  const fitting = WINDOWS_MS.findLast((window) => window <= recording.lengthMs / 2) ?? WINDOWS_MS[0];
  return { kind: "replay", ms: Math.min(fitting, DEFAULT_MS), recording };
}

/** The recording that is shown, if it is one. */
export function recordingOf(view: View): RecordingView | null {
  return view.kind === "live" ? null : view.recording;
}
