/** The input an action asks for, as fields of its form. */
import type { Property, Scalar, Value } from "#protocol/values.ts";
import { formatName, formatUnit } from "../model/format.ts";
import type { FieldType } from "../model/part.ts";

const WHOLE = "input";

export function ActionInput({ schema }: { schema: Property }) {
  if (schema.type !== "object") return <Field name={WHOLE} schema={schema} />;
  const fields = Object.entries(schema.properties ?? {});
  return (
    <>
      {fields.map(([name, field]) => (
        <Field key={name} name={name} schema={field} />
      ))}
    </>
  );
}

function Field({ name, schema }: { name: string; schema: FieldType }) {
  const unit = formatUnit(schema.unit);
  const label = [schema.title ?? formatName(name), unit && `(${unit})`].filter(Boolean).join(" ");
  if (schema.enum !== undefined) {
    return (
      <select name={name} aria-label={label} title={label}>
        {schema.enum.map((option) => (
          <option key={String(option)}>{String(option)}</option>
        ))}
      </select>
    );
  }
  if (schema.type === "boolean") return <input name={name} type="checkbox" aria-label={label} title={label} />;
  const number = schema.type === "number" || schema.type === "integer";
  return (
    <input
      name={name}
      type="text"
      inputMode={number ? "decimal" : "text"}
      placeholder={label}
      aria-label={label}
      required={number}
    />
  );
}

/** What the form's fields hold, in the shape of the schema; undefined for an action without input. */
export function readInput(schema: Property | undefined, form: HTMLFormElement): Value | undefined {
  if (schema === undefined) return undefined;
  const data = new FormData(form);
  if (schema.type !== "object") return readField(schema, data.get(WHOLE));
  const fields = Object.entries(schema.properties ?? {});
  return Object.fromEntries(fields.map(([name, field]) => [name, readField(field, data.get(name))]));
}

function readField(schema: FieldType, entry: FormDataEntryValue | null): Scalar {
  const text = typeof entry === "string" ? entry : "";
  const picked = schema.enum?.find((option) => String(option) === text);
  if (picked !== undefined) return picked;
  if (schema.type === "boolean") return text !== "";
  return schema.type === "string" ? text : Number(text);
}
