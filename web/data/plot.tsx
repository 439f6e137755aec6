/** One plot with its legend: what each line has now, or under the cursor; a line is hidden by its name. */
import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatDuration, formatTime } from "../model/format.ts";
import type { Page } from "../model/page.ts";
import { usePage } from "../ui/context.ts";
import { type Seen, useSeen } from "../ui/seen.ts";
import { words } from "../words.ts";
import type { Annotations } from "./annotations.ts";
import { createChart } from "./chart.ts";
import type { PlotSpec } from "./model/catalog.ts";
import { createModels, type PlotModel } from "./model/plot-model.ts";
import { nameFigure } from "./model/y-axis.ts";
import type { Painter } from "./painter.ts";
import type { Palette } from "./palette.ts";
import { dataWords } from "./words.ts";

const say = dataWords.plots;
/** Within it a clock counts as right, as for the hub. */
const OFF_MS = 5_000;
/** Below it a device counts by itself (protocol 1.2). */
const COUNTER_BELOW = 1e11;

interface PlotProps {
  readonly spec: PlotSpec;
  readonly painter: Painter;
  readonly palette: Palette;
  annotations(): Annotations;
  onZoom(from: number, to: number): void;
}

interface Figures {
  readonly latest: readonly (number | null)[];
  /** Under the cursor; null without one. */
  readonly at: { readonly time: number; readonly values: readonly (number | null)[] } | null;
  /** How far the device's clock is off, ms. */
  readonly offMs: number;
  /** Of the plot, from bottom to top. */
  readonly span: number;
}

export function Plot(props: PlotProps) {
  const { spec } = props;
  const place = useRef<HTMLDivElement>(null);
  const hidden = useSignal<ReadonlySet<number>>(new Set());
  const figures = useSignal<Figures>({ latest: [], at: null, offMs: 0, span: 0 });
  const toggle = useChart(place, figures, useSeen(place), props);

  function press(series: number): void {
    const after = new Set(hidden.value);
    if (!after.delete(series)) after.add(series);
    hidden.value = after;
    toggle(series, !after.has(series));
  }

  const { latest, at, offMs, span } = figures.value;
  const name = `${spec.deviceName}: ${spec.title}`;
  return (
    <figure class="plot" data-plot={spec.key}>
      <figcaption>
        <h2>
          <a href={`/device/${encodeURIComponent(spec.device)}`}>{spec.deviceName}</a> {spec.title}
        </h2>
        {at !== null && <time>{formatTime(at.time)}</time>}
        <ul class="legend">
          {spec.series.map(({ label, property }, i) => (
            <li key={property} data-line={(i % 8) + 1}>
              <button
                type="button"
                aria-pressed={!hidden.value.has(i)}
                title={hidden.value.has(i) ? say.show(label) : say.hide(label)}
                onClick={() => press(i)}
              >
                <span class="swatch" aria-hidden="true" />
                {label}
              </button>
              <output>{valueText(at === null ? latest[i] : at.values[i], span, spec)}</output>
            </li>
          ))}
        </ul>
      </figcaption>
      {Math.abs(offMs) > OFF_MS && <p class="off">{say.clock(spec.deviceName, formatDuration(Math.abs(offMs)))}</p>}
      <div class="canvas" ref={place} role="img" aria-label={name} />
    </figure>
  );
}

function valueText(value: number | null | undefined, span: number, { isStepped, unit }: PlotSpec): string {
  if (value == null) return words.none;
  if (isStepped) return value > 0.5 ? words.on : words.off;
  return `${nameFigure(value, span)} ${unit}`.trimEnd();
}

/** @returns shows or hides a line */
function useChart(place: RefObject<HTMLDivElement | null>, figures: Signal<Figures>, seen: Seen, props: PlotProps) {
  const { spec, painter, palette } = props;
  const page = usePage();
  const latest = useRef(props);
  latest.current = props;
  const chart = useRef<ReturnType<typeof createChart> | null>(null);
  useEffect(() => {
    const box = place.current;
    const [empty] = createModels([spec], 0, 1);
    if (box === null || empty === undefined) return;
    let at: Figures["at"] = null;
    let width = box.clientWidth;
    const made = createChart(box, empty, latest.current.palette, {
      onZoom: (from, to) => latest.current.onZoom(from, to),
      annotations: () => latest.current.annotations(),
      onCursor(time, values) {
        at = time === null ? null : { time, values };
        figures.value = { ...figures.peek(), at };
      },
    });
    chart.current = made;
    const watch = new ResizeObserver(() => {
      width = box.clientWidth;
      made.resize(width);
      painter.redraw();
    });
    watch.observe(box);
    const leave = painter.add(spec.key, {
      chart: made,
      width: () => width,
      isSeen: () => seen.peek(),
      until: () => heldUntil(page, spec.device),
      figures: (model: PlotModel) => {
        const latest = model.latest.map((one) => one?.value ?? null);
        figures.value = { latest, at, offMs: clockOff(page, spec), span: made.span() };
      },
    });
    return () => {
      leave();
      watch.disconnect();
      made.close();
    };
  }, [place, spec.key, painter, figures, seen, page]);
  useEffect(() => chart.current?.paint(palette), [palette]);
  return (series: number, visible: boolean): void => chart.current?.setVisible(series, visible);
}

/** How far the device's clock was from the hub's in its last report, ms. */
function clockOff({ store }: Page, { device: id, series }: PlotSpec): number {
  const [name = ""] = series[0]?.property.split(".") ?? [];
  const reported = store.devices.peek().get(id)?.property(name).state.peek().reported ?? null;
  if (reported?.deviceTime === undefined || reported.deviceTime < COUNTER_BELOW) return 0;
  return reported.deviceTime - reported.at;
}

/** As long as its device is there a value holds; afterwards nobody knows. The hub's clock, ms. */
function heldUntil({ store, link, live, clock }: Page, id: string): number {
  const device = store.devices.peek().get(id);
  if (device === undefined) return 0;
  const { presence, lastSeen } = device.link.peek();
  if (presence === "offline") return lastSeen;
  return (live.peek() ? clock.now() : link.status.peek().since) + store.clockOffset.peek();
}
