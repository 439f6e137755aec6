/** Values of properties and the W3C Thing Description words that describe them (protocol 4.1, 4.5). */
import * as z from "zod";
import { propertyName } from "./names.ts";

export type Scalar = number | boolean | string;
/** What a property holds: a scalar, or an object of scalars one level deep. */
export type Value = Scalar | { readonly [field: string]: Scalar };
/** Values by property name. */
export type Values = { readonly [property: string]: Value };

const MAX_TEXT = 4096;
const MAX_PROPERTIES = 64;

const scalar = z.union([z.number(), z.boolean(), z.string().max(MAX_TEXT)]);
const fieldName = propertyName;
/** One value as JSON carries it. */
export const value: z.ZodType<Value> = z.union([scalar, z.record(fieldName, scalar)]);

/** `{property: value, …}`, at most 64 properties; numbers are finite. */
export const values: z.ZodType<Values> = z
  .record(propertyName, value)
  .refine((v) => Object.keys(v).length <= MAX_PROPERTIES, `at most ${MAX_PROPERTIES} properties in one message`);

const description = {
  title: z.string().max(128).optional(),
  description: z.string().max(512).optional(),
  unit: z.string().max(32).optional(),
  readOnly: z.boolean().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  enum: z.array(scalar).min(1).max(64).optional(),
};

const field = z.object({ type: z.enum(["number", "integer", "boolean", "string"]), ...description });

/** One property as a device declares it, in words of the W3C Thing Description 1.1 (6.3.2 InteractionAffordance, 6.3.1 DataSchema). */
export const property = z.object({
  type: z.enum(["number", "integer", "boolean", "string", "object"]),
  properties: z.record(fieldName, field).optional(),
  ...description,
});
export type Property = z.infer<typeof property>;
type Field = z.infer<typeof field>;

/** One action as a device declares it: a title and, if it takes one, the schema of its input. */
export const action = z.object({
  title: z.string().max(128).optional(),
  description: z.string().max(512).optional(),
  input: property.optional(),
});
export type Action = z.infer<typeof action>;

/**
 * Why `candidate` cannot be a value of the property, as the end of a sentence («must be at most 100»), or null if it can.
 * A property that was never declared takes anything.
 */
export function valueFault(declared: Property | undefined, candidate: Value): string | null {
  if (declared === undefined) return finiteFault(candidate);
  if (declared.type !== "object") return scalarFault({ ...declared, type: declared.type }, candidate);
  if (typeof candidate !== "object") return "must be an object";
  for (const [name, part] of Object.entries(candidate)) {
    const fields = declared.properties ?? {};
    const of = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const fault = of ? scalarFault(of, part) : finiteFault(part);
    if (fault !== null) return `has a field \`${name}\` that ${fault}`;
  }
  return null;
}

function finiteFault(candidate: Value): string | null {
  const parts = typeof candidate === "object" ? Object.values(candidate) : [candidate];
  return parts.some((part) => typeof part === "number" && !Number.isFinite(part)) ? "must be a finite number" : null;
}

function scalarFault(declared: Field, candidate: Value): string | null {
  const kind = declared.type === "integer" ? "number" : declared.type;
  if (typeof candidate !== kind) return `must be a ${kind}`;
  if (typeof candidate === "number") return numberFault(declared, candidate);
  return enumFault(declared, candidate);
}

function numberFault(declared: Field, candidate: number): string | null {
  if (!Number.isFinite(candidate)) return "must be a finite number";
  if (declared.type === "integer" && !Number.isInteger(candidate)) return "must be a whole number";
  if (declared.minimum !== undefined && candidate < declared.minimum) return `must be at least ${declared.minimum}`;
  if (declared.maximum !== undefined && candidate > declared.maximum) return `must be at most ${declared.maximum}`;
  return enumFault(declared, candidate);
}

function enumFault(declared: Field, candidate: Value): string | null {
  if (declared.enum === undefined || declared.enum.some((allowed) => allowed === candidate)) return null;
  return `must be one of ${declared.enum.join(", ")}`;
}

/** Whether two values of a property are the same. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
