/** Samples of many series as rows of one table, and those as CSV or NDJSON. Called by the stores; pure. */
import type { SampleRun } from "./sample-run.ts";
import { timesOf } from "./sample-time.ts";
import type { Marker, Row } from "./store.ts";

export interface SeriesRun {
  readonly device: string;
  readonly property: string;
  /** Sorted. */
  readonly run: SampleRun;
}

interface OpenRow extends Row {
  readonly values: Record<string, number | boolean>;
}

/** What one device says at one time is one row; the same property twice makes two. Sorted by time, then device. */
export function toRows(series: readonly SeriesRun[]): readonly Row[] {
  const rows: OpenRow[] = [];
  const open = new Map<string, OpenRow>();
  for (const { device, property, run } of series) {
    for (let i = 0; i < run.length; i++) {
      const time = run.time(i);
      const { at, deviceTime } = timesOf(time, run.source(i), run.other(i));
      const key = `${time} ${at} ${deviceTime} ${device}`;
      let row = open.get(key);
      if (row === undefined || Object.hasOwn(row.values, property)) {
        row = { time, at, deviceTime, device, values: {} };
        open.set(key, row);
        rows.push(row);
      }
      row.values[property] = run.isBoolean(i) ? run.value(i) === 1 : run.value(i);
    }
  }
  return rows.sort(
    (a, b) => a.time - b.time || a.at - b.at || (a.device < b.device ? -1 : Number(a.device > b.device)),
  );
}

/** Times of a device below this are its own count and no time of day (protocol 1.2). */
const COUNTER_BELOW = 1e11;
/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * The table of one recording. Columns: the hub's and the device's time as ISO 8601 in UTC and in ms, the device, one for each property,
 * and one for markers where there are any.
 */
export class CsvTable {
  readonly #properties: readonly string[];
  readonly #markers: Marker[];
  readonly #hasMarkers: boolean;

  constructor(properties: readonly string[], markers: readonly Marker[]) {
    this.#properties = properties;
    this.#markers = [...markers];
    this.#hasMarkers = markers.length > 0;
  }

  head(): string {
    const times = ["hub_time_utc", "hub_time_ms", "device_time_utc", "device_time_ms"];
    return line([...times, "device", ...this.#properties.map(quote), ...(this.#hasMarkers ? ["marker"] : [])]);
  }

  rows(rows: readonly Row[]): string {
    return rows.map((row) => this.#markersUntil(row.time) + this.#row(row)).join("");
  }

  /** What is left when all rows were written. */
  end(): string {
    return this.#markersUntil(Number.POSITIVE_INFINITY);
  }

  #row({ at, deviceTime, device, values }: Row): string {
    const cells = this.#properties.map((name) => cell(Object.hasOwn(values, name) ? values[name] : undefined));
    const own = deviceTime === null || deviceTime < COUNTER_BELOW ? "" : isoTime(deviceTime);
    const times = [isoTime(at), String(at), own, deviceTime === null ? "" : String(deviceTime)];
    return line([...times, device, ...cells, ...(this.#hasMarkers ? [""] : [])]);
  }

  #markersUntil(time: number): string {
    let text = "";
    for (let [next] = this.#markers; next !== undefined && next.at <= time; [next] = this.#markers) {
      this.#markers.shift();
      const empty = this.#properties.map(() => "");
      text += line([isoTime(next.at), String(next.at), "", "", "", ...empty, quote(next.text)]);
    }
    return text;
  }
}

/** One object a line: `{"time","hubTimeMs","deviceTimeMs"?,"device","values"}`, in UTC. */
export function toNdjson(rows: readonly Row[]): string {
  return rows
    .map(({ time, at, deviceTime, device, values }) => {
      const own = deviceTime === null ? {} : { deviceTimeMs: deviceTime };
      return `${JSON.stringify({ time: isoTime(time), hubTimeMs: at, ...own, device, values })}\n`;
    })
    .join("");
}

function line(cells: readonly string[]): string {
  return `${cells.join(",")}\r\n`;
}

function cell(value: number | boolean | undefined): string {
  if (value === undefined) return "";
  // As spreadsheets write it, and pandas reads it.
  return typeof value === "boolean" ? (value ? "TRUE" : "FALSE") : String(value);
}

/** Text in a cell, which no spreadsheet takes for a formula. */
function quote(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
