/** Makes an Express router of the routes: every body is read and checked alike. */
import express, { type Request, type Response, Router } from "express";
import { PharosError } from "#protocol/errors.ts";
import { LIMITS } from "../../base/limits.ts";
import { parseRequest } from "./parse-request.ts";
import type { Route } from "./route.ts";
import { sendPieces } from "./send-pieces.ts";

export function createRouter(routes: readonly Route[]): Router {
  const router = Router();
  // Whatever the content type says: `curl -d 37` calls it a form.
  router.use(express.json({ strict: false, type: () => true, limit: LIMITS.restBodyBytes }));
  for (const route of routes) {
    router[route.method](expressPath(route.path), (request, response) => serve(route, request, response));
  }
  return router;
}

async function serve(route: Route, request: Request, response: Response): Promise<void> {
  const params = request.params as { readonly [name: string]: string };
  const query = route.query === undefined ? undefined : parseRequest(route.query, request.query);
  const reply = await route.handle({ params, query, body: readBody(route, request.body) });
  if ("pieces" in reply) await sendPieces(response, reply);
  else response.status(reply.status).json(reply.body);
}

/** @throws PharosError the route's own fault, or `BAD_REQUEST` naming what is wrong */
function readBody({ body: schema, bodyFault }: Route, body: unknown): unknown {
  if (schema === undefined) return undefined;
  if (bodyFault === undefined) return parseRequest(schema, body);
  if (body === undefined) throw new PharosError("BAD_REQUEST", "The body must be the value, as JSON.");
  const result = schema.safeParse(body);
  if (!result.success) throw new PharosError(bodyFault.code, bodyFault.message);
  return result.data;
}

/** `/devices/{id}` as Express writes it. */
function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ":$1");
}
