/** One report that waits for the hub, and its line in the file. Made by the outbox, kept by the ring. */
import { values as anyValues, type Values } from "#protocol/values.ts";

export interface Entry {
  /** Counts up with each report; never used twice while a file holds it. */
  readonly number: number;
  /** Which start of this computer it was made in. */
  readonly boot: string;
  /** Ms from that start to the report. */
  readonly up: number;
  /** Wall-clock time of the report, ms since the epoch; null when the clock was not set. */
  readonly at: number | null;
  /** The values as JSON text: a fraction of the memory of the object. */
  readonly text: string;
}

/** What a line of the file says: a report, or that all up to a number are done. */
export type Line = { readonly entry: Entry } | { readonly done: number };

/** With its line end. */
export function encodeEntry({ number, boot, up, at, text }: Entry): string {
  return `[${number},${JSON.stringify(boot)},${up},${at},${text}]\n`;
}

export function encodeDone(number: number): string {
  return `[${number}]\n`;
}

/** Null for what a power cut or a stranger left. */
export function decodeLine(line: string): Line | null {
  try {
    const [number, boot, up, at, values, ...rest] = JSON.parse(line) as unknown[];
    if (!isCount(number)) return null;
    if (boot === undefined) return { done: number };
    if (typeof boot !== "string" || !isCount(up) || !(at === null || isCount(at)) || rest.length > 0) return null;
    return { entry: { number, boot, up, at, text: JSON.stringify(anyValues.parse(values)) } };
  } catch {
    return null;
  }
}

export function valuesOf(entry: Entry): Values {
  return JSON.parse(entry.text) as Values;
}

function isCount(candidate: unknown): candidate is number {
  return typeof candidate === "number" && Number.isSafeInteger(candidate) && candidate >= 0;
}
