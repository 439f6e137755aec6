/** Makes an Express router of the routes: every body is read and checked alike. */
import express, { type Request, type Response, Router } from "express";
import { PharosError } from "#protocol/errors.ts";
import type { Access } from "../../access/access.ts";
import { authorOf, maySpeakAs, type Principal, requireRole } from "../../access/principal.ts";
import { isSecure } from "../../base/client-address.ts";
import { LIMITS } from "../../base/limits.ts";
import { parseRequest } from "./parse-request.ts";
import type { Call, PiecesReply, Reply, Route } from "./route.ts";
import { sendPieces } from "./send-pieces.ts";

/** @param trustProxy whether a proxy is believed that the client came by TLS */
export function createRouter(routes: readonly Route[], access: Access, trustProxy: boolean): Router {
  const router = Router();
  // Whatever the content type says: `curl -d 37` calls it a form.
  router.use(express.json({ strict: false, type: () => true, limit: LIMITS.restBodyBytes }));
  for (const route of routes) {
    router[route.method](expressPath(route.path), async (request, response) => {
      const principal = access.identify(request);
      const client = { principal, by: authorOf(principal, "rest"), from: access.addressOf(request) };
      const note = (result: string): void => {
        const what = `${route.method.toUpperCase()} ${route.path}`;
        if (isNoted(route)) access.note({ who: client.by, from: client.from, what, target: request.path, result });
      };
      try {
        allow(route, principal, request);
      } catch (error) {
        // Whoever has no secret would fill the log with lines that name nobody.
        if (principal.ref !== null) note("refused");
        throw error;
      }
      const reply = await answer(route, request, { ...client, isSecure: isSecure(request, trustProxy) });
      note("done");
      await send(response, reply);
    });
  }
  return router;
}

/** @throws PharosError `UNAUTHORIZED`, `FORBIDDEN` */
function allow({ rule }: Route, principal: Principal, { params }: Request): void {
  if (rule === "public" || (rule === "device" && maySpeakAs(principal, String(params.id)))) return;
  requireRole(principal, rule === "device" ? "operator" : rule);
}

/** Whatever changes something, but what devices measure, and what notes itself. */
function isNoted({ method, path, rule }: Route): boolean {
  return method !== "get" && rule !== "device" && !path.startsWith("/session");
}

type Client = Pick<Call<unknown, unknown>, "principal" | "by" | "from" | "isSecure">;

async function answer(route: Route, request: Request, client: Client): Promise<Reply | PiecesReply> {
  const params = request.params as { readonly [name: string]: string };
  const query = route.query === undefined ? undefined : parseRequest(route.query, request.query);
  return route.handle({ params, query, body: readBody(route, request.body), ...client });
}

async function send(response: Response, reply: Reply | PiecesReply): Promise<void> {
  if ("pieces" in reply) await sendPieces(response, reply);
  else
    response
      .status(reply.status)
      .set(reply.headers ?? {})
      .json(reply.body);
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
