/**
 * What the address asks of the data room: `/data?show=DEVICE:PROPERTY,…&from=T&to=T`, or `&recording=ID`, or `&replay=ID`; so that what is
 * shown can be sent to others. Times in ms since the epoch. Pure.
 */
import type { RecordingView } from "#protocol/recordings.ts";
import { replayOf, type View, wholeOf } from "./view.ts";

/** Keys of plots in their order; null when the address leaves the choice to the page. */
export function wishedIn(query: URLSearchParams): readonly string[] | null {
  const show = query.get("show");
  return show === null ? null : show.split(",").filter((key) => key !== "");
}

/** The stretch, the recording or the replay that an address asks for; nothing of it means live. */
export interface Stand {
  /** Of a recording without one: all of it. */
  readonly stretch: { readonly from: number; readonly to: number } | null;
  readonly recording: string | null;
  readonly isReplay: boolean;
}

const LATEST_MS = 4.1e12;

export function standIn(query: URLSearchParams): Stand {
  const replay = query.get("replay");
  if (replay !== null && replay !== "") return { stretch: null, recording: replay, isReplay: true };
  const [from, to] = [timeIn(query.get("from")), timeIn(query.get("to"))];
  const stretch = from !== null && to !== null && from < to ? { from, to } : null;
  return { stretch, recording: query.get("recording") || null, isReplay: false };
}

export function standOf(view: View): Stand {
  if (view.kind === "live") return { stretch: null, recording: null, isReplay: false };
  const recording = view.recording?.id ?? null;
  if (view.kind === "replay") return { stretch: null, recording, isReplay: true };
  const { from, to } = view;
  const whole = view.recording === null ? null : wholeOf(view.recording, Number.NaN);
  return { stretch: whole?.from === from && whole.to === to ? null : { from, to }, recording, isReplay: false };
}

/** What an address asks for. @param recording that it names @param now the end of one that runs */
export function viewOf({ stretch, isReplay }: Stand, recording: RecordingView | null, now: number): View {
  if (recording !== null && isReplay) return replayOf(recording);
  if (recording !== null) return { kind: "still", ...(stretch ?? wholeOf(recording, now)), recording };
  return stretch === null ? { kind: "live", ms: 0 } : { kind: "still", ...stretch, recording: null };
}

/** Whether two ask for the same. */
export function isSameStand(a: Stand, b: Stand): boolean {
  return partsOf(a).join() === partsOf(b).join();
}

/** The address with these plots. */
export function addressOf(path: string, keys: readonly string[] | null, stand: Stand): string {
  const show = keys === null ? [] : [`show=${keys.map(encodeURIComponent).join(",")}`];
  const parts = [...show, ...partsOf(stand)];
  return parts.length === 0 ? path : `${path}?${parts.join("&")}`;
}

function partsOf({ stretch, recording, isReplay }: Stand): readonly string[] {
  if (isReplay) return [`replay=${encodeURIComponent(recording ?? "")}`];
  return [
    ...(recording === null ? [] : [`recording=${encodeURIComponent(recording)}`]),
    ...(stretch === null ? [] : [`from=${stretch.from}`, `to=${stretch.to}`]),
  ];
}

function timeIn(text: string | null): number | null {
  const time = Math.round(Number(text ?? ""));
  return text === null || text === "" || !(time >= 0 && time <= LATEST_MS) ? null : time;
}
