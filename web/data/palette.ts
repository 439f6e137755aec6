/** The colours of plots, read from the page's own style, which knows light and dark. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useParts } from "../ui/context.ts";

export interface Palette {
  readonly lines: readonly string[];
  readonly text: string;
  readonly grid: string;
  readonly recorded: string;
  readonly marker: string;
}

const LINES = 8;

/** A canvas knows no variables: what they come to now is read from an element. */
export function readPalette(): Palette {
  const probe = document.createElement("span");
  document.body.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const palette = {
    lines: Array.from({ length: LINES }, (_, i) => colour(`line-${i + 1}`)),
    text: colour("muted"),
    grid: colour("line"),
    recorded: colour("record"),
    marker: colour("edge"),
  };
  probe.remove();
  return palette;
}

/** The palette of now; another one when the person or the system chooses other colours. */
export function usePalette(): Palette {
  const { theme } = useParts();
  const palette = useSignal(readPalette());
  const chosen = theme.chosen.value;
  useEffect(() => {
    const read = (): void => {
      palette.value = readPalette();
    };
    read();
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", read);
    return () => system.removeEventListener("change", read);
  }, [palette, chosen]);
  return palette.value;
}
