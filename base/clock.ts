/** Time, passed in: everything that waits or stamps takes a `Clock`, so tests can turn the hands. */

/** A running timer; cancelling it twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Wall-clock time, ms since the Unix epoch; may jump. For stamps that people see. */
  now(): number;
  /** Ms from an arbitrary start; never jumps or goes back. For measuring and waiting. */
  monotonic(): number;
  /** Calls `run` once after `ms`. */
  after(ms: number, run: () => void): Timer;
  /** Calls `run` every `ms`, first after `ms`. */
  every(ms: number, run: () => void): Timer;
}

/** The real clock. Its timers do not keep the process alive. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after: (ms, run) => cancelable(setTimeout(run, ms), clearTimeout),
    every: (ms, run) => cancelable(setInterval(run, ms), clearInterval),
  };
}

function cancelable(timer: NodeJS.Timeout, clear: (timer: NodeJS.Timeout) => void): Timer {
  timer.unref();
  return { cancel: () => clear(timer) };
}

/** Resolves after `ms` of the clock. */
export function delay(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}
