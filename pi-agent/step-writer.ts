/** Writes to an output one at a time: while one is under way only the newest further step is kept. One per lamp. */
import type { PinOutput } from "./drivers/driver.ts";

export interface StepWriter {
  /** Resolves when the output has taken this step or a newer one; rejects as the output does. */
  write(step: number): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

interface Batch {
  step: number;
  readonly done: Promise<void>;
  resolve(): void;
  reject(reason: unknown): void;
}

export function createStepWriter(output: PinOutput): StepWriter {
  let running: Promise<void> | null = null;
  let next: Batch | null = null;

  async function run(): Promise<void> {
    for (let batch = takeNext(); batch !== null; batch = takeNext()) {
      try {
        await output.set(batch.step);
        batch.resolve();
      } catch (error) {
        batch.reject(error);
      }
    }
    running = null;
  }

  function takeNext(): Batch | null {
    const batch = next;
    next = null;
    return batch;
  }

  return {
    write(step) {
      next ??= createBatch(step);
      next.step = step;
      const { done } = next;
      running ??= run();
      return done;
    },
    idle: async () => {
      while (running !== null) await running;
    },
  };
}

function createBatch(step: number): Batch {
  let settle: Pick<Batch, "resolve" | "reject"> | undefined;
  const done = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { step, done, resolve: () => settle?.resolve(), reject: (reason) => settle?.reject(reason) };
}
