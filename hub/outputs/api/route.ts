/** One address of the REST API: what it takes, what it answers, and how. The router and the OpenAPI document are made of these. */
import type * as z from "zod";
import type { ErrorCode } from "#protocol/errors.ts";

export interface Call<B> {
  /** Values of the `{name}` parts of the path, decoded. */
  readonly params: { readonly [name: string]: string };
  readonly body: B;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface Route<B = unknown> {
  readonly method: "get" | "put" | "post" | "patch" | "delete";
  /** Below `/api`, as OpenAPI writes it: `/devices/{id}`. */
  readonly path: string;
  /** One line for people. */
  readonly summary: string;
  readonly body?: z.ZodType<B>;
  /** What a body that is none is answered with, when not `BAD_REQUEST`. */
  readonly bodyFault?: { readonly code: ErrorCode; readonly message: string };
  /** Status → what it means. */
  readonly answers: { readonly [status: number]: string };
  handle(call: Call<B>): Reply | Promise<Reply>;
}

/** Declares a route with the type of its body inferred from the schema. */
export function route<B = undefined>(declared: Route<B>): Route {
  return declared as Route;
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}
