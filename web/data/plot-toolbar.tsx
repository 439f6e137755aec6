/** What steers all plots: how much of the past, pause, the ways about in time, and which plots. */
import { formatTime } from "../model/format.ts";
import { useParts } from "../ui/context.ts";
import type { PlotSpec } from "./model/catalog.ts";
import { type PlotView, recordingOf, type View, WINDOWS_MS } from "./model/view.ts";
import { addressOf, standOf } from "./model/wished.ts";
import { PlotPicker } from "./plot-picker.tsx";
import { dataWords } from "./words.ts";

const say = dataWords.plots;
/** Of what is shown. */
const PAN = 0.5;
const DAY_MS = 86_400_000;
/** A stretch below it is named to the ms. */
const SHORT_MS = 10_000;

interface ToolbarProps {
  readonly catalog: readonly PlotSpec[];
  readonly specs: readonly PlotSpec[];
  readonly view: PlotView;
  /** What is shown now, ms since the epoch. */
  range(): readonly [number, number];
  onPause(): void;
}

export function PlotToolbar({ catalog, specs, view, range, onPause }: ToolbarProps) {
  const shown = view.view.value;
  const isLive = shown.kind === "live";
  /** A step goes on from what was asked for last, which may not be drawn yet. */
  const wished = (): readonly [number, number] => {
    const next = view.view.peek();
    return next.kind === "still" ? [next.from, next.to] : range();
  };
  return (
    <div class="plot-toolbar" role="toolbar" aria-label={say.title}>
      <select
        aria-label={say.window}
        value={String(shown.kind === "replay" ? shown.ms : view.ms.value)}
        onChange={(event) => view.setWindow(Number(event.currentTarget.value))}
      >
        {WINDOWS_MS.map((ms, i) => (
          <option key={ms} value={String(ms)}>
            {say.windows[i]}
          </option>
        ))}
      </select>
      <button type="button" class={isLive ? "pause" : "pause primary"} onClick={onPause} title={say.help}>
        {isLive ? say.pause : say.live}
      </button>
      <span class="ways">
        <Way name={say.earlier} path="M10 3 5 8l5 5" onPress={() => view.pan(wished(), -PAN)} />
        <Way name={say.later} path="M6 3l5 5-5 5" disabled={isLive} onPress={() => view.pan(wished(), PAN)} />
        <Way name={say.closer} path="M8 3v10M3 8h10" onPress={() => view.scale(wished(), 0.5)} />
        <Way name={say.wider} path="M3 8h10" onPress={() => view.scale(wished(), 2)} />
        <Way
          name={say.back}
          path="M5 4 2 7l3 3M2 7h7a4 4 0 0 1 0 8"
          disabled={isLive}
          onPress={() => view.back() || view.live()}
        />
      </span>
      <p class="stretch">{stretchText(shown)}</p>
      <Picker catalog={catalog} specs={specs} view={view} />
    </div>
  );
}

interface WayProps {
  readonly name: string;
  readonly path: string;
  readonly disabled?: boolean;
  onPress(): void;
}

function Way({ name, path, disabled = false, onPress }: WayProps) {
  return (
    <button type="button" class="icon" aria-label={name} title={name} disabled={disabled} onClick={onPress}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}

function Picker({ catalog, specs, view }: Pick<ToolbarProps, "catalog" | "specs" | "view">) {
  const { router } = useParts();
  const choose = (keys: readonly string[] | null): void =>
    router.go(addressOf(router.path.peek(), keys, standOf(view.view.peek())));
  return <PlotPicker catalog={catalog} specs={specs} choose={choose} />;
}

function stretchText(view: View): string {
  if (view.kind === "replay") return "";
  const recording = recordingOf(view);
  const name = recording === null ? "" : say.of(recording.name);
  if (view.kind === "live") return "";
  const ms = view.to - view.from;
  const moment = (at: number): string =>
    ms > DAY_MS ? new Date(at).toLocaleString("en-GB") : momentOf(at, ms < SHORT_MS);
  return `${name} ${say.still(moment(view.from), moment(view.to))}`.trim();
}

function momentOf(at: number, isShort: boolean): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  const day = isToday ? "" : `${new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short" })} `;
  return day + (isShort ? formatTime(at) : formatTime(at).slice(0, -2));
}
