/** `GET` and `POST /led` (protocol 2.7), over HTTP. */
import { describe, expect, it } from "@jest/globals";
import { eventually } from "../../support/eventually.ts";
import { fault, LAMP, PLAIN, restBench } from "../../support/rest-bench.ts";

const { call, device, hub, raw, view } = restBench();
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
const JSON_TYPE = { "Content-Type": "application/json" };

describe("GET /led", () => {
  it("is the level, 0 at first", async () => {
    expect(await call("GET", "/led")).toEqual({ status: 200, body: { level: 0 } });
  });

  it("is what the lamp is, by whatever hand", async () => {
    const lamp = await device("lamp", PLAIN);
    lamp.send("report", { brightness: 12.5 });
    await eventually(async () => (await view("lamp")).reported.brightness === 12.5);
    expect(await call("GET", "/led")).toEqual({ status: 200, body: { level: 12.5 } });
  });
});

describe("POST /led", () => {
  it.each<[string, string, Record<string, string>, number]>([
    ["JSON", '{"level":37}', JSON_TYPE, 37],
    ["JSON with a text", '{"level":"37.5"}', JSON_TYPE, 37.5],
    ["JSON that calls itself a form, as curl -d does", ' {"level":37}', FORM, 37],
    ["JSON of no known type", '{"level":37}', {}, 37],
    ["a form", "level=37", FORM, 37],
    ["a form with other fields", "color=red&level=%2037.5", FORM, 37.5],
    ["too much", '{"level":150}', JSON_TYPE, 100],
    ["too little", "level=-3", FORM, 0],
  ])("takes %s", async (_, body, headers, level) => {
    expect(await raw("POST", "/led", body, headers)).toEqual({ status: 200, body: { level } });
    expect(await call("GET", "/led")).toEqual({ status: 200, body: { level } });
  });

  it.each<[string, string | undefined, Record<string, string>]>([
    ["nothing", undefined, {}],
    ["a level that is no number", '{"level":"bright"}', JSON_TYPE],
    ["a level that is true", '{"level":true}', JSON_TYPE],
    ["no level", '{"brightness":5}', JSON_TYPE],
    ["broken JSON", '{"level":5', JSON_TYPE],
    ["a bare number", "37", JSON_TYPE],
    ["null", "null", JSON_TYPE],
    ["an array", '[{"level":5}]', JSON_TYPE],
    ["an empty level", "level=", FORM],
    ["two levels", "level=5&level=6", FORM],
    ["another field", "brightness=5", FORM],
    [
      "a form of parts",
      '--x\r\nContent-Disposition: form-data; name="level"\r\n\r\n5\r\n--x--',
      { "Content-Type": "multipart/form-data; boundary=x" },
    ],
    ["an unknown character set", '{"level":5}', { "Content-Type": "application/json; charset=klingon" }],
  ])("answers %s with 400 and a sentence, and changes nothing", async (_, body, headers) => {
    await call("POST", "/led", { level: 11 });
    expect(await raw("POST", "/led", body, headers)).toEqual(fault(400, "BAD_REQUEST"));
    expect(await call("GET", "/led")).toEqual({ status: 200, body: { level: 11 } });
  });

  it("answers what is larger than a request may be with 413", async () => {
    expect(await raw("POST", "/led", `level=5&x=${"x".repeat(70_000)}`, FORM)).toEqual(fault(413, "TOO_BIG"));
  });

  it("drives the lamp, and an absent one when it returns", async () => {
    const lamp = await device("lamp", PLAIN);
    lamp.on("set", (data) => data);
    await call("POST", "/led", { level: 20 });
    expect(await lamp.next("set")).toEqual({ brightness: 20 });
    lamp.close();
    await eventually(async () => (await view("lamp")).presence === "offline");
    expect(await call("POST", "/led", { level: 90 })).toEqual({ status: 200, body: { level: 90 } });
    expect(await call("GET", "/led")).toEqual({ status: 200, body: { level: 90 } });
    const back = await device("lamp", PLAIN, { ...LAMP, state: { brightness: 20 } });
    expect(await back.next("set")).toEqual({ brightness: 90 });
  });

  it.each<Record<string, string>>([{ Origin: "http://evil.example" }, { Origin: "null" }])(
    "is closed to a page with %j",
    async (headers) => {
      expect(await raw("POST", "/led", "level=5", { ...FORM, ...headers })).toEqual(fault(403, "BAD_ORIGIN"));
      expect(hub().hub.house.registry.size).toBe(0);
      expect(await call("GET", "/led")).toEqual({ status: 200, body: { level: 0 } });
    },
  );
});
