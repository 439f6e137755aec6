/** Thing Descriptions against the W3C's own JSON schema for TD 1.1. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "@jest/globals";
import { Ajv } from "ajv";
import type { DeviceView } from "#protocol/views.ts";
import { describeThing } from "../../../../hub/outputs/api/thing-description.ts";
import { restBench, SOCKET_IO } from "../../../support/rest-bench.ts";

const SCHEMA = createRequire(import.meta.url).resolve(
  "wot-thing-description-types/schema/td-json-schema-validation.json",
);
// Formats of texts are not judged: the schema names some that are of a later draft.
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, "utf8")) as object);

function faults(thing: unknown): unknown {
  return validate(thing) ? [] : validate.errors;
}

describe("GET /api/devices/ID/td", () => {
  const { device, call } = restBench();

  it("is a valid Thing Description with the device's properties and actions", async () => {
    await device("lamp", SOCKET_IO);
    const { status, body } = await call("GET", "/api/devices/lamp/td");
    expect(status).toBe(200);
    expect(faults(body)).toEqual([]);
    expect(body).toMatchObject({
      title: "Lamp",
      properties: { brightness: { type: "number", maximum: 100 }, temperature: { readOnly: true } },
      actions: { blink: { title: "Blink" }, identify: {} },
    });
  });
});

describe("a Thing Description", () => {
  it("is valid for a device that declared nothing, and for names that need escaping", () => {
    const device = { id: "a", name: "a", model: null, properties: {}, actions: {} } as unknown as DeviceView;
    expect(faults(describeThing(device))).toEqual([]);
    const odd = {
      ...device,
      properties: { "CO2 level/Ω": { type: "number", readOnly: true } },
    } as unknown as DeviceView;
    expect(faults(describeThing(odd))).toEqual([]);
    expect(JSON.stringify(describeThing(odd))).toContain("/api/devices/a/properties/CO2%20level%2F%CE%A9");
  });

  it("is judged by a schema that finds faults", () => {
    expect(faults({ title: "no context" })).not.toEqual([]);
  });
});
