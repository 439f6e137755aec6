/** REST over devices and rooms (protocol 7.1, 7.2, 7.4). */
import express, { type Request, type Response, Router } from "express";
import * as z from "zod";
import type { Clock } from "#base/clock.ts";
import { PharosError } from "#protocol/errors.ts";
import { roomName } from "#protocol/names.ts";
import { postMessage, putProperty } from "#protocol/requests.ts";
import type { Value } from "#protocol/values.ts";
import { LIMITS } from "../base/limits.ts";
import type { SetOutcome } from "../devices/setter.ts";
import type { House } from "../flow/house.ts";
import type { Wishes } from "../flow/wishes.ts";
import { parseRequest } from "./parse-request.ts";

export interface RestParts {
  readonly house: House;
  readonly wishes: Wishes;
}

interface WishBody {
  readonly value: Value;
  readonly transition?: number | undefined;
}

type SetAnswer = { readonly applied: Value } | { readonly desired: Value };

const NO_VALUE =
  'A value is a number, true, false, a text or an object of those; or {"value", "transition"} with 0 to 3600000 ms.';

const patchDevice = z.object({ name: z.string().trim().min(1).max(64).optional() }).strict();

export function createRest({ house, wishes }: RestParts): Router {
  const router = Router();
  // Whatever the content type says: `curl -d 37` calls it a form.
  router.use(express.json({ strict: false, type: () => true, limit: LIMITS.restBodyBytes }));

  router.get("/devices", (_, response) => {
    response.json(house.registry.all().map((device) => device.view()));
  });
  router.get("/devices/:id", (request, response) => {
    const device = house.registry.get(request.params.id);
    if (device === undefined) throw new PharosError("NO_DEVICE", `There is no device \`${request.params.id}\`.`);
    response.json(device.view());
  });
  router.patch("/devices/:id", (request, response) => {
    const { name } = parseRequest(patchDevice, request.body);
    const device = name === undefined ? house.registry.get(request.params.id) : wishes.rename(request.params.id, name);
    if (device === undefined) throw new PharosError("NO_DEVICE", `There is no device \`${request.params.id}\`.`);
    response.json(device.view());
  });
  router.put("/devices/:id/properties/:name", (request, response) => putOne(request, response));
  router.put("/rooms/:room/properties/:name", (request, response) => putRoom(request, response));
  router.put("/devices/:id/rooms/:room", (request, response) => {
    response.json(wishes.setMembership(request.params.id, parseRequest(roomName, request.params.room), true).view());
  });
  router.delete("/devices/:id/rooms/:room", (request, response) => {
    response.json(wishes.setMembership(request.params.id, parseRequest(roomName, request.params.room), false).view());
  });
  router.post("/rooms/:room/messages", async (request, response) => {
    const { text } = parseRequest(postMessage, request.body);
    response.json({ delivered: await wishes.sayToRoom(parseRequest(roomName, request.params.room), text) });
  });
  return router;

  async function putOne(request: Request<{ id: string; name: string }>, response: Response): Promise<void> {
    const { id, name } = request.params;
    const answer = await set(id, name, parseWish(request.body));
    response.status("applied" in answer ? 200 : 202).json(answer);
  }

  /** The same value for every member that has the property; one that cannot take it says why. */
  async function putRoom(request: Request<{ room: string; name: string }>, response: Response): Promise<void> {
    const { room, name } = request.params;
    const body = parseWish(request.body);
    const members = house.registry.inRoom(parseRequest(roomName, room)).filter((device) => device.properties.has(name));
    const results = await Promise.all(members.map(async ({ id }) => [id, await setOrSayWhy(id, name, body)] as const));
    response.json({ results: Object.fromEntries(results) });
  }

  async function setOrSayWhy(id: string, name: string, body: WishBody): Promise<object> {
    try {
      return await set(id, name, body);
    } catch (error) {
      if (error instanceof PharosError) return { error: error.toWire() };
      throw error;
    }
  }

  /** Waits for the device, but no longer than it may stay silent. @throws PharosError what the device answered */
  async function set(device: string, property: string, { value, transition }: WishBody): Promise<SetAnswer> {
    const outcome = wishes.set({ device, property, value, transition, by: "rest" });
    const result = await Promise.race([outcome, silence(house.clock)]);
    if (result === null) return { desired: value };
    if ("applied" in result) return result;
    if (result.error.code === "OFFLINE" || result.error.code === "TIMEOUT") return { desired: value };
    throw result.error;
  }
}

function silence(clock: Clock): Promise<SetOutcome | null> {
  return new Promise((resolve) => clock.after(LIMITS.restSetMs, () => resolve(null)));
}

/** @throws PharosError `BAD_REQUEST` without a body, `INVALID_VALUE` for JSON that no property can take */
function parseWish(body: unknown): WishBody {
  if (body === undefined) throw new PharosError("BAD_REQUEST", "The body must be the value, as JSON.");
  const result = putProperty.safeParse(body);
  if (!result.success) throw new PharosError("INVALID_VALUE", NO_VALUE);
  return result.data;
}
