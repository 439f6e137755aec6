/** Whether a plain peer still lives (protocol 2.8, 3.11): by pings where its door has them, else by its own traffic. */
import type { Clock } from "#base/clock.ts";
import type { HubConfig } from "../base/config.ts";

export interface Liveness {
  /** Of the last ping, ms; null before the first, and where there is none. */
  readonly roundTripMs: number | null;
  /** The peer was given up. */
  readonly isSilent: boolean;
  /** A frame of any kind arrived. */
  heard(): void;
  /** The answer to a ping arrived. */
  answered(): void;
  /** The peer says no more. */
  ended(): void;
  /** The device declared how often it beats, ms. */
  expectBeat(beatMs: number): void;
  /** Called by the engine's one timer. @returns whether the peer is to be given up */
  tick(now: number): boolean;
  /** Resolves to whether any frame arrives within `ms` (protocol 2.8). */
  prove(ms: number): Promise<boolean>;
}

/** @param ping sends one; null where there is none */
export function createLiveness(config: HubConfig, clock: Clock, ping: (() => void) | null): Liveness {
  return ping === null ? new TrafficLiveness(config, clock) : new PingLiveness(config, clock, ping);
}

/** Those who wait for a sign of life. */
class Proofs {
  readonly #clock: Clock;
  #waiting: Array<(alive: boolean) => void> = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wait(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(ms, () => resolve(false));
      this.#waiting.push((alive) => {
        timer.cancel();
        resolve(alive);
      });
    });
  }

  settle(alive: boolean): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(alive);
  }
}

/** A ping each interval, and some frame within the time-out. */
class PingLiveness implements Liveness {
  readonly #config: HubConfig;
  readonly #clock: Clock;
  readonly #ping: () => void;
  readonly #proofs: Proofs;
  #lastPing: number;
  #lastHeard: number;
  roundTripMs: number | null = null;
  isSilent = false;

  constructor(config: HubConfig, clock: Clock, ping: () => void) {
    this.#config = config;
    this.#clock = clock;
    this.#ping = ping;
    this.#proofs = new Proofs(clock);
    this.#lastPing = clock.monotonic();
    this.#lastHeard = this.#lastPing;
  }

  answered(): void {
    this.roundTripMs = this.#clock.monotonic() - this.#lastPing;
    this.heard();
  }

  heard(): void {
    this.#lastHeard = this.#clock.monotonic();
    this.#proofs.settle(true);
  }

  ended(): void {}

  expectBeat(): void {}

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

  prove(ms: number): Promise<boolean> {
    const proof = this.#proofs.wait(ms);
    this.#ping();
    return proof;
  }

  #pingAt(now: number): void {
    this.#lastPing = now;
    this.#ping();
  }
}

/** Beats that a device may miss before it is given up, as presence counts them (protocol 6.1). */
const MISSED_BEATS = 3;

/** A peer that cannot be pinged is judged by what it says, and only if it declared how often it does (protocol 3.11). */
class TrafficLiveness implements Liveness {
  readonly #config: HubConfig;
  readonly #clock: Clock;
  readonly #proofs: Proofs;
  #lastHeard: number;
  #beatMs: number | null = null;
  #isEnded = false;
  readonly roundTripMs = null;
  isSilent = false;

  constructor(config: HubConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.#proofs = new Proofs(clock);
    this.#lastHeard = clock.monotonic();
  }

  answered(): void {
    this.heard();
  }

  heard(): void {
    this.#lastHeard = this.#clock.monotonic();
    this.#proofs.settle(true);
  }

  ended(): void {
    this.#isEnded = true;
    this.#proofs.settle(false);
  }

  expectBeat(beatMs: number): void {
    this.#beatMs = beatMs;
  }

  tick(now: number): boolean {
    if (this.#beatMs === null) return false;
    const patience = Math.max(this.#beatMs * MISSED_BEATS, this.#config.heartbeatTimeout);
    this.isSilent = now - this.#lastHeard >= patience;
    return this.isSilent;
  }

  prove(ms: number): Promise<boolean> {
    return this.#isEnded ? Promise.resolve(false) : this.#proofs.wait(ms);
  }
}
