/** The heart of Pharos: a range that follows the hand alone while held, and shows apart what the device has applied. */
import { createRef, type RefObject } from "preact";
import { useEffect, useId, useMemo } from "preact/hooks";
import { formatNumber, formatUnit } from "../model/format.ts";
import type { Part } from "../model/part.ts";
import { fraction, keyTarget, onStep, type Range, rangeOf } from "../model/range.ts";
import { words } from "../words.ts";
import { usePage } from "./context.ts";
import { noteId } from "./note.tsx";

/** What the members of a room show and have applied, where one slider stands for all. */
export interface Spread {
  readonly values: readonly number[];
  readonly applied: readonly number[];
}

interface SliderProps {
  readonly part: Part;
  readonly label: string;
  readonly spread?: Spread;
}

export function Slider({ part, label, spread }: SliderProps) {
  const id = useId();
  const { declared, property } = part;
  const range = rangeOf(declared?.minimum ?? 0, declared?.maximum ?? 100, declared?.type === "integer");
  const shown = asNumber(part.shown());
  const reported = asNumber(part.reported());
  const unit = formatUnit(declared?.unit);
  const resting = onStep(range, middleOf(spread?.values) ?? range.min);
  const marks = spread?.applied ?? (reported === undefined ? [] : [reported]);
  const { input, handlers } = useHandlers(part, range, resting);
  const usable = useUsable(part);
  const style = {
    "--wished": String(fraction(range, shown ?? resting)),
    "--applied": String(reported === undefined ? 0 : fraction(range, reported)),
    "--low": String(fraction(range, Math.min(...marks))),
    "--high": String(fraction(range, Math.max(...marks))),
  };
  return (
    <div
      class="slider"
      data-look={property.knob.look.value}
      data-held={property.knob.hand.value.held}
      data-mixed={marks.length > 1}
      style={style}
    >
      <label for={id}>{label}</label>
      <output for={id}>
        {shown === undefined ? (spreadText(spread) ?? words.none) : formatNumber(shown)}
        {unit !== "" && <small> {unit}</small>}
      </output>
      <div class="track">
        <input
          id={id}
          ref={input}
          type="range"
          min={range.min}
          max={range.max}
          step="any"
          value={shown ?? resting}
          aria-disabled={!usable}
          aria-describedby={noteId(property)}
          aria-valuetext={mixedText(shown, spread, unit) ?? valueText(shown, reported, unit)}
          {...handlers}
        />
        {marks.map((value, i) => (
          <span
            key={i}
            class="mark"
            aria-hidden="true"
            data-applied={value}
            style={{ "--applied": String(fraction(range, value)) }}
          />
        ))}
      </div>
    </div>
  );
}

/** Whether a wish can be taken: this person may, and the hub is there, or a hand that was on the control when it left still is. */
export function useUsable({ property }: Part): boolean {
  const { now, isGiven } = usePage().may("operator");
  return now.value || (isGiven.value && property.knob.hand.value.held);
}

/** @param resting where the thumb stands while no value is known */
function useHandlers(part: Part, range: Range, resting: number) {
  const { now, isGiven } = usePage().may("operator");
  const input = useMemo(() => createRef<HTMLInputElement>(), []);
  const { knob } = part.property;
  const { min, max, step } = range;
  const usable = (): boolean => now.peek() || (isGiven.peek() && knob.hand.peek().held);
  const shown = (): number => asNumber(part.shown()) ?? resting;

  /** The thumb stands where the shown value is, whatever the browser did with it. */
  function settle(): void {
    if (input.current !== null) input.current.value = String(shown());
  }

  function nudge(target: number | null, event: Event): void {
    if (target === null) return;
    event.preventDefault();
    if (usable()) knob.nudge(part.with(target));
    settle();
  }

  useWheel(input, (event) => nudge(onStep({ min, max, step }, shown() - Math.sign(event.deltaY) * step), event));
  const letGo = (): void => knob.release();
  const handlers = {
    onPointerDown(event: PointerEvent) {
      if (!usable()) event.preventDefault();
      else if (event.button === 0) knob.grab(part.field === "" ? resting : undefined);
    },
    onInput(event: Event) {
      const value = onStep(range, (event.currentTarget as HTMLInputElement).valueAsNumber);
      if (usable() && value !== asNumber(part.shown())) knob.choose(part.with(value));
      settle();
    },
    onKeyDown(event: KeyboardEvent) {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (plain) nudge(keyTarget(range, event.key, shown()), event);
    },
    onPointerUp: letGo,
    onPointerCancel: letGo,
    onLostPointerCapture: letGo,
    onBlur: letGo,
  };
  return { input, handlers };
}

/** Turns of the wheel, only while the slider has the focus: otherwise they scroll the page. */
function useWheel(input: RefObject<HTMLInputElement | null>, turned: (event: WheelEvent) => void): void {
  useEffect(() => {
    const element = input.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      if (document.activeElement === element && event.deltaY !== 0) turned(event);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  });
}

function valueText(shown: number | undefined, reported: number | undefined, unit: string): string {
  const say = (value: number): string => `${formatNumber(value)} ${unit}`.trim();
  if (shown === undefined) return words.noValue;
  return say(shown) + (reported === undefined || reported === shown ? "" : words.appliedValue(say(reported)));
}

function middleOf(values: readonly number[] | undefined): number | undefined {
  return values === undefined || values.length === 0 ? undefined : (Math.min(...values) + Math.max(...values)) / 2;
}

function spreadText(spread: Spread | undefined): string | null {
  if (spread === undefined || spread.values.length < 2) return null;
  return `${formatNumber(Math.min(...spread.values))}–${formatNumber(Math.max(...spread.values))}`;
}

function mixedText(shown: number | undefined, spread: Spread | undefined, unit: string): string | null {
  if (shown !== undefined || spread === undefined || spread.values.length < 2) return null;
  const say = (value: number): string => `${formatNumber(value)} ${unit}`.trim();
  return words.mixedValue(say(Math.min(...spread.values)), say(Math.max(...spread.values)));
}

function asNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
