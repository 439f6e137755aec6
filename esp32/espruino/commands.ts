/** What the hub asks of the device: `set` and `action`, answered at once (protocol 5.1, 5.2). */
import type { Light } from "./light.ts";

const MAX_TRANSITION_MS = 600000;
const IDENTIFY_BLINKS = 10;

export interface Fault {
  readonly code: string;
  readonly message: string;
}

/** `data` is what was accepted; `error` says why nothing was. */
export interface Answer {
  readonly data?: unknown;
  readonly error?: Fault;
}

export type Fields = { readonly [name: string]: unknown };

/** Objects only: `JSON.parse` of this interpreter takes much for JSON. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function refuse(code: string, message: string): Answer {
  return { error: { code, message } };
}

function isWithin(value: unknown, max: number): value is number {
  return typeof value === "number" && value >= 0 && value <= max;
}

/** All values of one `set` are taken, or none is. */
function set(light: Light, values: Fields): Answer {
  const accepted: { [name: string]: unknown } = {};
  let brightness = light.brightness();
  let power = light.power();
  let transition = 0;
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (name === "brightness") {
      if (!isWithin(value, 100)) return refuse("INVALID_VALUE", "brightness must be a number from 0 to 100");
      brightness = value;
    } else if (name === "power") {
      if (typeof value !== "boolean") return refuse("INVALID_VALUE", "power must be true or false");
      power = value;
    } else if (name === "transition") {
      if (!isWithin(value, MAX_TRANSITION_MS)) return refuse("INVALID_VALUE", "transition must be 0 to 600000 ms");
      transition = value;
    } else return refuse("NO_PROPERTY", "This device has brightness and power.");
    if (name !== "transition") accepted[name] = value;
  }
  light.apply(brightness, power, transition);
  return { data: accepted };
}

function act(light: Light, name: unknown): Answer {
  if (name !== "identify") return refuse("NO_ACTION", "This device can identify.");
  light.blink(IDENTIFY_BLINKS);
  return { data: null };
}

/** Does what an event with an id asks for. */
export function obey(light: Light, event: string, data: unknown): Answer {
  if (event === "set" && isFields(data)) return set(light, data);
  if (event === "action" && isFields(data)) return act(light, data.name);
  return refuse("UNKNOWN_EVENT", "This device takes set and action.");
}
