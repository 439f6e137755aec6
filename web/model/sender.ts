/**
 * Sends the values of one property to the hub: at most one a frame, few unanswered, newest wins, and the last one always
 * goes. One for each knob; holds one value at most.
 */
import type { Answer } from "#protocol/dashboard-events.ts";
import type { WireError } from "#protocol/errors.ts";
import type { Value } from "#protocol/values.ts";
import type { PageClock } from "./clock.ts";

/**
 * The hub answers when a wish is on disk, which takes a few frames: so many may be on their way that the slider stays
 * live meanwhile, and no more than a slow link can carry.
 */
export const MAX_UNANSWERED = 8;

/** A value that could not reach the hub for this long is not sent any more: nobody expects it now. */
export const FORGET_AFTER_MS = 5000;

export interface SenderParts {
  readonly clock: PageClock;
  /** Whether the hub can be reached now. */
  isOpen(): boolean;
  /** Resolves to the hub's answer; rejects when the link was lost first. */
  send(value: Value): Promise<Answer<unknown>>;
  /** The last value given was kept (null) or refused. */
  settled(refusal: WireError | null): void;
  /** What to say of a value that never reached the hub. */
  readonly lost: WireError;
}

export interface Sender {
  push(value: Value): void;
  /** The link is back. */
  reopened(): void;
}

interface Waiting {
  readonly value: Value;
  readonly at: number;
}

export function createSender(parts: SenderParts): Sender {
  let waiting: Waiting | null = null;
  let newest: Waiting | null = null;
  let unanswered = 0;
  let scheduled = false;

  function schedule(): void {
    if (scheduled || unanswered >= MAX_UNANSWERED || waiting === null) return;
    scheduled = true;
    parts.clock.frame(() => {
      scheduled = false;
      void flush();
    });
  }

  async function flush(): Promise<void> {
    if (waiting === null || unanswered >= MAX_UNANSWERED || !parts.isOpen()) return;
    const going = waiting;
    waiting = null;
    newest = going;
    unanswered += 1;
    const sent = parts.send(going.value).catch(() => null);
    schedule();
    const answer = await sent;
    unanswered -= 1;
    const isLast = waiting === null && newest === going;
    if (isLast && answer === null) waiting = going;
    else if (isLast && answer !== null) parts.settled(refusalOf(answer));
    schedule();
  }

  return {
    push(value) {
      waiting = { value, at: parts.clock.now() };
      schedule();
    },
    reopened() {
      if (waiting !== null && parts.clock.now() - waiting.at > FORGET_AFTER_MS) {
        waiting = null;
        parts.settled(parts.lost);
      }
      schedule();
    },
  };
}

function refusalOf(answer: Answer<unknown>): WireError | null {
  return typeof answer === "object" && answer !== null && "error" in answer ? (answer.error as WireError) : null;
}
