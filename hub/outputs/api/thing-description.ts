/** A device as a W3C Thing Description 1.1, so that Web of Things consumers can use it (https://www.w3.org/TR/wot-thing-description11/). */
import type { Action, Property } from "#protocol/values.ts";
import type { DeviceView } from "#protocol/views.ts";

type Json = { readonly [key: string]: unknown };

/** Links are relative to `base`, which is the address of the device below the API. */
export function describeThing(device: DeviceView): Json {
  const base = `/api/devices/${encodeURIComponent(device.id)}/`;
  return {
    "@context": "https://www.w3.org/2022/wot/td/v1.1",
    id: `urn:pharos:device:${encodeURIComponent(device.id)}`,
    title: device.name,
    ...(device.model !== null && { description: device.model }),
    securityDefinitions: { open: { scheme: "nosec" } },
    security: ["open"],
    properties: mapEntries(device.properties, (name, property) => describeProperty(base, name, property)),
    actions: mapEntries<Action>({ identify: {}, ...device.actions }, (name, action) => ({
      ...(action.title !== undefined && { title: action.title }),
      ...(action.description !== undefined && { description: action.description }),
      // The request's body is `{input?, expiresMs?, timeoutMs?}` (protocol 7.3).
      input: { type: "object", properties: { input: action.input ?? {} } },
      forms: [form(`${base}actions/${encodeURIComponent(name)}`, "invokeaction", "POST")],
    })),
    links: [{ rel: "describedby", href: "/api/openapi.json", type: "application/json" }],
    forms: [{ ...form(`/api/devices/${encodeURIComponent(device.id)}`, "readallproperties", "GET") }],
  };
}

function describeProperty(base: string, name: string, property: Property): Json {
  const href = `${base}properties/${encodeURIComponent(name)}`;
  const read = form(href, "readproperty", "GET");
  return {
    ...property,
    readOnly: property.readOnly ?? false,
    forms: property.readOnly ? [read] : [read, form(href, "writeproperty", "PUT")],
  };
}

function form(href: string, op: string, method: string): Json {
  return { href, op: [op], "htv:methodName": method, contentType: "application/json" };
}

function mapEntries<T>(entries: { readonly [name: string]: T }, map: (name: string, entry: T) => Json): Json {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, map(name, entry)]));
}
