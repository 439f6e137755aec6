/** The options of a service: those of an earlier installation, overlaid by those given now; the secret apart. Called by the commands. */
import { type OptionTable, type OptionValues, parseRaw, type RawOptions, UsageError } from "../options.ts";
import { type Product, placesOf } from "./product.ts";

export interface Settings {
  /** The config file. */
  readonly text: string;
  readonly values: OptionValues<OptionTable>;
  /** What the file of the secret shall hold; null: it stays as it is. */
  readonly secret: string | null;
}

export interface Given {
  /** The config file as it is. */
  readonly before: RawOptions;
  /** What is given now, weakest first. */
  readonly layers: readonly RawOptions[];
  /** The secret, if it came by a way of its own. */
  readonly secret: string | null;
}

/** Options that the unit itself sets. */
const OF_THE_UNIT = ["config", "dataDir"];

/** @throws UsageError with a line for each fault, those in the file of the earlier installation too */
export function mergeSettings(product: Product, given: Given): Settings {
  const { config, state } = placesOf(product);
  const merged: Record<string, unknown> = Object.assign({}, given.before, ...given.layers);
  if (given.layers.some(({ dataDir }) => dataDir !== undefined)) {
    throw new UsageError(`--data-dir: the service keeps what lasts in ${state[0]}; leave this option out`);
  }
  const table = product.options;
  const inMerged = product.secret === null ? undefined : merged[product.secret];
  const values = parseRaw(table, merged, config);
  product.describe(values);
  const left = Object.entries(merged).filter(([key]) => key !== product.secret && !OF_THE_UNIT.includes(key));
  return {
    text: `${JSON.stringify(Object.fromEntries(left), null, 2)}\n`,
    values,
    secret: given.secret ?? (typeof inMerged === "string" ? inMerged : null),
  };
}
