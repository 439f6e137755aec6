/** REST over dialled devices: who is dialled, and how it goes (protocol 2.5). */
import { dialRequest } from "#protocol/dials.ts";
import type { Dials } from "../../flow/dials.ts";
import type { House } from "../../flow/house.ts";
import { ok, type Route, route } from "./route.ts";

export function dialRoutes(house: House, dials: Dials): Route[] {
  return [
    route({
      method: "get",
      path: "/dials",
      rule: "viewer",
      summary: "The devices that the hub connects to itself, since they are TCP servers, and how that goes.",
      answers: { 200: "An array of {id, host, port, mode, url, isFixed, state, since, retryAt, fault}." },
      handle: () => ok(dials.list()),
    }),
    route({
      method: "get",
      path: "/dials/{id}",
      rule: "viewer",
      summary: "One dialled device.",
      answers: { 200: "How it goes.", 404: "The hub does not dial it." },
      handle: ({ params: { id = "" } }) => ok(dials.get(id)),
    }),
    route({
      method: "post",
      path: "/dials",
      rule: "admin",
      summary: "Dials a device, now and after a restart: {id, host, port}, with mode `stream` for a terminal.",
      body: dialRequest,
      answers: {
        200: "How it goes.",
        400: "The id or the body is no good.",
        409: "The hub dials this device already.",
        429: "The hub dials as many devices as it may.",
      },
      async handle({ body }) {
        const dial = dials.add(body);
        await house.store.committed();
        return ok(dial);
      },
    }),
    route({
      method: "delete",
      path: "/dials/{id}",
      rule: "admin",
      summary: "Ends the connection and dials no more; the device stays known.",
      answers: {
        200: "It is dialled no more.",
        404: "The hub does not dial it.",
        422: "It is given by the option --dial; only there it can be taken out.",
      },
      async handle({ params: { id = "" } }) {
        dials.remove(id);
        await house.store.committed();
        return ok({});
      },
    }),
  ];
}
