/** Events as every object of Espruino has them: `emit` only queues, and the handlers run when the interpreter is idle. */

export type Handler = (...args: unknown[]) => void;

/** Runs `task` later, on its own; what it throws is printed and stops nothing else. */
export type Queue = (task: () => void) => void;

export class Emitter {
  readonly queue: Queue;
  private readonly handlers = new Map<string, Handler[]>();

  constructor(queue: Queue) {
    this.queue = queue;
  }

  on(event: string, handler: Handler): void {
    this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler]);
  }

  emit(event: string, ...args: unknown[]): void {
    for (const handler of this.handlers.get(event) ?? []) this.queue(() => handler.apply(this, args));
  }

  removeAllListeners(event?: string): void {
    if (event === undefined) this.handlers.clear();
    else this.handlers.delete(event);
  }
}
