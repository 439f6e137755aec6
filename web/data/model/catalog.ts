/** What can be plotted: each property with numbers or switches is one plot, the fields of one object together. Pure. */
import type { Property, Value } from "#protocol/values.ts";
import type { DeviceModel } from "../../model/device-model.ts";
import { formatName, formatUnit } from "../../model/format.ts";

export interface SeriesSpec {
  /** As the history knows it: `accel.x`. */
  readonly property: string;
  readonly label: string;
}

export interface PlotSpec {
  /** `DEVICE:PROPERTY`, neither has a colon; from the second plot of a property on `DEVICE:PROPERTY:2`. */
  readonly key: string;
  readonly device: string;
  readonly deviceName: string;
  readonly title: string;
  readonly unit: string;
  /** On or off. */
  readonly isStepped: boolean;
  /** Values hold until the next one: of switches, and of what is set. */
  readonly isHeld: boolean;
  /** It is measured and not asked for. */
  readonly isSensor: boolean;
  readonly series: readonly SeriesSpec[];
}

/** Plots that are shown at once, at most. */
export const MOST_PLOTS = 12;
const DEFAULT_PLOTS = 6;
/** Lines that a page may watch at once (`protocol/plots.ts`). */
const MOST_WATCHED = 64;
/** Lines in one plot: more could not be told apart, so that an object with more fields has several plots. */
const MOST_LINES = 8;
const PLOTTED: ReadonlySet<string> = new Set(["number", "integer", "boolean"]);

/** All plots there could be, device by device in the given order. Reads signals: call it where they are followed. */
export function catalogOf(devices: readonly DeviceModel[]): readonly PlotSpec[] {
  return devices.flatMap((device) => {
    const { name, properties } = device.about.value;
    return device.names.value.flatMap((property) => {
      const value = properties[property] === undefined ? device.property(property).state.value.reported?.value : null;
      return specsOf({ id: device.id, name }, property, properties[property] ?? guess(value ?? undefined));
    });
  });
}

/** A plot of what the history alone still knows. */
export function specFromHistory(device: string, names: readonly string[]): readonly PlotSpec[] {
  const properties = new Map<string, string[]>();
  for (const name of names) {
    const [property = "", field] = name.split(/\.(.*)/s);
    properties.set(property, [...(properties.get(property) ?? []), ...(field === undefined ? [] : [field])]);
  }
  return [...properties].flatMap(([property, fields]) => {
    const declared = Object.fromEntries(fields.map((field) => [field, { type: "number" as const }]));
    const type = fields.length > 0 ? { type: "object" as const, properties: declared } : { type: "number" as const };
    return specsOf({ id: device, name: device }, property, { ...type, readOnly: true });
  });
}

/** The plots that an address asks for, in its order; without a wish those of the sensors, or else of what there is. */
export function choosePlots(catalog: readonly PlotSpec[], wished: readonly string[] | null): readonly PlotSpec[] {
  if (wished !== null) {
    const byKey = new Map(catalog.map((spec) => [spec.key, spec]));
    return withinLines(wished.flatMap((key) => byKey.get(key) ?? []).slice(0, MOST_PLOTS));
  }
  const sensors = catalog.filter(({ isSensor }) => isSensor);
  return withinLines((sensors.length > 0 ? sensors : catalog).slice(0, DEFAULT_PLOTS));
}

/** Whether one more plot can be watched beside these. */
export function isRoomFor(spec: PlotSpec, chosen: readonly PlotSpec[]): boolean {
  return withinLines([...chosen, spec]).length > chosen.length && chosen.length < MOST_PLOTS;
}

function withinLines(specs: readonly PlotSpec[]): readonly PlotSpec[] {
  let lines = 0;
  return specs.filter(({ series }) => {
    if (lines + series.length > MOST_WATCHED) return false;
    lines += series.length;
    return true;
  });
}

function specsOf(
  device: { id: string; name: string },
  property: string,
  declared: Property | null,
): readonly PlotSpec[] {
  if (declared === null) return [];
  const series = seriesOf(property, declared);
  const types = declared.type === "object" ? Object.values(declared.properties ?? {}) : [declared];
  const isStepped = types.every(({ type }) => type === "boolean" || type === "string");
  const title = declared.title ?? formatName(property);
  const plots = Math.ceil(series.length / MOST_LINES);
  return Array.from({ length: plots }, (_, i) => ({
    key: `${device.id}:${property}${i === 0 ? "" : `:${i + 1}`}`,
    device: device.id,
    deviceName: device.name,
    title: plots === 1 ? title : `${title} (${i + 1} of ${plots})`,
    unit: formatUnit(declared.unit ?? types.find(({ unit }) => unit !== undefined)?.unit),
    isStepped,
    isHeld: isStepped || declared.readOnly !== true,
    isSensor: declared.readOnly === true,
    series: series.slice(i * MOST_LINES, (i + 1) * MOST_LINES),
  }));
}

function seriesOf(property: string, { type, title, properties = {} }: Property): readonly SeriesSpec[] {
  if (type !== "object") return PLOTTED.has(type) ? [{ property, label: title ?? formatName(property) }] : [];
  return Object.entries(properties)
    .filter(([, field]) => PLOTTED.has(field.type))
    .map(([field, { title: label }]) => ({ property: `${property}.${field}`, label: label ?? field }));
}

/** What an undeclared property is, by its value: measured, whatever it is. */
function guess(value: Value | undefined): Property | null {
  if (value === undefined) return null;
  if (typeof value !== "object") return { type: typeof value as "number" | "boolean" | "string", readOnly: true };
  const fields = Object.entries(value).map(([name, field]) => [name, { type: typeof field as "number" }] as const);
  return { type: "object", readOnly: true, properties: Object.fromEntries(fields) };
}
