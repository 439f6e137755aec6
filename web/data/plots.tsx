/** All plots of the room: what steers them, and one loop that draws those in which something changed. */
import { useComputed } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { usePage } from "../ui/context.ts";
import { CopyLine } from "../ui/copy-line.tsx";
import type { Annotations } from "./annotations.ts";
import { useKeptFocus } from "./kept-focus.ts";
import type { Board } from "./model/board.ts";
import type { PlotSpec } from "./model/catalog.ts";
import { type PlotView, recordingOf } from "./model/view.ts";
import { createPainter } from "./painter.ts";
import { usePalette } from "./palette.ts";
import { Plot } from "./plot.tsx";
import { PlotToolbar } from "./plot-toolbar.tsx";
import { ReplayBar } from "./replay-bar.tsx";
import { useKey } from "./use-key.ts";
import { dataWords } from "./words.ts";

const say = dataWords.plots;

export interface PlotsProps {
  readonly catalog: readonly PlotSpec[];
  readonly specs: readonly PlotSpec[];
  readonly view: PlotView;
  readonly board: Board;
  /** What is to be said, as a sentence; else null. */
  readonly notice: string | null;
}

export function Plots({ catalog, specs, view, board, notice }: PlotsProps) {
  const { store } = usePage();
  const palette = usePalette();
  const annotations = useAnnotations(view);
  const painter = useMemo(() => createPainter(board), [board]);
  useEffect(() => painter.start(), [painter]);
  // What stands beside the samples is drawn with them.
  useEffect(() => annotations.subscribe(() => painter.redraw()), [annotations, painter]);
  const pause = (): void => {
    if (view.view.peek().kind === "live") view.zoom(...painter.range());
    else view.live();
  };
  useKey(" ", () => (board.replay.peek() === null ? pause() : toggle(board)));
  useKey("Escape", () => (board.replay.peek() === null ? view.back() : view.live()));
  const section = useRef<HTMLElement>(null);
  useKeptFocus(section, ".pause");
  const isAsked = store.hub.value !== null;
  const replay = board.replay.value;
  return (
    <section ref={section} class="plots" aria-label={say.title}>
      <PlotToolbar catalog={catalog} specs={specs} view={view} range={painter.range} onPause={pause} />
      {replay !== null && <ReplayBar key={replay.recording.id} replay={replay} onEnd={() => view.live()} />}
      <p class="result" role="status" data-failed={board.fault.value !== null || notice !== null}>
        {board.fault.value === null ? notice : say.notLoaded(board.fault.value)}
      </p>
      <div class="plot-grid" data-loading={board.isLoading.value}>
        {specs.map((spec) => (
          <Plot
            key={JSON.stringify(spec)}
            spec={spec}
            painter={painter}
            palette={palette}
            annotations={() => annotations.peek()}
            onZoom={view.zoom}
          />
        ))}
      </div>
      {specs.length === 0 && isAsked && !board.isLoading.value && (catalog.length === 0 ? <Nothing /> : <NoneChosen />)}
    </section>
  );
}

function toggle({ replay }: Board): void {
  const playing = replay.peek();
  if (playing?.isPlaying.peek() === true) playing.pause();
  else playing?.play();
}

/** Stretches and markers of what is recorded now, and of the recording that is shown. */
function useAnnotations(view: PlotView) {
  const { store } = usePage();
  return useComputed<Annotations>(() => {
    const running = store.acquisition.value.running;
    const shown = recordingOf(view.view.value);
    const all = [...running, ...(shown === null || running.some(({ id }) => id === shown.id) ? [] : [shown])];
    return { spans: all.flatMap(({ spans }) => spans), markers: all.flatMap(({ markers }) => markers) };
  });
}

function Nothing() {
  const address = usePage().store.hub.value?.addresses[0] ?? location.origin;
  const kinds = ["accelerometer", "thermometer", "noise"];
  return (
    <div class="teach">
      <h2>{say.empty}</h2>
      <p>{say.emptyHelp}</p>
      {kinds.map((kind) => (
        <CopyLine key={kind} text={`npx pharos simulate ${kind} --hub ${address}`} />
      ))}
    </div>
  );
}

function NoneChosen() {
  return (
    <div class="teach">
      <h2>{say.none}</h2>
      <p>{say.noneHelp}</p>
    </div>
  );
}
