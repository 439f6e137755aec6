/** Every option of the agent, its name, unit and default (protocol 1.4). */
import { hostname } from "node:os";
import * as z from "zod";
import { type OptionValues, option, toBoolean, toNumber } from "#base/options.ts";
import { deviceId, isPropertyName, roomName } from "#protocol/names.ts";
import { parseOnDisconnect, parseRestore } from "./policies.ts";

const MAX_OUTPUTS = 26;

const number = (minimum: number, maximum: number, unit: string) => {
  const range = `must be a number from ${minimum} to ${maximum} ${unit}`;
  return z.preprocess(toNumber, z.number({ error: range }).min(minimum, range).max(maximum, range));
};
const whole = (minimum: number, maximum: number, unit: string) => {
  const range = `must be a whole number from ${minimum} to ${maximum}${unit}`;
  return z.preprocess(toNumber, z.number({ error: range }).int(range).min(minimum, range).max(maximum, range));
};
const flag = z.preprocess(toBoolean, z.boolean({ error: "must be true or false" }));
const pin = whole(2, 27, ", the number of a GPIO");
const powers = {
  minPower: number(0, 99, "percent of full power"),
  maxPower: number(1, 100, "percent of full power"),
};

/** One light as it is configured; what it does not say is as in the options of the same name. */
const output = z
  .object({
    name: z.string().refine(isPropertyName, "the name of an output has no dot and is not `transition`"),
    pin,
    title: z.string().max(128).optional(),
    minPower: powers.minPower.optional(),
    maxPower: powers.maxPower.optional(),
  })
  .strict();
export type OutputConfig = z.infer<typeof output>;

/** `name=pin` words, objects, or the text of a JSON array of them; a variable of the environment comes cut at its commas. */
const outputs = z.preprocess(
  splitOutputs,
  z
    .array(output, { error: 'must be NAME=PIN, or JSON: [{"name":…,"pin":…}]' })
    .max(MAX_OUTPUTS)
    .refine((all) => new Set(all.map((o) => o.name)).size === all.length, "two outputs have the same name")
    .refine((all) => new Set(all.map((o) => o.pin)).size === all.length, "two outputs have the same pin"),
);

function splitOutputs(raw: unknown): unknown {
  if (!Array.isArray(raw)) return raw;
  const words = typeof raw[0] === "string" && raw[0].trimStart().startsWith("[") ? fromJson(raw.join(",")) : raw;
  return Array.isArray(words) ? words.map(readOutput) : words;
}

function readOutput(word: unknown): unknown {
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

/** The name of this computer as a device id (protocol 1.1): what an id cannot hold becomes `-`. */
export function idOfHost(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9._-]/g, "-")
      .replace(/^[^A-Za-z0-9]+/, "")
      .slice(0, 64) || "raspberrypi"
  );
}

/** A text option whose meaning `parse` knows; `null` of it is a fault. */
function parsed<T>(parse: (text: string) => T | null, fault: string) {
  return z.unknown().transform((raw, context): T => {
    const value = parse(String(raw));
    if (value !== null) return value;
    context.addIssue({ code: "custom", message: fault });
    return z.NEVER;
  });
}

function webAddress(text: string): string | null {
  const address = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  return URL.canParse(address) && /^https?:/i.test(address) ? new URL(address).origin : null;
}

export const AGENT_OPTIONS = {
  hub: option({
    schema: parsed(webAddress, "must be the address of a hub, as http://192.168.1.5:5000"),
    default: "http://localhost:5000",
    value: "URL",
    help: "address of the hub",
  }),
  id: option({ schema: deviceId, default: idOfHost(hostname()), value: "ID", help: "device id, unique on the hub" }),
  name: option({
    schema: z.string().trim().min(1).max(64).nullable(),
    default: null,
    value: "TEXT",
    help: "name shown on the page; the id if not given",
  }),
  rooms: option({
    schema: z.array(roomName).max(16),
    default: [],
    value: "ROOM",
    many: true,
    help: "room to be in; may be repeated",
  }),
  token: option({
    schema: z.string().min(1).nullable(),
    default: null,
    value: "TOKEN",
    help: "the device's token, where the hub asks for one",
  }),
  pin: option({ schema: pin, default: 21, value: "GPIO", help: "GPIO of the light" }),
  outputs: option({
    schema: outputs,
    default: [],
    value: "NAME=GPIO",
    many: true,
    help: "several lights, each a property with its own name, instead of --pin; may be repeated, or be JSON",
  }),
  driver: option({
    schema: z.enum(["auto", "pigpiod", "pigpio", "simulated"], "must be auto, pigpiod, pigpio or simulated"),
    default: "auto",
    value: "DRIVER",
    help: "auto, pigpiod, pigpio, or simulated for no real light",
  }),
  pigpiodHost: option({
    schema: z.string().min(1),
    default: "localhost",
    value: "HOST",
    env: ["PIGPIO_ADDR"],
    help: "where pigpiod runs",
  }),
  pigpiodPort: option({
    schema: whole(1, 65_535, ""),
    default: 8888,
    value: "PORT",
    env: ["PIGPIO_PORT"],
    help: "port of pigpiod",
  }),
  transitionMs: option({
    schema: whole(0, 3_600_000, " ms"),
    default: 0,
    value: "MS",
    help: "length of a fade when a set names none",
  }),
  minPower: option({ schema: powers.minPower, default: 0, value: "PERCENT", help: "power of the smallest brightness" }),
  maxPower: option({ schema: powers.maxPower, default: 100, value: "PERCENT", help: "power of brightness 100" }),
  restore: option({
    schema: parsed(parseRestore, "must be last, off or a brightness from 0 to 100"),
    default: "last",
    value: "HOW",
    help: "brightness after a start: last, off, or 0 to 100",
  }),
  onDisconnect: option({
    schema: parsed(parseOnDisconnect, "must be hold, fade-off, fade-off@SECONDS or LEVEL@SECONDS"),
    default: "hold",
    value: "HOW",
    help: "while the hub is gone: hold, fade-off[@SECONDS] or LEVEL@SECONDS",
  }),
  heartbeatInterval: option({
    schema: whole(500, 3_600_000, " ms"),
    default: 5_000,
    value: "MS",
    help: "time between heartbeats",
  }),
  dataDir: option({
    schema: z.string().min(1),
    default: "data",
    value: "DIR",
    help: "folder for what lasts: the last brightness",
  }),
  jsonLogs: option({ schema: flag, default: false, help: "log JSON lines for machines" }),
  config: option({
    schema: z.string().nullable(),
    default: null,
    value: "FILE",
    help: "JSON file with any of these options",
  }),
};

export type AgentConfig = OptionValues<typeof AGENT_OPTIONS>;

/** The lights to drive: those of `--outputs`, else `brightness` on `--pin`. */
export function outputsOf(config: AgentConfig): readonly OutputConfig[] {
  return config.outputs.length > 0 ? config.outputs : [{ name: "brightness", pin: config.pin }];
}
