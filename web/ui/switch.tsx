/** On or off. */
import { useId } from "preact/hooks";
import type { Part } from "../model/part.ts";
import { words } from "../words.ts";
import { noteId } from "./note.tsx";
import { useUsable } from "./slider.tsx";

export function Switch({ part, label }: { part: Part; label: string }) {
  const id = useId();
  const { knob } = part.property;
  const usable = useUsable(part);
  const on = part.shown() === true;
  return (
    <div class="row switch" data-look={knob.look.value}>
      <label for={id}>{label}</label>
      <span class="side">
        <span class="word" aria-hidden="true">
          {part.shown() === undefined ? words.none : on ? words.on : words.off}
        </span>
        <input
          id={id}
          type="checkbox"
          role="switch"
          checked={on}
          aria-checked={on}
          aria-disabled={!usable}
          aria-describedby={noteId(part.property)}
          onClick={(event) => !usable && event.preventDefault()}
          onChange={(event) => knob.choose(part.with(event.currentTarget.checked))}
        />
      </span>
    </div>
  );
}
