/** Marks a moment of what is recorded. The moment is that of the key M or of the first letter, not of the last. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { RecordingView } from "#protocol/recordings.ts";
import { formatDuration } from "../model/format.ts";
import { usePage } from "../ui/context.ts";
import { words } from "../words.ts";
import { useKey } from "./use-key.ts";
import { dataWords } from "./words.ts";

const say = dataWords.acquisition;
const MAX_TEXT = 500;
/** An age below this is not worth a word. */
const FRESH_MS = 1_000;

export function MarkForm({ running }: { running: readonly RecordingView[] }) {
  const { link, may, now, clock, store } = usePage();
  const mayMark = may("operator");
  const input = useRef<HTMLInputElement>(null);
  const text = useSignal("");
  const result = useSignal<{ text: string; failed: boolean } | null>(null);
  /** The hub's clock, ms; null while no moment is caught. */
  const moment = useSignal<number | null>(null);
  /** Where the hand was before the key M; undefined when the field was not entered by it. */
  const before = useRef<Element | null | undefined>(undefined);
  const hubNow = (): number => Math.round(clock.now() + store.clockOffset.peek());
  useKey("m", () => {
    if (!mayMark.isGiven.peek()) return;
    moment.value = hubNow();
    before.current = document.activeElement;
    input.current?.focus();
  });

  /** Back to where the hand was. */
  function leave(): void {
    const back = before.current;
    before.current = undefined;
    if (back instanceof HTMLElement && back !== document.body && back.isConnected) back.focus();
    else input.current?.blur();
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const said = text.value.trim() || (moment.value === null ? "" : say.markEmpty);
    if (said === "" || !mayMark.now.value) return;
    const at = moment.value ?? hubNow();
    const answers = await Promise.all(running.map(({ id }) => link.mark(id, said, at))).catch(() => [
      { error: { message: words.noAnswer } },
    ]);
    const refused = answers.find((answer) => "error" in answer);
    result.value = refused
      ? { text: say.notMarked(refused.error.message), failed: true }
      : { text: say.marked(said), failed: false };
    if (refused !== undefined) return;
    text.value = "";
    moment.value = null;
    if (before.current !== undefined) leave();
  }

  const age = moment.value === null ? 0 : now.value - moment.value;
  return (
    <form class="mark-form" onSubmit={(event) => void submit(event)}>
      <label class="text">
        <span>
          {say.markText} {age > FRESH_MS && <em>{say.asOf(formatDuration(age))}</em>}
        </span>
        <input
          ref={input}
          type="text"
          autocomplete="off"
          maxLength={MAX_TEXT}
          placeholder={say.markPlaceholder}
          disabled={!mayMark.isGiven.value}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            const isCaught = text.value !== "" || before.current !== undefined;
            moment.value = isCaught ? (moment.value ?? hubNow()) : null;
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            text.value = "";
            moment.value = null;
            leave();
          }}
        />
      </label>
      <button type="submit" disabled={!mayMark.now.value || (text.value.trim() === "" && moment.value === null)}>
        {say.mark}
      </button>
      <p class="result" role="status" data-failed={result.value?.failed}>
        {result.value?.text ?? (mayMark.isGiven.value ? say.markHelp : mayMark.why.value)}
      </p>
    </form>
  );
}
