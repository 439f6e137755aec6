/** The name of a recording, changed where it stands: Enter saves, Escape leaves it as it was. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { usePage } from "../ui/context.ts";
import { words } from "../words.ts";
import { dataWords } from "./words.ts";

const MAX_NAME = 200;

interface NameFormProps {
  readonly name: string;
  /** @returns whether it was saved */
  onSave(name: string): Promise<boolean>;
}

export function NameForm({ name, onSave }: NameFormProps) {
  const { now, why } = usePage().may("operator");
  const draft = useSignal<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const isEditing = draft.value !== null;
  useEffect(() => {
    if (isEditing) input.current?.select();
  }, [isEditing]);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const wished = draft.value?.trim() ?? "";
    if (wished === "" || wished === name || (await onSave(wished))) draft.value = null;
  }

  if (draft.value === null) {
    return (
      <h3>
        {name}
        <button
          type="button"
          class="quiet icon"
          disabled={!now.value}
          title={why.value}
          onClick={() => (draft.value = name)}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M3 13l.6-3L10.500 3.100l2.400 2.400L6 12.400zM9 4.600 11.400 7" />
          </svg>
          <span class="unseen">
            {words.rename} {name}
          </span>
        </button>
      </h3>
    );
  }
  return (
    <form class="name" onSubmit={(event) => void submit(event)}>
      <input
        ref={input}
        type="text"
        aria-label={dataWords.acquisition.name}
        maxLength={MAX_NAME}
        autocomplete="off"
        value={draft.value}
        onInput={(event) => (draft.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") draft.value = null;
        }}
      />
      <button type="submit">{dataWords.recordings.save}</button>
    </form>
  );
}
