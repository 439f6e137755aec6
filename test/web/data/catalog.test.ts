import { describe, expect, it } from "@jest/globals";
import { signal } from "@preact/signals";
import type { Property, Value } from "#protocol/values.ts";
import { catalogOf, choosePlots, isRoomFor, type PlotSpec, specFromHistory } from "../../../web/data/model/catalog.ts";
import type { DeviceModel } from "../../../web/model/device-model.ts";

function device(id: string, properties: Record<string, Property>, reported: Record<string, Value> = {}): DeviceModel {
  const names = signal([...new Set([...Object.keys(properties), ...Object.keys(reported)])]);
  const property = (name: string) => ({ state: signal({ reported: { value: reported[name] } }) });
  return { id, about: signal({ name: `The ${id}`, properties }), names, property } as unknown as DeviceModel;
}

const ACCEL: Property = {
  type: "object",
  readOnly: true,
  unit: "m/s2",
  properties: { x: { type: "number" }, y: { type: "number", title: "Across" }, note: { type: "string" } },
};
const keys = (specs: ReturnType<typeof catalogOf>): readonly string[] => specs.map(({ key }) => key);

describe("what can be plotted", () => {
  it("is each property with numbers or switches, the fields of one object together", () => {
    const catalog = catalogOf([
      device("pi", {
        accel: ACCEL,
        lamp: { type: "boolean" },
        mode: { type: "string" },
        maxPower: { type: "integer" },
      }),
    ]);
    expect(keys(catalog)).toEqual(["pi:accel", "pi:lamp", "pi:maxPower"]);
    expect(catalog[0]).toEqual({
      key: "pi:accel",
      device: "pi",
      deviceName: "The pi",
      title: "Accel",
      unit: "m/s²",
      isStepped: false,
      isHeld: false,
      isSensor: true,
      series: [
        { property: "accel.x", label: "x" },
        { property: "accel.y", label: "Across" },
      ],
    });
    expect(catalog[1]).toMatchObject({ isStepped: true, isHeld: true, isSensor: false });
    expect(catalog[2]).toMatchObject({ title: "Max power", series: [{ property: "maxPower" }] });
  });

  it("is guessed where nothing was declared, and nothing where nothing was said", () => {
    const catalog = catalogOf([device("any", {}, { light: 3, on: true, gyro: { a: 1, b: "text" }, name: "x" })]);
    expect(keys(catalog)).toEqual(["any:light", "any:on", "any:gyro"]);
    expect(catalog[2]?.series).toEqual([{ property: "gyro.a", label: "a" }]);
    expect(catalogOf([device("mute", {})])).toEqual([]);
  });

  it("is known by the history alone when its device is gone", () => {
    expect(specFromHistory("gone", ["accel.x", "accel.y", "light"])).toMatchObject([
      { key: "gone:accel", series: [{ property: "accel.x" }, { property: "accel.y" }] },
      { key: "gone:light", deviceName: "gone", series: [{ property: "light" }] },
    ]);
  });

  it("has at most eight lines in a plot, and as many plots as it takes", () => {
    const properties = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, { type: "number" as const }]));
    const catalog = catalogOf([device("many", { all: { type: "object", properties } })]);
    expect(catalog.map(({ key, title, series }) => [key, title, series.length])).toEqual([
      ["many:all", "All (1 of 3)", 8],
      ["many:all:2", "All (2 of 3)", 8],
      ["many:all:3", "All (3 of 3)", 4],
    ]);
    const lines = catalog.flatMap(({ series }) => series.map(({ property }) => property));
    expect(new Set(lines)).toEqual(new Set(Object.keys(properties).map((field) => `all.${field}`)));
  });
});

describe("what is plotted", () => {
  const writable: Property = { type: "number" };
  const sensor: Property = { type: "number", readOnly: true };
  const catalog = catalogOf([device("a", { level: writable, light: sensor }), device("b", { sound: sensor })]);

  it("is what the address asks for and there is, in that order", () => {
    expect(keys(choosePlots(catalog, ["b:sound", "a:nothing", "a:level"]))).toEqual(["b:sound", "a:level"]);
    expect(choosePlots(catalog, [])).toEqual([]);
  });

  it("is the sensors unless somebody asks, and without any sensor what there is", () => {
    expect(keys(choosePlots(catalog, null))).toEqual(["a:light", "b:sound"]);
    expect(keys(choosePlots(catalogOf([device("a", { level: writable })]), null))).toEqual(["a:level"]);
  });

  it("is bounded", () => {
    const many = catalogOf(Array.from({ length: 30 }, (_, i) => device(`d${i}`, { light: sensor })));
    expect(choosePlots(many, null)).toHaveLength(6);
    expect(choosePlots(many, keys(many))).toHaveLength(12);
    const fields = Object.fromEntries(Array.from({ length: 96 }, (_, i) => [`f${i}`, { type: "number" as const }]));
    const wide = catalogOf([device("wide", { all: { type: "object", properties: fields } })]);
    expect(choosePlots(wide, keys(wide))).toHaveLength(8);
    expect(isRoomFor(wide[8] as PlotSpec, wide.slice(0, 8))).toBe(false);
    expect(isRoomFor(many[0] as PlotSpec, wide.slice(0, 7))).toBe(true);
  });
});
