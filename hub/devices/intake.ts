/** What a device says of its properties, checked whole before any of it is kept (protocol 4.5). */
import { PharosError } from "#protocol/errors.ts";
import { type Property, type Values, valueFault } from "#protocol/values.ts";
import { LIMITS } from "../base/limits.ts";
import type { Device } from "./device.ts";

/**
 * @param batch values by property, as one or more reports
 * @param declared the properties by which to judge them
 * @throws PharosError `INVALID_VALUE` naming the property
 */
export function checkIntake(
  device: Device,
  batch: readonly Values[],
  declared: ReadonlyMap<string, Property> = device.properties,
): void {
  const unknown = new Set<string>();
  for (const [name, value] of batch.flatMap((values) => Object.entries(values))) {
    const fault = valueFault(declared.get(name), value);
    if (fault !== null) throw new PharosError("INVALID_VALUE", `\`${name}\` ${fault}.`);
    if (!device.state.has(name)) unknown.add(name);
  }
  const [first] = unknown;
  if (first !== undefined && device.state.size + unknown.size > LIMITS.propertiesPerDevice) {
    throw new PharosError(
      "INVALID_VALUE",
      `\`${first}\`: a device has at most ${LIMITS.propertiesPerDevice} properties.`,
    );
  }
}
