/** What is on the pins, as it is configured: lights, switches and inputs, each a property with its own name. Pure; used by config.ts and main.ts. */
import * as z from "zod";
import { flag, number, whole } from "#base/option-schemas.ts";
import { UsageError } from "#base/options.ts";
import { isPropertyName } from "#protocol/names.ts";
import type { PowerLimits } from "./brightness.ts";
import type { PinUse, Pull } from "./drivers/driver.ts";

/** GPIO2 to GPIO27 are on the header. */
const MAX_OF_A_KIND = 26;
/** Beyond it a press would feel lost. */
const MAX_DEBOUNCE_MS = 5_000;
const DEBOUNCE_MS = 30;
const DEFAULT_PIN = 21;

interface Wired {
  /** The name of the property. */
  readonly name: string;
  readonly pin: number;
  readonly title?: string | undefined;
}

/** A light, brightness 0 to 100. */
export interface OutputWiring extends Wired {
  readonly limits: PowerLimits;
  readonly use: "pwm" | "hardware-pwm";
}

/** Something that is on or off. */
export type SwitchWiring = Wired;

/** A button or another contact. */
export interface InputWiring extends Wired {
  readonly pull: Pull;
  /** Whether low counts as true: so it is with a button between the pin and ground. */
  readonly activeLow: boolean;
  /** Ms that a level must hold before it counts. */
  readonly debounceMs: number;
  /** Said to the device's rooms when the input becomes true; null for nothing. */
  readonly message: string | null;
}

export interface Wiring {
  readonly outputs: readonly OutputWiring[];
  readonly switches: readonly SwitchWiring[];
  readonly inputs: readonly InputWiring[];
}

export const pin = whole(2, 27, "as the number of a GPIO");
export const powers = {
  minPower: number(0, 99, "percent of full power"),
  maxPower: number(1, 100, "percent of full power"),
};

const wired = {
  name: z.string().refine(isPropertyName, "a name has no dot and is not `transition`"),
  pin,
  title: z.string().max(128).optional(),
};

const output = z.object({
  ...wired,
  minPower: powers.minPower.optional(),
  maxPower: powers.maxPower.optional(),
  hardware: flag.optional(),
});
const input = z.object({
  ...wired,
  pull: z.enum(["up", "down", "none"], "must be up, down or none").default("up"),
  activeLow: flag.optional(),
  debounceMs: whole(0, MAX_DEBOUNCE_MS, "ms").default(DEBOUNCE_MS),
  message: z.string().max(256).optional(),
});

/** Options of this form: `NAME=GPIO` words, objects, or the text of a JSON array of them. */
export const outputs = several(output.strict());
export const switches = several(z.object(wired).strict());
export const inputs = several(input.strict());

/** What the options say about pins, parsed; what an output does not say is as in the options of the same name. */
export interface WiringOptions {
  readonly pin: number | null;
  readonly outputs: z.infer<typeof outputs>;
  readonly switches: z.infer<typeof switches>;
  readonly inputs: z.infer<typeof inputs>;
  readonly minPower: number;
  readonly maxPower: number;
  readonly hardwarePwm: boolean;
}

/**
 * The wiring that the options mean: `--pin` is the light `brightness`, and GPIO21 is it where nothing else is driven.
 * @throws UsageError with a line for each name or pin that is there twice and for powers that leave nothing between them
 */
export function wiringOf(options: WiringOptions): Wiring {
  const { switches } = options;
  const isAlone = options.outputs.length + switches.length === 0;
  const single = options.pin ?? (isAlone ? DEFAULT_PIN : null);
  const lights = [...(single === null ? [] : [{ name: "brightness", pin: single }]), ...options.outputs];
  const wiring = {
    outputs: lights.map((light) => outputOf(light, options)),
    switches,
    inputs: options.inputs.map(inputOf),
  };
  const faults = wiringFaults(wiring);
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  return wiring;
}

/** A pin with what it is for. */
export interface PinWant {
  readonly name: string;
  readonly pin: number;
  readonly use: PinUse;
  /** Of an input. */
  readonly pull?: Pull;
}

/** Every pin with what it is for: what a driver must be able to do here. */
export function wantsOf({ outputs, switches, inputs }: Wiring): readonly PinWant[] {
  return [
    ...outputs.map(({ name, pin, use }) => ({ name, pin, use })),
    ...switches.map(({ name, pin }) => ({ name, pin, use: "switch" as const })),
    ...inputs.map(({ name, pin, pull }) => ({ name, pin, use: "input" as const, pull })),
  ];
}

function outputOf(light: z.infer<typeof output>, options: WiringOptions): OutputWiring {
  const { name, pin, title } = light;
  const limits = {
    minPower: (light.minPower ?? options.minPower) / 100,
    maxPower: (light.maxPower ?? options.maxPower) / 100,
  };
  const use = (light.hardware ?? options.hardwarePwm) ? "hardware-pwm" : "pwm";
  return { name, pin, title, limits, use };
}

function inputOf({ message, activeLow, ...rest }: z.infer<typeof input>): InputWiring {
  const text = message ?? `${rest.name} pressed`;
  return { ...rest, activeLow: activeLow ?? rest.pull !== "down", message: text === "" ? null : text };
}

function wiringFaults({ outputs, switches, inputs }: Wiring): readonly string[] {
  const all = [...outputs, ...switches, ...inputs];
  return [
    ...repeated(all.map(({ name }) => name)).map((name) => `${name}: two pins have this name`),
    ...repeated(all.map(({ pin }) => pin)).map((pin) => `GPIO${pin}: it is named twice`),
    ...outputs
      .filter(({ limits }) => limits.minPower >= limits.maxPower)
      .map(({ name }) => `${name}: --min-power must be less than --max-power`),
  ];
}

function repeated<T>(all: readonly T[]): readonly T[] {
  return [...new Set(all.filter((one, i) => all.indexOf(one) !== i))];
}

/** A variable of the environment comes cut at its commas, JSON with it: joined again before it is read. */
function several<T extends z.ZodType>(one: T) {
  const form = 'must be NAME=GPIO, or JSON: [{"name":…,"pin":…}]';
  return z.preprocess(splitWords, z.array(one, { error: form }).max(MAX_OF_A_KIND));
}

function splitWords(raw: unknown): unknown {
  if (!Array.isArray(raw)) return raw;
  const words = typeof raw[0] === "string" && raw[0].trimStart().startsWith("[") ? fromJson(raw.join(",")) : raw;
  return Array.isArray(words) ? words.map(readWord) : words;
}

function readWord(word: unknown): unknown {
  if (typeof word !== "string") return word;
  const [name, pin] = word.split("=");
  return { name: name?.trim(), pin };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
