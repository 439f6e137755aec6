/** The name of a device, changed where it stands: a click or Enter edits, Enter saves, Escape leaves it as it was. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { DeviceModel } from "../model/device-model.ts";
import { words } from "../words.ts";
import { useAsking } from "./asking.ts";
import { usePage } from "./context.ts";

/** As long as a name may be (protocol 4.1). */
const MAX_NAME = 64;

export function Rename({ device }: { device: DeviceModel }) {
  const { link, may } = usePage();
  const { now, why } = may("operator");
  const { name } = device.about.value;
  const editing = useSignal(false);
  const saving = useSignal<string | null>(null);
  const { refusal, ask } = useAsking();
  const button = useRef<HTMLButtonElement>(null);

  function leave(): void {
    editing.value = false;
    requestAnimationFrame(() => button.current?.focus());
  }

  async function save(text: string): Promise<void> {
    const wished = text.trim();
    leave();
    if (wished === "" || wished === name) return;
    saving.value = wished;
    await ask(link.rename(device.id, wished));
    saving.value = null;
  }

  if (editing.value) return <NameField name={name} onSave={(text) => void save(text)} onLeave={leave} />;
  return (
    <div class="rename">
      <h1>{saving.value ?? name}</h1>
      <button
        ref={button}
        type="button"
        class="quiet"
        disabled={!now.value}
        title={why.value}
        onClick={() => (editing.value = true)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3 13l.6-3L10.500 3.100l2.400 2.400L6 12.400zM9 4.600 11.400 7" />
        </svg>
        <span class="unseen">{words.rename}</span>
      </button>
      <p class="result" role="status" data-failed={saving.value === null && refusal.value !== null}>
        {saving.value !== null ? words.renaming : refusal.value !== null && words.notRenamed(refusal.value)}
      </p>
    </div>
  );
}

interface NameFieldProps {
  readonly name: string;
  onSave(text: string): void;
  onLeave(): void;
}

function NameField({ name, onSave, onLeave }: NameFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => input.current?.select(), []);

  /** Leaving the field takes it away, which leaves it again: only the first counts. */
  function once(then: () => void): void {
    if (done.current) return;
    done.current = true;
    then();
  }

  return (
    <div class="rename">
      <input
        ref={input}
        type="text"
        aria-label={words.newName}
        maxLength={MAX_NAME}
        autocomplete="off"
        defaultValue={name}
        onKeyDown={(event) => {
          const { value } = event.currentTarget;
          if (event.key === "Enter") once(() => onSave(value));
          if (event.key === "Escape") once(onLeave);
        }}
        onBlur={(event) => {
          const { value } = event.currentTarget;
          // Another window came to the front: the name is not finished.
          if (document.hasFocus()) once(() => onSave(value));
        }}
      />
    </div>
  );
}
