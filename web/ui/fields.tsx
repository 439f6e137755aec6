/** Inputs that are typed or picked: their text is the person's own until it is entered or left. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Scalar } from "#protocol/values.ts";
import { formatUnit } from "../model/format.ts";
import type { Part } from "../model/part.ts";
import { words } from "../words.ts";
import { noteId } from "./note.tsx";
import { useUsable } from "./slider.tsx";

/** As long as a value may be. */
const MAX_TEXT = 4096;

interface FieldProps {
  readonly part: Part;
  readonly label: string;
}

/** A number without a range. What the property cannot take is refused by the hub, with a sentence. */
export function NumberField({ part, label }: FieldProps) {
  const parse = (text: string): number | undefined =>
    text.trim() === "" || !Number.isFinite(Number(text)) ? undefined : Number(text);
  return <TypedField part={part} label={label} parse={parse} inputMode="decimal" />;
}

export function TextField({ part, label }: FieldProps) {
  return <TypedField part={part} label={label} parse={(text) => text} inputMode="text" />;
}

interface TypedProps extends FieldProps {
  /** Undefined when the text is no value. */
  parse(text: string): Scalar | undefined;
  readonly inputMode: "decimal" | "text";
}

function TypedField({ part, label, parse, inputMode }: TypedProps) {
  const id = useId();
  const draft = useSignal<string | null>(null);
  const usable = useUsable(part);
  const { knob } = part.property;
  const unit = formatUnit(part.declared?.unit);

  function enter(): void {
    const value = draft.value === null ? undefined : parse(draft.value);
    draft.value = null;
    if (value !== undefined && usable) knob.choose(part.with(value));
  }

  return (
    <div class="row" data-look={knob.look.value}>
      <label for={id}>{label}</label>
      <span class="side">
        <input
          id={id}
          type="text"
          inputMode={inputMode}
          maxLength={MAX_TEXT}
          value={draft.value ?? String(part.shown() ?? "")}
          aria-describedby={noteId(part.property)}
          readOnly={!usable}
          onInput={(event) => (draft.value = event.currentTarget.value)}
          onChange={enter}
          onBlur={() => (draft.value = null)}
          onKeyDown={(event) => {
            if (event.key === "Escape") draft.value = null;
          }}
        />
        {unit !== "" && <small class="unit">{unit}</small>}
      </span>
    </div>
  );
}

interface ChoiceProps extends FieldProps {
  readonly options: readonly Scalar[];
  /** What stands while no option is chosen. */
  readonly nothing?: string;
}

export function Choice({ part, label, options, nothing = words.none }: ChoiceProps) {
  const id = useId();
  const usable = useUsable(part);
  const { knob } = part.property;
  const shown = part.shown();
  const chosen = shown === undefined ? -1 : options.indexOf(shown);
  return (
    <div class="row" data-look={knob.look.value}>
      <label for={id}>{label}</label>
      <span class="side">
        <select
          id={id}
          value={String(chosen)}
          aria-describedby={noteId(part.property)}
          disabled={!usable}
          onChange={(event) => {
            const value = options[event.currentTarget.selectedIndex - (chosen < 0 ? 1 : 0)];
            if (value !== undefined) knob.choose(part.with(value));
          }}
        >
          {chosen < 0 && <option value="-1">{nothing}</option>}
          {options.map((option, i) => (
            <option key={String(option)} value={String(i)}>
              {String(option)}
            </option>
          ))}
        </select>
      </span>
    </div>
  );
}
