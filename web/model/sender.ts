/**
 * Sends the values of one property to the hub: at most one a frame, at most one unanswered, newest wins, and the last
 * one always goes. One for each knob; holds one value at most.
 */
import type { Answer } from "#protocol/dashboard-events.ts";
import type { WireError } from "#protocol/errors.ts";
import type { Value } from "#protocol/values.ts";
import type { PageClock } from "./clock.ts";

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
  let unanswered = false;
  let scheduled = false;

  function schedule(): void {
    if (scheduled || unanswered || waiting === null) return;
    scheduled = true;
    parts.clock.frame(() => {
      scheduled = false;
      void flush();
    });
  }

  async function flush(): Promise<void> {
    if (waiting === null || unanswered || !parts.isOpen()) return;
    const going = waiting;
    waiting = null;
    unanswered = true;
    const answer = await parts.send(going.value).catch(() => null);
    unanswered = false;
    if (answer === null) waiting ??= going;
    else if (waiting === null) parts.settled(refusalOf(answer));
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
