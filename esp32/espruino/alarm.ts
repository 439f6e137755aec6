/** A timer that is set again and again; the only place that clears timers, since `clearTimeout(undefined)` throws. */

export interface Alarm {
  /** Fires once after `ms`; forgets an earlier setting. */
  set(ms: number): void;
  stop(): void;
}

export function createAlarm(ring: () => void): Alarm {
  let timer = 0;
  const stop = (): void => {
    if (timer) clearTimeout(timer);
    timer = 0;
  };
  const fire = (): void => {
    timer = 0;
    ring();
  };
  return {
    stop,
    set(ms: number) {
      stop();
      timer = setTimeout(fire, ms);
    },
  };
}
