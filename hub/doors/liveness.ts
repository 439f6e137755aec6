/** Whether a plain peer still lives: a ping each interval, and some frame within the time-out (protocol 3.11). */
import type { Clock } from "#base/clock.ts";
import type { HubConfig } from "../base/config.ts";

export class Liveness {
  readonly #config: HubConfig;
  readonly #clock: Clock;
  readonly #ping: () => void;
  #lastPing: number;
  #lastHeard: number;
  #proofs: Array<(alive: boolean) => void> = [];
  /** Of the last ping; null before the first. */
  roundTripMs: number | null = null;
  /** Set when the peer was given up. */
  isSilent = false;

  constructor(config: HubConfig, clock: Clock, ping: () => void) {
    this.#config = config;
    this.#clock = clock;
    this.#ping = ping;
    this.#lastPing = clock.monotonic();
    this.#lastHeard = this.#lastPing;
  }

  /** The answer to a ping arrived. */
  answered(): void {
    this.roundTripMs = this.#clock.monotonic() - this.#lastPing;
    this.heard();
  }

  /** A frame of any kind arrived. */
  heard(): void {
    this.#lastHeard = this.#clock.monotonic();
    const proofs = this.#proofs;
    this.#proofs = [];
    for (const resolve of proofs) resolve(true);
  }

  /** Called by the engine's one timer. @returns whether the peer is to be given up */
  tick(now: number): boolean {
    const unanswered = this.#lastHeard < this.#lastPing;
    if (unanswered && now - this.#lastPing >= this.#config.heartbeatTimeout) {
      this.isSilent = true;
      return true;
    }
    const waiting = unanswered && this.#config.heartbeatTimeout > this.#config.heartbeatInterval;
    if (!waiting && now - this.#lastPing >= this.#config.heartbeatInterval) this.#pingAt(now);
    return false;
  }

  /** Pings now; resolves to whether any frame arrives within `ms` (protocol 2.8). */
  prove(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(ms, () => resolve(false));
      this.#proofs.push((alive) => {
        timer.cancel();
        resolve(alive);
      });
      this.#ping();
    });
  }

  #pingAt(now: number): void {
    this.#lastPing = now;
    this.#ping();
  }
}
