/** Numbers, ages, sizes and names as people read them. */
import type { Scalar } from "#protocol/values.ts";

const UNITS: { readonly [unit: string]: string } = {
  percent: "%",
  celsius: "°C",
  degC: "°C",
  fahrenheit: "°F",
  kelvin: "K",
  volt: "V",
  ampere: "A",
  watt: "W",
  hertz: "Hz",
  second: "s",
  lux: "lx",
  pascal: "Pa",
  degree: "°",
  "m/s2": "m/s²",
  "m/s^2": "m/s²",
};

/** `percent` → `%`; a unit that is not in the table stays as it is. */
export function formatUnit(unit: string | undefined): string {
  return unit === undefined ? "" : (UNITS[unit] ?? unit);
}

/** At most four digits that matter, never an exponent where digits will do. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e12)) return value.toPrecision(3);
  const decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  return String(Number(value.toFixed(decimals))).replace("-", "−");
}

export function formatScalar(value: Scalar): string {
  return typeof value === "number" ? formatNumber(value) : String(value);
}

/** `3 s`, `4 min`, `2 h`, `5 d`. */
export function formatDuration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 100) return `${s} s`;
  if (s < 100 * 60) return `${Math.round(s / 60)} min`;
  if (s < 48 * 3600) return `${Math.round(s / 3600)} h`;
  return `${Math.round(s / 86_400)} d`;
}

/** Time that runs: `0:42`, `1:02:03`. */
export function formatElapsed(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

/** A count with thin spaces: `1 234 567`. */
export function formatCount(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** A beat as it is heard: `1.0 s`, `3.3 s`, `60 s`, `5 min`. */
export function formatBeat(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms);
}

/** A part of the time: `100 %` only when it is all, `0 %` only when it is none. */
export function formatShare(share: number): string {
  if (share >= 1) return "100 %";
  const percent = Math.floor(share * 1000) / 10;
  return share > 0 && percent === 0 ? "<0.1 %" : `${percent} %`;
}

/** `512 B`, `23.4 kB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const value = bytes / 1000 ** power;
  return `${Number(value.toFixed(value < 100 && power > 0 ? 1 : 0))} ${units[power]}`;
}

/** A name as a label: `maxPower` and `max_power` → `Max power`. */
export function formatName(name: string): string {
  const spaced = name
    .replace(/(\p{Ll})(\p{Lu})/gu, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .replace(/[_-]+/g, " ")
    .trim();
  return spaced === "" ? name : spaced[0]?.toUpperCase() + spaced.slice(1);
}

/** Local time of day with milliseconds: `14:03:07.042`. */
export function formatTime(at: number): string {
  const d = new Date(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  const ms = String(d.getMilliseconds()).padStart(3, "0");
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}.${ms}`;
}

/** Local time of day today, `14:03:07`; with its date on other days, `21 Nov, 14:03`. */
export function formatMoment(at: number, now: number): string {
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  if (today) return formatTime(at).slice(0, 8);
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(at);
}
