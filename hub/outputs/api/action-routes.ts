/** REST over actions: ask, list what waits, cancel (protocol 7.3). */
import { postAction } from "#protocol/requests.ts";
import type { Actions } from "../../flow/actions.ts";
import { ok, type Route, route } from "./route.ts";

export function actionRoutes(actions: Actions): Route[] {
  return [
    route({
      method: "post",
      path: "/devices/{id}/actions/{name}",
      rule: "operator",
      summary: "Asks a device to do something and waits for its answer; with expiresMs it may wait for its return.",
      body: postAction,
      answers: {
        200: "What the device answered.",
        202: "{queued}: the action waits for the device, under this id.",
        404: "There is no such device or action.",
        409: "The device is offline, and no expiresMs was given.",
        504: "The device did not answer in time.",
      },
      async handle({ params: { id = "", name = "" }, body, by }) {
        const answer = await actions.act({ device: id, action: name, ...body, by });
        return "queued" in answer ? { status: 202, body: answer } : ok(answer.output);
      },
    }),
    route({
      method: "get",
      path: "/devices/{id}/actions",
      rule: "viewer",
      summary: "The actions that wait for a device, oldest first.",
      answers: { 200: "An array of waiting actions.", 404: "There is no such device." },
      handle: ({ params }) => ok(actions.queued(params.id ?? "")),
    }),
    route({
      method: "get",
      path: "/devices/{id}/actions/{action}",
      rule: "viewer",
      summary: "One action that waits.",
      answers: { 200: "The action.", 404: "It does not wait (any more)." },
      handle: ({ params: { id = "", action = "" } }) => ok(actions.waiting(id, action)),
    }),
    route({
      method: "delete",
      path: "/devices/{id}/actions/{action}",
      rule: "operator",
      summary: "Cancels an action that waits.",
      answers: { 200: "It will not be done.", 404: "It does not wait (any more)." },
      handle({ params: { id = "", action = "" } }) {
        actions.cancel(id, action);
        return ok({});
      },
    }),
    route({
      method: "delete",
      path: "/devices/{id}/actions",
      rule: "operator",
      summary: "Cancels all actions that wait for a device.",
      answers: { 200: "None of them will be done.", 404: "There is no such device." },
      handle({ params: { id = "" } }) {
        for (const { id: action } of actions.queued(id)) actions.cancel(id, action);
        return ok({});
      },
    }),
  ];
}
