/** Serves the built page under the hub's policy, for the fake hub. */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import type { FakeAccess } from "./fake-access-state.ts";

const TYPES: { readonly [ext: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** REST of people and tokens, and files of the page; any other path gets the page itself, so that deep links work. */
export async function servePage(
  dir: string,
  access: FakeAccess,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = normalize(new URL(request.url ?? "/", "http://hub").pathname);
  if (path.startsWith("/api/") && (await access.serve(path.slice("/api".length), request, response))) return;
  const file = extname(path) === "" ? "index.html" : path;
  const body = await readFile(join(dir, file)).catch(() => null);
  response.writeHead(body === null ? 404 : 200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "content-security-policy": "default-src 'self'",
  });
  response.end(body);
}
