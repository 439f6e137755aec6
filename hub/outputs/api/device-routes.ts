/** REST over devices: list, look, name, forget, set, report, put in rooms (protocol 7.1, 7.2, 7.4, 7.5). */
import * as z from "zod";
import { reports } from "#protocol/device-events.ts";
import { roomName } from "#protocol/names.ts";
import { patchDevice, putProperty } from "#protocol/requests.ts";
import { values } from "#protocol/values.ts";
import type { House } from "../../flow/house.ts";
import type { HttpReports } from "../../flow/http-reports.ts";
import type { Register } from "../../flow/register.ts";
import { parseRequest } from "./parse-request.ts";
import { ok, type Route, route } from "./route.ts";
import { NO_VALUE, type Settings } from "./settings.ts";
import { describeThing } from "./thing-description.ts";

export interface DeviceRouteParts {
  readonly house: House;
  readonly register: Register;
  readonly settings: Settings;
  readonly httpReports: HttpReports;
}

const reportBody = z.union([reports, values]);

export function deviceRoutes(parts: DeviceRouteParts): Route[] {
  return [...lookRoutes(parts), ...valueRoutes(parts), ...registerRoutes(parts)];
}

function lookRoutes({ house }: DeviceRouteParts): Route[] {
  return [
    route({
      method: "get",
      path: "/devices",
      rule: "viewer",
      summary: "All devices, by id.",
      answers: { 200: "An array of devices." },
      handle: () => ok(house.registry.all().map((device) => device.view())),
    }),
    route({
      method: "get",
      path: "/devices/{id}",
      rule: "viewer",
      summary: "One device: what it is, how it is, what was asked of it and what it said.",
      answers: { 200: "The device.", 404: "There is no such device." },
      handle: ({ params }) => ok(house.device(params.id ?? "").view()),
    }),
    route({
      method: "get",
      path: "/devices/{id}/td",
      rule: "viewer",
      summary: "The device as a W3C Thing Description 1.1.",
      answers: { 200: "The Thing Description.", 404: "There is no such device." },
      handle: ({ params }) => ok(describeThing(house.device(params.id ?? "").view())),
    }),
  ];
}

function valueRoutes({ settings, httpReports }: DeviceRouteParts): Route[] {
  return [
    route({
      method: "put",
      path: "/devices/{id}/properties/{name}",
      rule: "operator",
      summary: "Asks for a value: the value itself, or {value, transition} with a fade in ms.",
      body: putProperty,
      bodyFault: { code: "INVALID_VALUE", message: NO_VALUE },
      answers: {
        200: "{applied}: the device took it.",
        202: "{desired}: the device is offline or silent; it will be set when it returns.",
        404: "There is no such device or property.",
        422: "The value is not one the property can take, or the property is read-only.",
      },
      async handle({ params: { id = "", name = "" }, body, by }) {
        const answer = await settings.set(id, name, body, by);
        return { status: "applied" in answer ? 200 : 202, body: answer };
      },
    }),
    route({
      method: "post",
      path: "/devices/{id}/reports",
      rule: "device",
      summary: "Reports of a device that has no socket: {property: value, …} or [[time, {…}], …].",
      body: reportBody,
      bodyFault: { code: "INVALID_VALUE", message: "Reports are {property: value, …} or [[time, {…}], …]." },
      answers: {
        200: "{desired}: what was last asked of the device.",
        422: "A value is not one the property can take.",
      },
      handle: ({ params: { id = "" }, body }) => ok({ desired: httpReports.take(id, body) }),
    }),
  ];
}

function registerRoutes({ house, register }: DeviceRouteParts): Route[] {
  return [
    route({
      method: "patch",
      path: "/devices/{id}",
      rule: "operator",
      summary: "Gives a device a name; it wins over the device's own.",
      body: patchDevice,
      answers: { 200: "The device.", 404: "There is no such device." },
      handle({ params: { id = "" }, body: { name }, by }) {
        return ok((name === undefined ? house.device(id) : register.rename(id, name, by)).view());
      },
    }),
    route({
      method: "delete",
      path: "/devices/{id}",
      rule: "admin",
      summary: "Forgets a device and all that was kept of it; it is cut if it is connected.",
      answers: { 200: "It is forgotten.", 404: "There is no such device." },
      async handle({ params }) {
        await register.remove(params.id ?? "");
        await house.store.committed();
        return ok({});
      },
    }),
    ...(["put", "delete"] as const).map((method) =>
      route({
        method,
        path: "/devices/{id}/rooms/{room}",
        rule: "operator",
        summary: method === "put" ? "Puts a device in a room." : "Takes a device out of a room.",
        answers: { 200: "The device.", 404: "There is no such device." },
        handle({ params: { id = "", room }, by }) {
          return ok(register.setMembership(id, parseRequest(roomName, room), method === "put", by).view());
        },
      }),
    ),
  ];
}
