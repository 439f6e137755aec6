/** Checks what a page or a REST client sent, once, at the door. */
import type * as z from "zod";
import { PharosError } from "#protocol/errors.ts";

/** @throws PharosError `BAD_REQUEST` naming what is wrong */
export function parseRequest<T>(schema: z.ZodType<T>, request: unknown): T {
  const result = schema.safeParse(request);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PharosError("BAD_REQUEST", `${issue?.path.join(".") || "body"}: ${issue?.message ?? "not understood"}`);
}
