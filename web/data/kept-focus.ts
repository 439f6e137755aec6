/** Keeps the keyboard in a part of the room whose controls come and go: when the one with the focus is gone, another takes it. */
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** @param next selects what takes the focus inside of `part` */
export function useKeptFocus(part: RefObject<HTMLElement | null>, next: string): void {
  useLayoutEffect(() => {
    const element = part.current;
    if (element === null) return;
    let last: EventTarget | null = null;
    const enter = (event: FocusEvent): void => {
      last = event.target;
    };
    const leave = (event: FocusEvent): void => {
      if (event.relatedTarget !== null) last = null;
    };
    const watch = new MutationObserver(() => {
      if (!(last instanceof Element) || last.isConnected) return;
      last = null;
      if (document.activeElement === document.body) element.querySelector<HTMLElement>(next)?.focus();
    });
    element.addEventListener("focusin", enter);
    element.addEventListener("focusout", leave);
    watch.observe(element, { childList: true, subtree: true });
    return () => {
      element.removeEventListener("focusin", enter);
      element.removeEventListener("focusout", leave);
      watch.disconnect();
    };
  }, [part, next]);
}

/** As a `ref`: takes the focus when it appears. */
export function takeFocus(element: HTMLElement | null): void {
  element?.focus();
}
