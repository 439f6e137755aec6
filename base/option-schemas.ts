/** Schemas that the option tables of several programs share; what is given may be text of a flag or JSON of a file. */
import * as z from "zod";
import { toBoolean, toNumber } from "./options.ts";

export const flag = z.preprocess(toBoolean, z.boolean({ error: "must be true or false" }));

/** @param unit stands behind the range: `percent of full power` */
export function number(minimum: number, maximum: number, unit: string) {
  const error = `must be a number from ${minimum} to ${maximum} ${unit}`;
  return z.preprocess(toNumber, z.number({ error }).min(minimum, error).max(maximum, error));
}

/** @param unit stands behind the range: `ms` */
export function whole(minimum: number, maximum: number, unit: string) {
  const error = `must be a whole number from ${minimum} to ${maximum} ${unit}`;
  return z.preprocess(toNumber, z.number({ error }).int(error).min(minimum, error).max(maximum, error));
}

/** A TCP port. @param minimum 0 where it stands for a free one */
export function port(minimum: 0 | 1 = 0) {
  const error = `must be a port from ${minimum} to 65535`;
  return z.preprocess(toNumber, z.number({ error }).int(error).min(minimum, error).max(65_535, error));
}

/** A text option whose meaning `parse` knows; `null` of it is a fault. */
export function parsed<T>(parse: (text: string) => T | null, fault: string) {
  return z.unknown().transform((raw, context): T => {
    const value = parse(String(raw));
    if (value !== null) return value;
    context.addIssue({ code: "custom", message: fault });
    return z.NEVER;
  });
}
