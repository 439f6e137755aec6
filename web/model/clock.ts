/** Time as the page sees it, passed in so that tests can turn the hands. */

export interface PageClock {
  /** This machine's wall clock, ms since the epoch. */
  now(): number;
  /** Calls `run` once after `ms`; the result cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Calls `run` before the next paint, or soon when the page is hidden. */
  frame(run: () => void): void;
}
