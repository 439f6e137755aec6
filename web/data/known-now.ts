/** Up to when the page knows what happens: now, or when the hub was heard last. */
import { usePage } from "../ui/context.ts";

export interface KnownNow {
  /** The hub's clock, ms. */
  readonly at: number;
  /** How long ago that is, ms; 0 while the hub is there. */
  readonly ageMs: number;
}

export function useKnownNow(): KnownNow {
  const { live, link, now, store } = usePage();
  if (live.value) return { at: now.value, ageMs: 0 };
  const at = link.status.value.since + store.clockOffset.value;
  return { at, ageMs: Math.max(0, now.value - at) };
}
