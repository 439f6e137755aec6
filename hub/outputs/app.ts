/** The Express app: gate, health, REST, the page; and the one place where an error becomes an HTTP answer. */
import { join } from "node:path";
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from "express";
import { ERRORS, PharosError, wireError } from "#protocol/errors.ts";
import type { Access } from "../access/access.ts";
import { requireRole } from "../access/principal.ts";
import type { AddressRates } from "../base/address-rates.ts";
import type { Gate } from "../base/gate.ts";
import { LIMITS } from "../base/limits.ts";
import type { Logger } from "../base/logger.ts";
import type { Metrics } from "./metrics.ts";
import { packedFiles } from "./packed-files.ts";
import { securityHeaders } from "./security-headers.ts";

export interface AppParts {
  readonly gate: Gate;
  readonly access: Access;
  readonly api: Router;
  /** The light of the course page. */
  readonly course: Router;
  readonly logger: Logger;
  /** Folder with the built page. */
  readonly pageDir: string;
  /** What does not work at the moment; null while the hub is starting (protocol 7.8). */
  readonly degraded: () => readonly string[] | null;
  readonly metrics: Metrics;
  /** How fast one address may ask; null: as it likes. */
  readonly requests: AddressRates | null;
  /** Whether the hub speaks TLS itself. */
  readonly isSecure: boolean;
}

/** Rooms of the page; each is the same document, which shows the room of its address. */
const PAGE_ROOMS = ["/", "/data", "/dashboard", "/messages", "/settings", "/device/:id"];
/** Addresses that are WebSocket doors and answer a plain GET with 426 (protocol 2.2). */
const WEBSOCKET_DOORS = [/^\/(bridge|ws)\/.+$/, /^\/\d+$/, /^\/echo$/];

export function createApp({
  gate,
  access,
  api,
  course,
  logger,
  pageDir,
  degraded,
  metrics,
  isSecure,
  requests,
}: AppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(securityHeaders(isSecure));
  if (requests !== null) app.use(limitRequests(requests, access));
  app.use((request, _, next) => {
    gate(request, "control");
    next();
  });
  app.get("/healthz", (_, response) => void response.json({ status: "ok" }));
  app.get("/readyz", (_, response) => {
    const missing = degraded();
    if (missing === null) response.status(503).json({ status: "starting", degraded: [] });
    else response.json({ status: "ready", degraded: missing });
  });
  app.get("/metrics", async (request, response) => {
    requireRole(access.identify(request), "viewer");
    response.type(metrics.contentType).send(await metrics.text());
  });
  app.use("/api", api);
  app.use("/led", (request, _, next) => {
    requireRole(access.identify(request), request.method === "GET" ? "viewer" : "operator");
    next();
  });
  app.use(course);
  app.all(WEBSOCKET_DOORS, () => {
    throw new PharosError("UPGRADE_REQUIRED");
  });
  app.get(PAGE_ROOMS, (_, response) => response.sendFile("index.html", { root: pageDir, cacheControl: false }));
  const assets = join(pageDir, "assets");
  app.use("/assets", packedFiles(assets), express.static(assets, { immutable: true, maxAge: "1y", fallthrough: true }));
  app.use(express.static(pageDir, { index: false }));
  app.use(notFound(pageDir));
  app.use(answerError(logger));
  return app;
}

/** Before anything is read of what it asks. */
function limitRequests(requests: AddressRates, access: Access): RequestHandler {
  return (request, response, next) => {
    if (!requests.take(access.addressOf(request))) {
      response.set("Retry-After", "1");
      throw new PharosError("TOO_MANY");
    }
    next();
  };
}

/** A browser gets the page, which says that there is no such room and shows the way back. */
function notFound(pageDir: string): RequestHandler {
  return (request, response) => {
    if (request.path.startsWith("/api") || request.accepts(["json", "html"]) !== "html")
      throw new PharosError("NOT_FOUND");
    response.status(404).sendFile("index.html", { root: pageDir, cacheControl: false });
  };
}

export function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    if (response.headersSent) {
      // A part must not be taken for the whole.
      logger.error(error, "an answer broke off");
      response.destroy();
      return;
    }
    const known = toPharosError(error);
    if (known === null) logger.error(error, "a request failed");
    const status = ERRORS[known?.code ?? "INTERNAL"].status;
    response.status(status).json({ error: known?.toWire() ?? wireError("INTERNAL") });
  };
}

/** What Express's body parser finds wrong, in words. */
const BODY_FAULTS: { readonly [type: string]: string } = {
  "entity.parse.failed": "The body is not JSON.",
  "encoding.unsupported": "Send the body plain, or with Content-Encoding: gzip.",
  "charset.unsupported": "The body must be UTF-8.",
};

function badRequest(error: unknown): string {
  const { type, code } = error as { type?: unknown; code?: unknown };
  if (/^(Z_|ERR_|BROTLI)/.test(String(code))) return "The body is not what its Content-Encoding says.";
  return BODY_FAULTS[String(type)] ?? ERRORS.BAD_REQUEST.message;
}

/** Errors of Express's own body parser carry a status; they are the client's. */
function toPharosError(error: unknown): PharosError | null {
  if (error instanceof PharosError) return error;
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 413)
    return new PharosError("TOO_BIG", `The body may have ${LIMITS.restBodyBytes} bytes, once it is unpacked.`);
  if (status === 404) return new PharosError("NOT_FOUND");
  // What Node's HTTP parser finds wrong in the middle of a body.
  const isBroken = String((error as { code?: unknown } | null)?.code).startsWith("HPE_");
  if (isBroken || (typeof status === "number" && status < 500))
    return new PharosError("BAD_REQUEST", badRequest(error));
  return null;
}
