/** One address of the REST API: what it takes, what it answers, and how. The router and the OpenAPI document are made of these. */
import type * as z from "zod";
import type { Role } from "#protocol/access.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import type { Principal } from "../../access/principal.ts";

/** Who may: everybody, a role and those above it, or the device that the path names as `{id}` (and operators). */
export type Rule = "public" | Role | "device";

export interface Call<B, Q> {
  /** Values of the `{name}` parts of the path, decoded. */
  readonly params: { readonly [name: string]: string };
  readonly body: B;
  readonly query: Q;
  readonly principal: Principal;
  /** How what is done here is signed. */
  readonly by: string;
  /** The client's address. */
  readonly from: string;
  /** Whether the client came by TLS. */
  readonly isSecure: boolean;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: { readonly [name: string]: string };
}

/** A file that is made while it is sent. */
export interface PiecesReply {
  readonly contentType: string;
  readonly fileName: string;
  readonly pieces: AsyncIterable<string | Uint8Array>;
}

export interface Route<B = unknown, Q = unknown> {
  readonly method: "get" | "put" | "post" | "patch" | "delete";
  /** Below `/api`, as OpenAPI writes it: `/devices/{id}`. */
  readonly path: string;
  readonly rule: Rule;
  /** One line for people. */
  readonly summary: string;
  readonly body?: z.ZodType<B>;
  /** What may stand behind the `?`. */
  readonly query?: z.ZodType<Q>;
  /** What a body that is none is answered with, when not `BAD_REQUEST`. */
  readonly bodyFault?: { readonly code: ErrorCode; readonly message: string };
  /** Status → what it means. */
  readonly answers: { readonly [status: number]: string };
  /** Of what it answers when all is well; JSON, unless stated. */
  readonly contentType?: string;
  handle(call: Call<B, Q>): Reply | PiecesReply | Promise<Reply | PiecesReply>;
}

/** Declares a route with the types of its body and query inferred from the schemas. */
export function route<B = undefined, Q = undefined>(declared: Route<B, Q>): Route {
  return declared as Route;
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}
