/** Waits for a condition by looking, not by guessing how long it takes. */
const LOOK_EVERY_MS = 5;

/** @throws Error naming the condition when it does not hold within `ms` */
export async function eventually(condition: () => boolean | Promise<boolean>, ms = 4000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
