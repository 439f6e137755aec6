/**
 * Options of a program: one table gives each its flag, its environment variable, its key in the config file, its
 * default and its line in `--help` (protocol 1.4). Flags beat environment, environment beats file; all faults are
 * reported at once, by name.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { z } from "zod";

export interface Option<T = unknown> {
  /** Turns what was given (text of a flag or variable, JSON of the file) into the value. */
  readonly schema: z.ZodType<T>;
  readonly default: T;
  /** One line for `--help`. */
  readonly help: string;
  /** What stands for the value in `--help`: `PORT`; absent for a switch. */
  readonly value?: string;
  /** The value that the bare flag stands for, when a word may follow it: `--open` is `--open loopback`. */
  readonly bare?: string;
  /** May be given several times; the schema takes an array. */
  readonly many?: boolean;
  /** Other environment variables for it, after `PHAROS_…`. */
  readonly env?: readonly string[];
}

export type OptionTable = { readonly [key: string]: Option };
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: T[K] extends Option<infer V> ? V : never };

/** All that is wrong with how a program was called; `message` has a line for each fault. */
export class UsageError extends Error {}

interface Given {
  readonly raw: unknown;
  /** `--port`, `PHAROS_PORT` or `port in FILE`: what the user would look for. */
  readonly name: string;
}

/** Declares an option with its value's type inferred from the schema. */
export function option<const T>(declared: Option<T> & { readonly default: NoInfer<T> }): Option<T> {
  return declared;
}

/**
 * Reads the options of a program.
 * @param args words after the command, without `--help`
 * @param env environment; names as in protocol 1.4
 * @returns a frozen object with every option; positional words are a fault
 * @throws UsageError with one line for each fault
 */
export function readOptions<T extends OptionTable>(
  table: T,
  args: readonly string[],
  env: { readonly [name: string]: string | undefined },
): OptionValues<T> {
  const faults: string[] = [];
  const flags = readFlags(table, args, faults);
  const file = readConfigFile(flags.get("config") ?? fromEnv("config", [], env), faults);
  const values: Record<string, unknown> = {};
  for (const [key, declared] of Object.entries(table)) {
    const given = flags.get(key) ?? fromEnv(key, declared.env ?? [], env) ?? file.get(key);
    values[key] = given === undefined ? declared.default : parse(declared, given, faults);
  }
  refuseUnknown(table, file, faults);
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  return Object.freeze(values) as OptionValues<T>;
}

/** Options as they were given, by key and not yet parsed; a config file may hold them so. */
export type RawOptions = { readonly [key: string]: unknown };

/**
 * What the flags say, for who keeps it. A number or a switch is told as such, any other value by its text.
 * @param args words that `readOptions` has taken with the same table
 */
export function rawFlags(table: OptionTable, args: readonly string[]): RawOptions {
  return Object.fromEntries(
    [...readFlags(table, args, [])].map(([key, { raw }]) => {
      const value = table[key]?.schema.safeParse(raw).data;
      return [key, typeof value === "number" || typeof value === "boolean" ? value : raw];
    }),
  );
}

/** What a config file says, by camelCase keys. @throws UsageError when it cannot be read */
export function rawConfig(path: string): RawOptions {
  const faults: string[] = [];
  const file = readConfigFile({ raw: path, name: "config" }, faults);
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  return Object.fromEntries([...file].map(([key, { raw }]) => [key, raw]));
}

/**
 * The values that a config file of these raw options would give.
 * @param path of the file, for the names of faults
 * @throws UsageError with one line for each fault
 */
export function parseRaw<T extends OptionTable>(table: T, raw: RawOptions, path: string): OptionValues<T> {
  const faults: string[] = [];
  const file = new Map(Object.entries(raw).map(([key, value]) => [key, { raw: value, name: `${key} in ${path}` }]));
  const values = Object.entries(table).map(([key, declared]) => {
    const given = file.get(key);
    return [key, given === undefined ? declared.default : parse(declared, given, faults)];
  });
  refuseUnknown(table, file, faults);
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  return Object.freeze(Object.fromEntries(values)) as OptionValues<T>;
}

function refuseUnknown(table: OptionTable, file: ReadonlyMap<string, Given>, faults: string[]): void {
  for (const [key, given] of file)
    if (!Object.hasOwn(table, key)) faults.push(`${given.name}: there is no such option`);
}

/** The `--help` lines of a table, aligned. */
export function describeOptions(table: OptionTable): string {
  const rows = Object.entries(table).map(([key, o]) => {
    const value = o.value === undefined ? "" : o.bare === undefined ? ` ${o.value}` : ` [${o.value}]`;
    return { left: `--${kebab(key)}${value}`, help: `${o.help}${defaultText(o)}` };
  });
  const width = Math.max(...rows.map((row) => row.left.length));
  return rows.map((row) => `  ${row.left.padEnd(width)}  ${row.help}`).join("\n");
}

