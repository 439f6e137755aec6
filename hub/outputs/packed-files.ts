/** Files that the build has packed beside themselves: whoever takes them packed gets them so. Stands before `express.static` of the same folder. */
import { existsSync, readdirSync } from "node:fs";
import { extname } from "node:path";
import type { RequestHandler } from "express";

const ENDING = ".gz";

/** @param folder looked at once: what the build makes does not change under a hub */
export function packedFiles(folder: string): RequestHandler {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const packed = new Set(names.filter((name) => name.endsWith(ENDING)).map((name) => `/${name}`));
  return (request, response, next) => {
    const name = `${request.path}${ENDING}`;
    if (packed.has(name)) {
      response.vary("Accept-Encoding");
      if (request.acceptsEncodings("gzip") === "gzip") {
        response.type(extname(request.path)).set("Content-Encoding", "gzip");
        request.url = name;
      }
    }
    next();
  };
}
