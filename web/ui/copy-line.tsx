/** A text to copy. Works on plain http too, where the clipboard's own interface is closed. */
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import { words } from "../words.ts";
import { usePage } from "./context.ts";

export function CopyLine({ text }: { text: string }) {
  const code = useRef<HTMLElement>(null);
  return (
    <div class="copy-line">
      <pre>
        <code ref={code}>{text}</code>
      </pre>
      <CopyButton text={text} what={text.split("\n")[0] ?? ""} shown={code} />
    </div>
  );
}

interface CopyProps {
  readonly text: string;
  /** Names the button. */
  readonly what: string;
  /** Where the text is shown; it is selected when it cannot be copied otherwise. */
  readonly shown: RefObject<HTMLElement | null>;
}

export function CopyButton({ text, what, shown }: CopyProps) {
  const page = usePage();
  const label = useSignal<string>(words.copy);

  async function copy(): Promise<void> {
    const copied = await copyText(text, shown.current);
    label.value = copied ? words.copied : words.copyFailed;
    page.announce(label.value);
    window.setTimeout(() => (label.value = words.copy), 2000);
  }

  return (
    <button type="button" onClick={() => void copy()} aria-label={`${words.copy}: ${what}`}>
      {label}
    </button>
  );
}

async function copyText(text: string, shown: HTMLElement | null): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    const written = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (written) return true;
  }
  if (shown === null) return false;
  getSelection()?.selectAllChildren(shown);
  return document.execCommand("copy");
}
