/** Samples that the hub has not acknowledged: a ring of the newest ones. Typed arrays, since variables are scarce here. */

/** Marks count samples from the start: the first one is 0. */
export interface Backlog {
  /** Keeps a sample; the oldest one goes when there is no more room. */
  add(time: number, value: number): void;
  /** Mark of the oldest one that is left. */
  first(): number;
  /** Mark of the one that comes next. */
  next(): number;
  time(mark: number): number;
  value(mark: number): number;
  /** The hub has all before the mark; some of them may have made room for newer ones meanwhile. */
  forget(mark: number): void;
}

/** @param limit samples, 16 bytes each */
export function createBacklog(limit: number): Backlog {
  const times = new Float64Array(limit);
  const values = new Float64Array(limit);
  let first = 0;
  let next = 0;
  return {
    first: () => first,
    next: () => next,
    time: (mark: number) => times[mark % limit] ?? 0,
    value: (mark: number) => values[mark % limit] ?? 0,
    add(time: number, value: number) {
      times[next % limit] = time;
      values[next % limit] = value;
      next++;
      first = Math.max(first, next - limit);
    },
    forget(mark: number) {
      first = Math.max(first, mark);
    },
  };
}
