/** The text frames of the plain doors, both ways (protocol section 3). Pure: no sockets, no clock. */
import type { WireError } from "./errors.ts";
import { isPropertyName } from "./names.ts";
import { epochMs } from "./time.ts";
import type { Scalar, Value, Values } from "./values.ts";

export type FrameId = string | number;

/** One inbound text, understood. */
export type Inbound =
  | { kind: "event"; event: string; data: unknown; id: FrameId | undefined; time: number | undefined }
  | { kind: "ack"; id: FrameId; data: unknown; error: WireError | undefined }
  | { kind: "heartbeat" }
  | { kind: "report"; values: Values; time: number | undefined }
  | { kind: "message" }
  | { kind: "malformed"; reason: string };

type JsonObject = { readonly [key: string]: unknown };

const SOS = /^SOS!*$/i;

/** Deepest nesting of an envelope; the deepest that means anything, a `hello`, has 7. What is deeper cannot be written out again. */
const MAX_DEPTH = 32;

/** Reads one text frame (protocol 3.1–3.4, 3.10). Never throws. */
export function parseFrame(text: string): Inbound {
  const trimmed = text.trim();
  if (SOS.test(trimmed)) return { kind: "heartbeat" };
  if (!trimmed.startsWith("{")) return { kind: "message" };
  const object = parseObject(trimmed);
  if (object === null) return { kind: "malformed", reason: "The text starts with { but is not JSON." };
  if (isDeeper(object, MAX_DEPTH)) return { kind: "malformed", reason: `The JSON is nested deeper than ${MAX_DEPTH}.` };
  if (Object.hasOwn(object, "event")) return readEvent(object);
  if (Object.hasOwn(object, "ack")) return readAck(object);
  return readReport(object);
}

function parseObject(text: string): JsonObject | null {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return null;
  }
}

function isDeeper(json: unknown, levels: number): boolean {
  if (typeof json !== "object" || json === null) return false;
  return levels === 0 || Object.values(json).some((part) => isDeeper(part, levels - 1));
}

function readEvent({ event, data, id, time }: JsonObject): Inbound {
  if (typeof event !== "string") return { kind: "malformed", reason: "`event` must be a string." };
  if (id !== undefined && !isFrameId(id)) return { kind: "malformed", reason: "`id` must be a number or a string." };
  if (time !== undefined && !isFiniteNumber(time)) return { kind: "malformed", reason: "`time` must be a number." };
  return { kind: "event", event, data, id, time };
}

function readAck({ ack, data, error }: JsonObject): Inbound {
  if (!isFrameId(ack)) return { kind: "malformed", reason: "`ack` must be a number or a string." };
  return { kind: "ack", id: ack, data, error: error === undefined ? undefined : readError(error) };
}

function readError(error: unknown): WireError {
  const { code, message } = isObject(error) ? error : { code: undefined, message: error };
  return {
    code: typeof code === "string" ? code.slice(0, 64) : "FAILED",
    message: typeof message === "string" ? message.slice(0, 512) : "The device answered with an error.",
  };
}

function readReport(object: JsonObject): Inbound {
  const values: Record<string, Value> = {};
  let time: number | undefined;
  for (const name of ["time", "t", "timestamp"]) time ??= epochMs(object[name]) ?? undefined;
  for (const [field, value] of Object.entries(object)) {
    if (isTimeField(field) && epochMs(value) !== null) continue;
    const name = withoutDots(field);
    if (!isPropertyName(name)) continue;
    if (isScalar(value)) values[name] = value;
    else if (isObject(value)) values[name] = scalarFields(value);
  }
  return { kind: "report", values, time };
}

function scalarFields(object: JsonObject): Record<string, Scalar> {
  const fields: Record<string, Scalar> = {};
  for (const [field, value] of Object.entries(object)) {
    const name = withoutDots(field);
    if (isPropertyName(name) && isScalar(value)) fields[name] = value;
  }
  return fields;
}

/** A sensor that says `PM2.5` keeps its sample, as `PM2_5`: a dot separates a property from its field (protocol 1.1). */
function withoutDots(field: string): string {
  return field.replaceAll(".", "_");
}

/** `{"event":E,"data":D}`, with `"id":I` where an answer is wanted; ASCII (protocol 3.7). */
export function formatEvent(event: string, data: unknown, id?: number): string {
  return toAscii(JSON.stringify(id === undefined ? { event, data } : { event, data, id }));
}

/** `{"ack":I,"data":…}`, or `{"ack":I,"error":{code,message}}` when `answer` is an error (protocol 3.1). */
export function formatAck(id: FrameId, answer: unknown): string {
  const body = isErrorAnswer(answer) ? { ack: id, error: answer.error } : { ack: id, data: answer };
  return toAscii(JSON.stringify(body));
}

/**
 * A message as it goes to a plain client: the bare text, unless the receiver would take it for a command
 * (a JSON object with `event` or `ack`), or its line would be broken (protocol 3.4, 3.7).
 * @param lines true at a door whose frames end with a line feed (TCP)
 */
export function formatMessage(text: string, lines = false): string {
  const bare = !looksLikeCommand(text) && !(lines && /[\r\n]/.test(text));
  return bare ? text : formatEvent("message", text);
}

/** Whether an acknowledgement says that it failed: `{error: {code, message}}`. */
export function isErrorAnswer(answer: unknown): answer is { error: WireError } {
  return isObject(answer) && isObject(answer.error) && typeof answer.error.code === "string";
}

function looksLikeCommand(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{")) return false;
  const object = parseObject(trimmed);
  return object !== null && (Object.hasOwn(object, "event") || Object.hasOwn(object, "ack"));
}

function toAscii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function isTimeField(name: string): boolean {
  return name === "time" || name === "t" || name === "timestamp";
}

function isFrameId(candidate: unknown): candidate is FrameId {
  return isFiniteNumber(candidate) || (typeof candidate === "string" && candidate.length <= 128);
}

function isFiniteNumber(candidate: unknown): candidate is number {
  return typeof candidate === "number" && Number.isFinite(candidate);
}

function isScalar(candidate: unknown): candidate is Scalar {
  return isFiniteNumber(candidate) || typeof candidate === "boolean" || typeof candidate === "string";
}

function isObject(candidate: unknown): candidate is JsonObject {
  return typeof candidate === "object" && candidate !== null && !Array.isArray(candidate);
}
