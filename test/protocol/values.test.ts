/** What a property can take (protocol 4.5), and when two values are the same. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { action, type Property, property, sameValue, type Value, valueFault, values } from "#protocol/values.ts";

const PERCENT: Property = { type: "number", minimum: 0, maximum: 100 };
const ACCEL: Property = {
  type: "object",
  properties: { x: { type: "number", minimum: -2, maximum: 2 }, on: { type: "boolean" } },
};

const scalar = fc.oneof(fc.double(), fc.boolean(), fc.string());
const anyValue = fc.oneof(scalar, fc.dictionary(fc.string({ minLength: 1 }), scalar));

describe("valueFault", () => {
  it.each<[Property, Value]>([
    [PERCENT, 0],
    [PERCENT, 100],
    [PERCENT, 0.5],
    [{ type: "number" }, -1e308],
    [{ type: "integer" }, -3],
    [{ type: "boolean" }, false],
    [{ type: "string" }, ""],
    [{ type: "string", enum: ["eco", "boost"] }, "eco"],
    [{ type: "number", enum: [1, 2] }, 2],
    [{ type: "object" }, {}],
    [{ type: "object" }, { any: 1 }],
    [ACCEL, { x: 2 }],
    [ACCEL, { x: -2, on: true }],
    [ACCEL, { other: "field" }],
    [ACCEL, { constructor: 5 }],
  ])("finds nothing wrong when %j takes %j", (declared, candidate) => {
    expect(valueFault(declared, candidate)).toBeNull();
  });

  it.each<[Property, Value, string]>([
    [PERCENT, -0.001, "must be at least 0"],
    [PERCENT, 100.001, "must be at most 100"],
    [PERCENT, "50", "must be a number"],
    [PERCENT, true, "must be a number"],
    [PERCENT, { x: 1 }, "must be a number"],
    [PERCENT, Number.NaN, "must be a finite number"],
    [PERCENT, Number.POSITIVE_INFINITY, "must be a finite number"],
    [{ type: "integer" }, 1.5, "must be a whole number"],
    [{ type: "integer" }, Number.NEGATIVE_INFINITY, "must be a finite number"],
    [{ type: "boolean" }, 1, "must be a boolean"],
    [{ type: "boolean" }, "true", "must be a boolean"],
    [{ type: "string" }, 5, "must be a string"],
    [{ type: "string", enum: ["eco", "boost"] }, "off", "must be one of eco, boost"],
    [{ type: "number", enum: [1, 2] }, 3, "must be one of 1, 2"],
    [{ type: "object" }, 5, "must be an object"],
    [ACCEL, { x: 3 }, "has a field `x` that must be at most 2"],
    [ACCEL, { x: "1" }, "has a field `x` that must be a number"],
    [ACCEL, { other: Number.NaN }, "has a field `other` that must be a finite number"],
  ])("says what is wrong when %j is to take %j", (declared, candidate, fault) => {
    expect(valueFault(declared, candidate)).toBe(fault);
  });

  it("lets a property that was never declared take anything finite", () => {
    for (const candidate of [1, "text", true, { x: 1, on: false }]) expect(valueFault(undefined, candidate)).toBeNull();
    for (const candidate of [Number.NaN, { x: Number.POSITIVE_INFINITY }]) {
      expect(valueFault(undefined, candidate)).toBe("must be a finite number");
    }
  });

  it("lets only finite numbers within the range pass as a number, whatever comes", () => {
    fc.assert(
      fc.property(anyValue, (candidate) => {
        const fits = typeof candidate === "number" && Number.isFinite(candidate) && candidate >= 0 && candidate <= 100;
        expect(valueFault(PERCENT, candidate) === null).toBe(fits);
      }),
    );
  });
});

describe("sameValue", () => {
  it("holds a value for the same as its copy, and not as another", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        fc.pre(
          !Object.is(value, Number.NaN) && !(typeof value === "object" && Object.values(value).includes(Number.NaN)),
        );
        expect(sameValue(value, structuredClone(value))).toBe(true);
        expect(sameValue(value, undefined)).toBe(false);
        expect(sameValue(value, { ...Object(value), more: 1 })).toBe(false);
      }),
    );
  });

  it.each<[Value, Value]>([
    [1, "1"],
    [0, false],
    [{ x: 1 }, { x: 2 }],
    [{ x: 1 }, { y: 1 }],
    [{ x: 1 }, 1],
    [{ constructor: 1 }, { x: 1 }],
  ])("tells %j from %j", (a, b) => {
    expect(sameValue(a, b)).toBe(false);
    expect(sameValue(b, a)).toBe(false);
  });
});

describe("the schema of values", () => {
  it("takes scalars and objects of scalars under names of properties", () => {
    const given = { brightness: 37, on: true, "имя свойства": "x", accel: { x: 1 }, constructor: 1 };
    expect(values.parse(given)).toEqual(given);
  });

  it.each([
    ["a list", { x: [1] }],
    ["null", { x: null }],
    ["two levels", { x: { y: { z: 1 } } }],
    ["a number that is not finite", { x: Number.POSITIVE_INFINITY }],
    ["no number", { x: Number.NaN }],
    ["a name with a dot", { "a.b": 1 }],
    ["the word `transition`", { transition: 5 }],
    ["a text that is too long", { x: "x".repeat(4097) }],
    ["65 properties", Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`p${i}`, i]))],
    ["a list of values", [1]],
    ["text", "x"],
  ])("refuses %s", (_, given) => {
    expect(values.safeParse(given).success).toBe(false);
  });

  it("drops the name that JavaScript keeps", () => {
    const taken = values.parse(JSON.parse('{"__proto__":{"x":1},"y":{"__proto__":{"z":1},"a":1}}'));
    expect(JSON.stringify(taken)).toBe('{"y":{"a":1}}');
    expect(Object.getPrototypeOf(taken.y)).not.toHaveProperty("z");
  });

  it("takes 64 properties and texts of 4096", () => {
    const given = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`p${i}`, "x".repeat(4096)]));
    expect(values.safeParse(given).success).toBe(true);
  });
});

describe("the schema of a property", () => {
  it("takes the words of a Thing Description and drops others", () => {
    const declared = { type: "number", minimum: 0, maximum: 100, unit: "percent", readOnly: false, title: "Light" };
    expect(property.parse({ ...declared, "@type": "x", observable: true })).toEqual(declared);
    expect(property.parse({ type: "object", properties: { x: { type: "integer" } } })).toEqual({
      type: "object",
      properties: { x: { type: "integer" } },
    });
  });

  it.each([
    {},
    { type: "array" },
    { type: "number", minimum: "0" },
    { type: "string", enum: [] },
    { type: "number", unit: 5 },
  ])("refuses %j", (declared) => {
    expect(property.safeParse(declared).success).toBe(false);
  });

  it("takes an action with the schema of its input", () => {
    expect(action.safeParse({ title: "Blink", input: { type: "number" } }).success).toBe(true);
    expect(action.safeParse({ input: { type: "tune" } }).success).toBe(false);
  });
});
