/** Reads what the hub asks by `set` (protocol 5.1). Pure; called by the agent. */
import { type WireError, wireError } from "#protocol/errors.ts";
import { type Property, type Value, valueFault } from "#protocol/values.ts";

const MAX_TRANSITION_MS = 3_600_000;

export type SetReading =
  | { readonly values: { readonly [output: string]: number | boolean }; readonly transitionMs: number | undefined }
  | { readonly error: WireError };

/** All values of a frame, or the first fault: of one `set` all values are taken, or none is. */
export function readSet(frame: unknown, properties: ReadonlyMap<string, Property>): SetReading {
  if (typeof frame !== "object" || frame === null || Array.isArray(frame)) {
    return { error: wireError("BAD_REQUEST", "`set` takes an object of values by property.") };
  }
  const { transition, ...wanted } = frame as { readonly [name: string]: unknown };
  if (transition !== undefined && !isTransition(transition)) {
    return { error: wireError("INVALID_VALUE", `transition must be a number from 0 to ${MAX_TRANSITION_MS} ms.`) };
  }
  const values: Record<string, number | boolean> = {};
  for (const [name, value] of Object.entries(wanted)) {
    const declared = properties.get(name);
    if (declared === undefined) return { error: wireError("NO_PROPERTY", `This device has no property ${name}.`) };
    const fault = valueFault(declared, value as Value);
    if (fault !== null) return { error: wireError("INVALID_VALUE", `${name} ${fault}.`) };
    values[name] = value as number | boolean;
  }
  return { values, transitionMs: transition };
}

function isTransition(candidate: unknown): candidate is number {
  return typeof candidate === "number" && candidate >= 0 && candidate <= MAX_TRANSITION_MS;
}
