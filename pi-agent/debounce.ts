/** What a contact means while it bounces: a level counts when it has held for a while. Pure; one per input. */

export interface Debounce {
  /** The level that counts. */
  readonly level: boolean;
  /** Takes one sample of the pin. @returns whether the level that counts has changed by it */
  take(sample: boolean, now: number): boolean;
}

/**
 * @param initial the level at the start
 * @param holdMs how long another level must hold without a break; 0 takes the first sample of it
 */
export function createDebounce(initial: boolean, holdMs: number): Debounce {
  let level = initial;
  /** Since when the pin differs; null while it does not. */
  let since: number | null = null;
  return {
    get level() {
      return level;
    },
    take(sample, now) {
      if (sample === level) {
        since = null;
        return false;
      }
      since ??= now;
      if (now - since < holdMs) return false;
      level = sample;
      since = null;
      return true;
    },
  };
}
