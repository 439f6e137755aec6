/** On or off. */
import { useId } from "preact/hooks";
import type { Part } from "../model/part.ts";
import { words } from "../words.ts";
import { noteId } from "./note.tsx";
import { useUsable } from "./slider.tsx";

/** @param mixed whether it stands for several that differ */
export function Switch({ part, label, mixed = false }: { part: Part; label: string; mixed?: boolean }) {
  const id = useId();
  const { knob } = part.property;
  const usable = useUsable(part);
  const on = part.shown() === true;
  const nothing = mixed ? words.mixed : words.none;
  return (
    <div class="row switch" data-look={knob.look.value}>
      <label for={id}>{label}</label>
      <span class="side">
        <span class="word" aria-hidden="true">
          {part.shown() === undefined ? nothing : on ? words.on : words.off}
        </span>
        <input
          id={id}
          type="checkbox"
          role="switch"
          checked={on}
          aria-checked={part.shown() === undefined && mixed ? "mixed" : on}
          aria-disabled={!usable}
          aria-describedby={noteId(part.property)}
          onClick={(event) => !usable && event.preventDefault()}
          onChange={(event) => knob.choose(part.with(event.currentTarget.checked))}
        />
      </span>
    </div>
  );
}
