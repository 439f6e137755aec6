/** Reads the level that a course page or its REST client asks for (protocol 2.7). */
import { PharosError } from "#protocol/errors.ts";

/** Longer texts are no numbers that anyone means. */
const MAX_TEXT = 32;
const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?\s*$/i;

/**
 * @param data `{level}` with a number or numeric text
 * @returns the level, clamped to 0–100
 * @throws PharosError `BAD_REQUEST` for anything else
 */
export function readLevel(data: unknown): number {
  const level = toNumber((data as { level?: unknown } | null | undefined)?.level);
  if (level === null) throw new PharosError("BAD_REQUEST", 'The level must be a number from 0 to 100: {"level": 37}.');
  return clampLevel(level);
}

export function clampLevel(level: number): number {
  return Math.min(100, Math.max(0, level));
}

/** Sliders of old pages send their value as text. */
function toNumber(level: unknown): number | null {
  if (typeof level === "number") return Number.isFinite(level) ? level : null;
  return typeof level === "string" && level.length <= MAX_TEXT && DECIMAL.test(level) ? Number(level) : null;
}
