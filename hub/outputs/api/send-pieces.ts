/** Answers with a file that is made while it is sent: piece by piece, no faster than the client reads. Called by the router. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Response } from "express";
import type { PiecesReply } from "./route.ts";

type Piece = string | Uint8Array;

/** A client that takes nothing for so long is given up, ms. */
const IDLE_MS = 60_000;

/** @throws what the first piece throws, so that it can still be answered as any other fault */
export async function sendPieces(response: Response, { contentType, fileName, pieces }: PiecesReply): Promise<void> {
  const rest = pieces[Symbol.asyncIterator]();
  const first = await rest.next();
  response.type(contentType).attachment(fileName);
  // `attachment` guesses the type by the name.
  response.setHeader("Content-Type", contentType);
  response.setHeader("Cache-Control", "no-store");
  if (response.req.method === "HEAD") {
    await rest.return?.();
    response.end();
    return;
  }
  response.setTimeout(IDLE_MS, () => response.destroy());
  try {
    await pipeline(Readable.from(joined(first, rest), { objectMode: true }), response);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function* joined(first: IteratorResult<Piece>, rest: AsyncIterator<Piece>): AsyncGenerator<Piece> {
  try {
    for (let next = first; !next.done; next = await rest.next()) if (next.value.length > 0) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** The client went away in the middle. */
function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ECONNRESET" || code === "EPIPE";
}
