/** Questions to the worker that wait for an answer. Called by the SQLite history. */
import { StartError } from "#base/program.ts";
import { ERRORS, type ErrorCode, PharosError } from "#protocol/errors.ts";
import type { Moment } from "../clock-watch.ts";
import type { Ask, AskName, Asks, Refusal } from "./messages.ts";
import type { HistoryPort } from "./port.ts";

interface Waiter {
  readonly resolve: (answer: Asks[AskName]["answer"]) => void;
  readonly reject: (error: Error) => void;
}

const OPEN_ASKS = 1_000;

export class AskBook {
  readonly #waiters = new Map<number, Waiter>();
  #next = 1;

  /** @throws PharosError TOO_MANY when too many wait */
  ask<K extends AskName>(
    port: HistoryPort,
    what: K,
    args: Asks[K]["args"],
    moment: Moment,
  ): Promise<Asks[K]["answer"]> {
    if (this.#waiters.size >= OPEN_ASKS) return Promise.reject(new PharosError("TOO_MANY"));
    const number = this.#next++;
    return new Promise<Asks[K]["answer"]>((resolve, reject) => {
      this.#waiters.set(number, { resolve: resolve as Waiter["resolve"], reject });
      port.post({ kind: "ask", number, what, args, moment } as unknown as Ask);
    });
  }

  /** There is nobody to ask. */
  refuse(): Promise<never> {
    return Promise.reject(new PharosError("STORAGE"));
  }

  answer(number: number, answer: Asks[AskName]["answer"]): void {
    this.#take(number)?.resolve(answer);
  }

  refuseAsk(number: number, refusal: Refusal): void {
    this.#take(number)?.reject(toError(refusal));
  }

  /** Nobody will answer. */
  refuseAll(): void {
    for (const { reject } of this.#waiters.values()) reject(new PharosError("STORAGE"));
    this.#waiters.clear();
  }

  #take(number: number): Waiter | undefined {
    const waiter = this.#waiters.get(number);
    this.#waiters.delete(number);
    return waiter;
  }
}

function toError({ code, message }: Refusal): Error {
  if (code === "start") return new StartError(message);
  return code !== null && Object.hasOwn(ERRORS, code)
    ? new PharosError(code as ErrorCode, message)
    : new Error(message);
}
