/** What a light does at the start of the agent and while the hub is gone, and how people write it. Pure; used by config.ts and agent.ts. */

/** The brightness to start with: the last one asked for, off, or 0 to 100. */
export type Restore = "last" | "off" | number;

/** `hold` leaves the light as it is. */
export type OnDisconnect = "hold" | { readonly level: number; readonly afterMs: number; readonly fadeMs: number };

const FADE_OFF_MS = 2_000;
/** Long enough for a hub that only restarts. */
const FADE_OFF_AFTER_S = 10;
const MAX_AFTER_S = 86_400;

/** `last`, `off` or a number from 0 to 100; null if it is none of them. */
export function parseRestore(text: string): Restore | null {
  if (text === "last" || text === "off") return text;
  return parseNumber(text, 100);
}

/** The brightness to start with; null to leave the light as it was found. */
export function startLevel(restore: Restore, last: number | undefined): number | null {
  if (restore === "last") return last ?? null;
  return restore === "off" ? 0 : restore;
}

/** `hold`, `fade-off`, `fade-off@SECONDS` or `LEVEL@SECONDS`; null if it is none of them. */
export function parseOnDisconnect(text: string): OnDisconnect | null {
  if (text === "hold") return text;
  const [what = "", after] = text.split("@");
  const isFadeOff = what === "fade-off";
  const level = isFadeOff ? 0 : parseNumber(what, 100);
  const seconds = after === undefined && isFadeOff ? FADE_OFF_AFTER_S : parseNumber(after ?? "", MAX_AFTER_S);
  if (level === null || seconds === null) return null;
  return { level, afterMs: seconds * 1000, fadeMs: isFadeOff ? FADE_OFF_MS : 0 };
}

function parseNumber(text: string, maximum: number): number | null {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return value >= 0 && value <= maximum ? value : null;
}
