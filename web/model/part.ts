/** What one input works on: a whole property, or one field of an object property. Made by `control.tsx`. */
import type { Property, Scalar, Value } from "#protocol/values.ts";
import type { PropertyModel } from "./device-model.ts";

export type FieldType = Omit<Property, "properties">;

export interface Part {
  readonly property: PropertyModel;
  /** Empty for the whole property. */
  readonly field: string;
  readonly declared: FieldType | undefined;
  /** The value as the control shows it. */
  shown(): Scalar | undefined;
  /** The value as the device last said it. */
  reported(): Scalar | undefined;
  /** The whole property's value with this part set to `value`. */
  with(value: Scalar): Value;
}

export function createPart(property: PropertyModel, declared: FieldType | undefined, field = ""): Part {
  return {
    property,
    field,
    declared,
    shown: () => pick(property.knob.shown.value, field),
    reported: () => pick(property.state.value.reported?.value, field),
    with: (value) => (field === "" ? value : { ...objectOf(property.knob.shown.peek()), [field]: value }),
  };
}

function pick(value: Value | undefined, field: string): Scalar | undefined {
  if (field === "") return typeof value === "object" ? undefined : value;
  return objectOf(value)[field];
}

function objectOf(value: Value | undefined): { readonly [field: string]: Scalar } {
  return typeof value === "object" ? value : {};
}