/** Text of a flag, a variable or the file's JSON → number. For `z.preprocess`. */
export function toNumber(raw: unknown): unknown {
  return typeof raw === "string" && raw.trim() !== "" ? Number(raw) : raw;
}

/** `true`, `1`, `yes`, `on` and their opposites → boolean. For `z.preprocess`. */
export function toBoolean(raw: unknown): unknown {
  if (typeof raw !== "string") return raw;
  if (/^(true|1|yes|on|)$/i.test(raw)) return true;
  return /^(false|0|no|off)$/i.test(raw) ? false : raw;
}

function readFlags(table: OptionTable, args: readonly string[], faults: string[]): Map<string, Given> {
  const options: Record<string, { type: "string" | "boolean"; multiple?: boolean }> = {};
  for (const [key, o] of Object.entries(table)) {
    options[kebab(key)] = { type: o.value === undefined ? "boolean" : "string", multiple: o.many ?? false };
  }
  const { tokens } = parseArgs({
    args: fillBareFlags(table, args),
    options,
    strict: false,
    allowNegative: true,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, Given>();
  for (const token of tokens) {
    if (token.kind === "positional") faults.push(`${token.value}: unexpected word`);
    if (token.kind === "option") takeFlag(table, token, given, faults);
  }
  return given;
}

interface FlagToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

function takeFlag(table: OptionTable, token: FlagToken, given: Map<string, Given>, faults: string[]): void {
  const negated = token.rawName.startsWith("--no-") && !Object.hasOwn(table, camel(token.rawName.slice(2)));
  const name = negated ? token.rawName.slice(5) : token.rawName.replace(/^-+/, "");
  const key = camel(name);
  const declared = Object.hasOwn(table, key) ? table[key] : undefined;
  if (declared === undefined || (negated && declared.value !== undefined)) {
    faults.push(`${token.rawName}: there is no such option`);
  } else if (declared.value !== undefined && token.value === undefined) {
    faults.push(`--${name}: needs a value (${declared.value})`);
  } else if (negated && token.value !== undefined) {
    faults.push(`${token.rawName}: takes no value`);
  } else {
    const raw = declared.value === undefined ? (token.value ?? !negated) : token.value;
    const before = given.get(key)?.raw;
    given.set(key, { name: `--${name}`, raw: declared.many ? [...(Array.isArray(before) ? before : []), raw] : raw });
  }
}

/** `--open` → `--open=loopback` where no word of the option's own follows, since parseArgs knows no optional value. */
function fillBareFlags(table: OptionTable, args: readonly string[]): string[] {
  return args.map((word, i) => {
    const declared = table[camel(word.replace(/^--/, ""))];
    if (!word.startsWith("--") || declared?.bare === undefined) return word;
    const next = args[i + 1];
    return next === undefined || next.startsWith("-") ? `${word}=${declared.bare}` : word;
  });
}

function fromEnv(
  key: string,
  aliases: readonly string[],
  env: { readonly [name: string]: string | undefined },
): Given | undefined {
  for (const name of [`PHAROS_${kebab(key).replaceAll("-", "_").toUpperCase()}`, ...aliases]) {
    const raw = env[name];
    if (raw !== undefined && raw !== "") return { raw, name };
  }
  return undefined;
}

function readConfigFile(path: Given | undefined, faults: string[]): Map<string, Given> {
  if (path === undefined) return new Map();
  try {
    const object: unknown = JSON.parse(readFileSync(String(path.raw), "utf8"));
    if (typeof object !== "object" || object === null || Array.isArray(object)) {
      throw new Error("it must hold one JSON object");
    }
    return new Map(Object.entries(object).map(([key, raw]) => [camel(key), { raw, name: `${key} in ${path.raw}` }]));
  } catch (error) {
    faults.push(`${path.name}: cannot read ${path.raw}: ${(error as Error).message}`);
    return new Map();
  }
}

function parse(declared: Option, given: Given, faults: string[]): unknown {
  const split = declared.many && typeof given.raw === "string" ? given.raw.split(",") : given.raw;
  const result = declared.schema.safeParse(split);
  if (result.success) return result.data;
  faults.push(
    `${given.name}: ${result.error.issues[0]?.message ?? "not understood"} (given: ${JSON.stringify(given.raw)})`,
  );
  return declared.default;
}

function defaultText(declared: Option): string {
  const { default: value } = declared;
  if (value === null || value === undefined || value === false || value === "") return "";
  if (Array.isArray(value)) return value.length === 0 ? "" : ` (default ${value.join(",")})`;
  return ` (default ${String(value)})`;
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}

function camel(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, c: string) => c.toUpperCase());
}
