/** The control a property asks for by what it declares; undeclared and read-only ones are shown as readings. */
import type { ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Property } from "#protocol/values.ts";
import type { Link } from "#protocol/views.ts";
import type { PropertyModel } from "../model/device-model.ts";
import { formatName } from "../model/format.ts";
import { createPart, type FieldType, type Part } from "../model/part.ts";
import { Choice, NumberField, TextField } from "./fields.tsx";
import { Note } from "./note.tsx";
import { Reading } from "./reading.tsx";
import type { Seen } from "./seen.ts";
import { Slider } from "./slider.tsx";
import { Switch } from "./switch.tsx";

export interface ControlProps {
  readonly property: PropertyModel;
  readonly declared: Property | undefined;
  readonly link: ReadonlySignal<Link>;
  readonly seen: Seen;
}

export function Control({ property, declared, link, seen }: ControlProps) {
  const fields = useFields(property, declared);
  const label = declared?.title ?? formatName(property.name);
  const writable = declared !== undefined && declared.readOnly !== true;
  if (fields === null) return <Single property={property} declared={declared} label={label} link={link} seen={seen} />;
  return (
    <fieldset class="object" data-property={property.name} title={declared?.description}>
      <legend>{label}</legend>
      {fields.map(({ part, name }) => (
        <Input
          key={name}
          part={part}
          label={part.declared?.title ?? formatName(name)}
          writable={writable}
          seen={seen}
        />
      ))}
      {writable && <Note property={property} link={link} />}
    </fieldset>
  );
}

function Single({ property, declared, label, link, seen }: ControlProps & { label: string }) {
  const part = useMemo(() => createPart(property, declared), [property, declared]);
  const writable = declared !== undefined && declared.readOnly !== true;
  return (
    <div class="property" data-property={property.name} title={declared?.description}>
      <Input part={part} label={label} writable={writable} seen={seen} />
      {writable && <Note property={property} link={link} />}
    </div>
  );
}

/** The fields of an object property, declared or only reported; null for a property that is no object. */
function useFields(property: PropertyModel, declared: Property | undefined) {
  const value = property.knob.shown.value;
  const isObject = declared === undefined ? typeof value === "object" : declared.type === "object";
  const reported = isObject && typeof value === "object" ? Object.keys(value) : [];
  const names = [...new Set([...Object.keys(declared?.properties ?? {}), ...reported])];
  const key = names.join("\n");
  return useMemo(() => {
    if (!isObject) return null;
    return names.map((name) => ({ name, part: createPart(property, fieldType(declared, name), name) }));
  }, [property, declared, isObject, key]);
}

/** A field's own words, with the unit that the object gives to all of them. */
function fieldType(declared: Property | undefined, name: string): FieldType | undefined {
  const field = declared?.properties?.[name];
  return field === undefined ? undefined : { ...(declared?.unit !== undefined && { unit: declared.unit }), ...field };
}

interface InputProps {
  readonly part: Part;
  readonly label: string;
  readonly writable: boolean;
  readonly seen: Seen;
}

function Input({ part, label, writable, seen }: InputProps) {
  const { declared } = part;
  if (!writable || declared === undefined || declared.readOnly === true) {
    return <Reading part={part} label={label} seen={seen} />;
  }
  if (declared.enum !== undefined) return <Choice part={part} label={label} options={declared.enum} />;
  switch (declared.type) {
    case "boolean":
      return <Switch part={part} label={label} />;
    case "string":
      return <TextField part={part} label={label} />;
    case "number":
    case "integer": {
      const { minimum, maximum } = declared;
      const bounded = minimum !== undefined && maximum !== undefined && minimum < maximum;
      const Field = bounded ? Slider : NumberField;
      return <Field part={part} label={label} />;
    }
    case "object":
      return null;
    default:
      return declared.type satisfies never;
  }
}
