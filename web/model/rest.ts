/** Asks the hub over REST, in sentences when it goes wrong. Used by the session and pairing, and by parts that are loaded late. */
import type { Answer } from "#protocol/dashboard-events.ts";
import { words } from "../words.ts";

export interface Rest {
  /** Rejects with an `Error` whose message is a sentence. @param path below `/api` */
  ask<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T>;
  /** The body as it comes, for what may be long; rejects likewise. */
  stream(path: string): Promise<ReadableStream<Uint8Array>>;
  /** The same for what changes something: answers with the refusal. */
  change<T extends object = object>(method: string, path: string, body?: object): Promise<Answer<T>>;
}

const GIVE_UP_MS = 15_000;

/** @param origin of the hub; empty for the page's own */
export function createRest(origin = ""): Rest {
  const ask: Rest["ask"] = (method, path, body, signal) =>
    send(`${origin}/api${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      signal: AbortSignal.any([AbortSignal.timeout(GIVE_UP_MS), ...(signal === undefined ? [] : [signal])]),
    });
  return {
    ask,
    async stream(path) {
      const { ok, body } = await reach(`${origin}/api${path}`, {});
      if (!ok || body === null) throw new Error(words.noAnswer);
      return body;
    },
    change: <T extends object>(method: string, path: string, body?: object) =>
      ask<T>(method, path, body).catch((error: Error) => ({ error: { code: "REFUSED", message: error.message } })),
  };
}

function reach(url: string, request: RequestInit): Promise<Response> {
  return fetch(url, request).catch((error: unknown) => {
    throw new Error(words.noAnswer, { cause: error });
  });
}

async function send<T>(url: string, request: RequestInit): Promise<T> {
  const response = await reach(url, request);
  const body = (await response.json().catch(() => null)) as T & { error?: { message?: string } };
  if (!response.ok || body === null) throw new Error(body?.error?.message ?? words.noAnswer);
  return body;
}
