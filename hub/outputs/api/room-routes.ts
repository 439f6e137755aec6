/** REST over rooms: set all members as one, tell them something (protocol 7.2, 7.4). */
import { roomName } from "#protocol/names.ts";
import { postMessage, putProperty } from "#protocol/requests.ts";
import type { Sayings } from "../../flow/sayings.ts";
import { parseRequest } from "./parse-request.ts";
import { ok, type Route, route } from "./route.ts";
import { NO_VALUE, type Settings } from "./settings.ts";

export function roomRoutes(settings: Settings, sayings: Sayings): Route[] {
  return [
    route({
      method: "put",
      path: "/rooms/{room}/properties/{name}",
      rule: "operator",
      summary: "Asks all members of a room that have the property for the same value.",
      body: putProperty,
      bodyFault: { code: "INVALID_VALUE", message: NO_VALUE },
      answers: { 200: "{results}: for each member {applied}, {desired} or {error}." },
      async handle({ params: { room, name = "" }, body, by }) {
        return ok({ results: await settings.setRoom(parseRequest(roomName, room), name, body, by) });
      },
    }),
    route({
      method: "post",
      path: "/rooms/{room}/messages",
      rule: "operator",
      summary: "Says something to a room.",
      body: postMessage,
      answers: {
        200: "{delivered}: how many connections it went to.",
        413: "Some members take no message of this size.",
      },
      async handle({ params: { room }, body: { text } }) {
        return ok({ delivered: await sayings.toRoom(parseRequest(roomName, room), text) });
      },
    }),
  ];
}
