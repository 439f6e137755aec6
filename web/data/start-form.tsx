/** Starts a recording: a big button, and beside it what a recording may be given. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { useAsking } from "../ui/asking.ts";
import { usePage } from "../ui/context.ts";
import { usePlaces } from "../ui/places.ts";
import { dataWords } from "./words.ts";

const say = dataWords.acquisition;
/** As long as the name of a recording may be. */
const MAX_NAME = 200;

export function StartForm({ onStarted }: { onStarted?: () => void }) {
  const { link, may } = usePage();
  const { now, why, isGiven } = may("operator");
  const name = useSignal("");
  const interval = useSignal("");
  const options = useRef<HTMLDetailsElement>(null);
  const intervalInput = useRef<HTMLInputElement>(null);
  const isBadInterval = useSignal(false);
  const chosen = useSignal<ReadonlySet<string> | null>(null);
  const { busy, refusal, ask } = useAsking();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (busy.value || !now.value || !checkInterval()) return;
    const started = await ask(
      link.startRecording({
        ...(name.value.trim() !== "" && { name: name.value.trim() }),
        ...(chosen.value !== null && { devices: [...chosen.value] }),
        ...(interval.value !== "" && { intervalMs: Number(interval.value) }),
      }),
    );
    if (started) onStarted?.();
  }

  /** The browser would say nothing of a field that is folded away. */
  function checkInterval(): boolean {
    isBadInterval.value = intervalInput.current?.validity.valid === false;
    if (!isBadInterval.value) return true;
    if (options.current !== null) options.current.open = true;
    intervalInput.current?.focus();
    return false;
  }

  return (
    <form class="start" noValidate onSubmit={(event) => void submit(event)}>
      <div class="start-row">
        <button type="submit" class="big record" disabled={!now.value || chosen.value?.size === 0} title={why.value}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="8" cy="8" r="5" />
          </svg>
          {say.start}
        </button>
        <label class="text">
          <span>{say.name}</span>
          <input
            type="text"
            autocomplete="off"
            maxLength={MAX_NAME}
            placeholder={say.namePlaceholder}
            disabled={!isGiven.value}
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        </label>
      </div>
      <details ref={options}>
        <summary>{say.options}</summary>
        <Devices chosen={chosen.value} onChoose={(devices) => (chosen.value = devices)} />
        <label class="interval">
          <span>{say.interval}</span>
          <input
            ref={intervalInput}
            type="number"
            aria-invalid={isBadInterval.value}
            min="1"
            max="3600000"
            step="1"
            value={interval.value}
            onInput={(event) => {
              interval.value = event.currentTarget.value;
              isBadInterval.value = false;
            }}
          />
          <small>{say.intervalHelp}</small>
        </label>
      </details>
      <p class="result" role="status" data-failed={refusal.value !== null || isBadInterval.value}>
        {isBadInterval.value
          ? say.notStarted(say.badInterval)
          : refusal.value !== null
            ? say.notStarted(refusal.value)
            : busy.value
              ? say.starting
              : !isGiven.value && why.value}
      </p>
    </form>
  );
}

interface DevicesProps {
  /** Null: all. */
  readonly chosen: ReadonlySet<string> | null;
  onChoose(devices: ReadonlySet<string> | null): void;
}

function Devices({ chosen, onChoose }: DevicesProps) {
  const { devices } = usePlaces();
  const toggle = (id: string): void => {
    const after = new Set(chosen);
    if (!after.delete(id)) after.add(id);
    onChoose(after);
  };
  return (
    <fieldset class="sampled">
      <legend class="unseen">{say.options}</legend>
      <label>
        <input type="radio" name="sampled" checked={chosen === null} onChange={() => onChoose(null)} />
        {say.everything}
      </label>
      <label>
        <input type="radio" name="sampled" checked={chosen !== null} onChange={() => onChoose(new Set())} />
        {say.some}
      </label>
      {chosen !== null && (
        <ul>
          {devices.map(({ id, name }) => (
            <li key={id}>
              <label>
                <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} />
                {name}
              </label>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}
