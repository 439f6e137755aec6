/** A line to copy. Works on plain http too, where the clipboard's own interface is closed. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { words } from "../words.ts";
import { usePage } from "./context.ts";

export function CopyLine({ text }: { text: string }) {
  const page = usePage();
  const label = useSignal<string>(words.copy);
  const code = useRef<HTMLElement>(null);

  async function copy(): Promise<void> {
    const copied = await copyText(text, code.current);
    label.value = copied ? words.copied : words.copyFailed;
    page.announce(label.value);
    window.setTimeout(() => (label.value = words.copy), 2000);
  }

  return (
    <div class="copy-line">
      <pre>
        <code ref={code}>{text}</code>
      </pre>
      <button type="button" onClick={() => void copy()} aria-label={`${words.copy}: ${text.split("\n")[0]}`}>
        {label}
      </button>
    </div>
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
