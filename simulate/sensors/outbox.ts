/**
 * The way of samples to the hub, without gaps: live while the link is up, else kept and sent in batches when it is back. What was
 * sent counts as taken when the hub has acknowledged it, or a later one; else it is sent again, and the hub drops what it has
 * already (protocol 4.3). Called by the sensor.
 */
import type { Clock } from "#base/clock.ts";
import type { FrameId } from "#protocol/frames.ts";
import type { SampleRing } from "./sample-ring.ts";
import type { Signal } from "./signals.ts";

const MAX_BATCH_SAMPLES = 500;
/** Below the hub's 65,536 (protocol 1.3). */
const MAX_BATCH_BYTES = 60_000;
/** Live reports ask for an acknowledgement at most so often: one for each would double the hub's work. */
const ASK_EVERY_MS = 500;
/** More live samples than this are not on their way at once; a hub that is slower gets batches. */
const MAX_LIVE_SAMPLES = 2_000;
/** A hub that acknowledges nothing for so long is gone, though its connection seems open. */
const ANSWER_MS = 10_000;

export interface OutboxParts {
  readonly clock: Clock;
  readonly ring: SampleRing;
  readonly signal: Signal;
  /** Sends one text frame. */
  readonly send: (text: string) => void;
  /** Ends a connection that is dead. */
  readonly giveUp: () => void;
}

/** What is acknowledged by one answer. */
interface Ask {
  readonly id: number;
  /** Monotonic, ms. */
  readonly at: number;
}

export class Outbox {
  readonly #parts: OutboxParts;
  #isConnected = false;
  #lastId = 0;
  /** Live samples on their way, oldest first. */
  #live: number[] = [];
  /** Acknowledges the first `samples` of the live ones. */
  #liveAsk: (Ask & { readonly samples: number }) | null = null;
  #nextAskAt = Number.NEGATIVE_INFINITY;
  #batch: (Ask & { readonly times: readonly number[] }) | null = null;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** @param isStalled they are no live ones any more */
  add(times: readonly number[], isStalled: boolean): void {
    if (!isStalled) this.#watch();
    for (const time of times) {
      if (this.#isConnected && !isStalled && this.#live.length < MAX_LIVE_SAMPLES) this.#sendLive(time);
      else this.#parts.ring.push(time);
    }
    this.#sendBatch();
  }

  /** The hub has welcomed the device. */
  connected(): void {
    this.#isConnected = true;
    this.#sendBatch();
  }

  disconnected(): void {
    this.#isConnected = false;
    this.#parts.ring.putBack([...(this.#batch?.times ?? []), ...this.#live]);
    this.#batch = null;
    this.#live = [];
    this.#liveAsk = null;
    this.#nextAskAt = Number.NEGATIVE_INFINITY;
  }

  /** The hub took what has this id, or refused it for good: neither is sent again. */
  acknowledged(id: FrameId): void {
    if (id === this.#liveAsk?.id) {
      this.#live = this.#live.slice(this.#liveAsk.samples);
      this.#liveAsk = null;
    } else if (id === this.#batch?.id) {
      this.#batch = null;
      this.#sendBatch();
    }
  }

  #sendLive(time: number): void {
    const { clock, signal, send } = this.#parts;
    const at = clock.monotonic();
    this.#live.push(time);
    const report = { event: "report", data: signal(time), time };
    if (this.#liveAsk !== null || at < this.#nextAskAt) {
      send(JSON.stringify(report));
      return;
    }
    this.#liveAsk = { id: ++this.#lastId, at, samples: this.#live.length };
    this.#nextAskAt = at + ASK_EVERY_MS;
    send(JSON.stringify({ ...report, id: this.#lastId }));
  }

  #sendBatch(): void {
    const { clock, ring, send } = this.#parts;
    if (!this.#isConnected || this.#batch !== null || ring.length === 0) return;
    const samples = this.#formatOldest();
    const times = ring.take(samples.length);
    this.#batch = { id: ++this.#lastId, at: clock.monotonic(), times };
    send(`{"event":"reports","id":${this.#lastId},"data":[${samples.join(",")}]}`);
  }

  #formatOldest(): readonly string[] {
    const { ring, signal } = this.#parts;
    const samples: string[] = [];
    for (let bytes = 0; samples.length < MAX_BATCH_SAMPLES; ) {
      const time = ring.at(samples.length);
      if (time === undefined) break;
      const sample = JSON.stringify([time, signal(time)]);
      // Signals are ASCII: a character is a byte.
      bytes += sample.length + 1;
      if (bytes > MAX_BATCH_BYTES && samples.length > 0) break;
      samples.push(sample);
    }
    return samples;
  }

  #watch(): void {
    const { clock, giveUp } = this.#parts;
    const oldest = Math.min(this.#liveAsk?.at ?? Number.POSITIVE_INFINITY, this.#batch?.at ?? Number.POSITIVE_INFINITY);
    if (clock.monotonic() - oldest > ANSWER_MS) giveUp();
  }
}
