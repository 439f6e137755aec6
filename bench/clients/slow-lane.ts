/** One direction of a slow link: all that goes by it takes turns, a segment at a time, and arrives in order after the delay. */
import type { Socket } from "node:net";

export interface LaneOptions {
  readonly bitsPerSecond: number;
  /** From one end to the other; ms. */
  readonly delayMs: number;
}

const SEGMENT_BYTES = 1_460;
/** What a connection may have waiting before nothing more is read of it: about what kernels keep for one. */
const QUEUE_BYTES = 65_536;

/** What waits to go from one socket to another. */
interface Flow {
  readonly from: Socket;
  readonly to: Socket;
  /** Empty at its end. */
  readonly chunks: Buffer[];
  bytes: number;
}

interface Segment {
  readonly to: Socket;
  readonly data: Buffer;
  /** Of `performance.now()`. */
  readonly arrives: number;
}

export class SlowLane {
  readonly #options: LaneOptions;
  /** Those that have something to send, the next one first. */
  readonly #waiting: Flow[] = [];
  readonly #underWay: Segment[] = [];
  #freeAt = 0;
  #timer: NodeJS.Timeout | null = null;
  /** All that went by so far. */
  bytes = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Carries what comes of one socket to another, and its end. */
  carry(from: Socket, to: Socket): void {
    const flow: Flow = { from, to, chunks: [], bytes: 0 };
    from.on("data", (chunk) => this.#push(flow, chunk));
    from.on("end", () => this.#push(flow, Buffer.alloc(0)));
  }

  #push(flow: Flow, chunk: Buffer): void {
    if (this.#waiting.length === 0) this.#freeAt = Math.max(this.#freeAt, performance.now());
    if (flow.chunks.length === 0) this.#waiting.push(flow);
    flow.chunks.push(chunk);
    flow.bytes += chunk.length;
    if (flow.bytes > QUEUE_BYTES) flow.from.pause();
    this.#run();
  }

  /** Timers come late: what should have gone meanwhile goes now, so that the rate is kept. */
  #run(): void {
    const now = performance.now();
    while (this.#waiting.length > 0 && this.#freeAt <= now) this.#sendOne();
    while ((this.#underWay[0]?.arrives ?? Number.POSITIVE_INFINITY) <= now) deliver(this.#underWay.shift());
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const next = this.#waiting.length > 0 ? this.#freeAt : Number.POSITIVE_INFINITY;
    const due = Math.min(next, this.#underWay[0]?.arrives ?? Number.POSITIVE_INFINITY);
    if (due < Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#run(), Math.max(1, due - now));
  }

  #sendOne(): void {
    const flow = this.#waiting.shift();
    const chunk = flow?.chunks.shift();
    if (flow === undefined || chunk === undefined) return;
    const data = chunk.subarray(0, SEGMENT_BYTES);
    if (chunk.length > SEGMENT_BYTES) flow.chunks.unshift(chunk.subarray(SEGMENT_BYTES));
    if (flow.chunks.length > 0) this.#waiting.push(flow);
    flow.bytes -= data.length;
    if (flow.bytes <= QUEUE_BYTES) flow.from.resume();
    this.bytes += data.length;
    this.#freeAt += (data.length * 8_000) / this.#options.bitsPerSecond;
    this.#underWay.push({ to: flow.to, data, arrives: this.#freeAt + this.#options.delayMs });
  }
}

function deliver(segment: Segment | undefined): void {
  if (segment === undefined || segment.to.destroyed) return;
  if (segment.data.length === 0) segment.to.end();
  else segment.to.write(segment.data);
}
