/** A key that does something in the whole room, but for hands that type. */
import { useLayoutEffect, useRef } from "preact/hooks";

const TYPING = "input:not([type=radio], [type=checkbox], [type=range]), textarea, dialog";
/** Letters and Space choose in a list. */
const CHOOSING = "select";
/** What Space and Enter press already. */
const PRESSED = "button, summary, a, input, label";

/** @param key as the browser names it: `m`, `Escape`, ` ` */
export function useKey(key: string, pressed: () => void): void {
  const latest = useRef(pressed);
  latest.current = pressed;
  // Before the first paint: whoever sees the field may press the key at once.
  useLayoutEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== key.toLowerCase() || event.repeat) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest(TYPING) != null || (key !== "Escape" && target?.closest(CHOOSING) != null)) return;
      if (key === " " && target?.closest(PRESSED) != null) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", down);
    return () => document.removeEventListener("keydown", down);
  }, [key]);
}
