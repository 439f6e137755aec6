/** Whether an element is on or near the screen, so that small drawings are made only where someone looks. */
import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

export type Seen = ReadonlySignal<boolean>;

export function useSeen(ref: RefObject<Element | null>): Seen {
  const seen = useSignal(false);
  useEffect(() => {
    if (ref.current === null) return;
    const observer = new IntersectionObserver(([entry]) => (seen.value = entry?.isIntersecting ?? false), {
      rootMargin: "200px",
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref, seen]);
  return seen;
}
